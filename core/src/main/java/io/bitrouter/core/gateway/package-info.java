/** The path of one inference request from decoded head to settled ticket. */
@NullMarked
package io.bitrouter.core.gateway;

import org.jspecify.annotations.NullMarked;

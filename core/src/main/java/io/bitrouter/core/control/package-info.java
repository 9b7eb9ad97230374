/** Changes to control data: namespaces and keys. */
@NullMarked
package io.bitrouter.core.control;

import org.jspecify.annotations.NullMarked;

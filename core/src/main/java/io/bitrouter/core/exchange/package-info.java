/** What passes between a client and a model, independent of any protocol. */
@NullMarked
package io.bitrouter.core.exchange;

import org.jspecify.annotations.NullMarked;

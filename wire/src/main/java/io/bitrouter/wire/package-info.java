/** The node's errors outside of the inference protocols. */
@NullMarked
package io.bitrouter.wire;

import org.jspecify.annotations.NullMarked;

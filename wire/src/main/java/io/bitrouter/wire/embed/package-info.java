/** Embeddings where client and upstream speak different protocols. */
@NullMarked
package io.bitrouter.wire.embed;

import org.jspecify.annotations.NullMarked;

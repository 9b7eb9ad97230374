/** Durable state of the node: the store, the journal and what joins them. */
@NullMarked
package io.bitrouter.store;

import org.jspecify.annotations.NullMarked;

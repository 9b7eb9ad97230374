/** Ports to durable state: control data, usage questions, the journal. */
@NullMarked
package io.bitrouter.core.store;

import org.jspecify.annotations.NullMarked;

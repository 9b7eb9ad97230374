/** Policies' specs as JSON. */
@NullMarked
package io.bitrouter.wire.policy;

import org.jspecify.annotations.NullMarked;

/** The present rules of each namespace, as requests read them. */
@NullMarked
package io.bitrouter.core.snapshot;

import org.jspecify.annotations.NullMarked;

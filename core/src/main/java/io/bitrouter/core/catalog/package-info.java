/** Providers, models and prices a node can route to. */
@NullMarked
package io.bitrouter.core.catalog;

import org.jspecify.annotations.NullMarked;

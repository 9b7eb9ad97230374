/** The namespace: the unit of isolation, its identity and its name. */
@NullMarked
package io.bitrouter.core.namespace;

import org.jspecify.annotations.NullMarked;

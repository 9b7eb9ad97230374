/** Starts the node: home, secrets, wiring in order, closing in reverse. */
@NullMarked
package io.bitrouter.node.boot;

import org.jspecify.annotations.NullMarked;

/**
 * The built-in provider: a real HTTP upstream on the loopback network, so that the node treats it
 * like every other one.
 */
@NullMarked
package io.bitrouter.node.simulator;

import org.jspecify.annotations.NullMarked;

/** The built-in provider: a real HTTP upstream on loopback, to the node like every other one. */
@NullMarked
package io.bitrouter.node.simulator;

import org.jspecify.annotations.NullMarked;

/** Which providers and models a node can route to. */
@NullMarked
package io.bitrouter.node.provider;

import org.jspecify.annotations.NullMarked;

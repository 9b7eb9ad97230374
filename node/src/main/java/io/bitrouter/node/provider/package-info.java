/**
 * Which providers and models a node can route to, from configuration, environment and catalogue.
 */
@NullMarked
package io.bitrouter.node.provider;

import org.jspecify.annotations.NullMarked;

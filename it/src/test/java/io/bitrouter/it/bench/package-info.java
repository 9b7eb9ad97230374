/**
 * What the node costs, measured: {@code ./dev bench}.
 *
 * <p>Load comes at fixed times whether or not answers do (open loop), and a latency counts from the
 * time at which its request was due. Load generator and upstream are small programs of our own on
 * non-blocking sockets, cheap enough to share two cores with the node.
 */
package io.bitrouter.it.bench;

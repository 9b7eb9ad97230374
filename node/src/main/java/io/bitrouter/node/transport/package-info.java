/**
 * The HTTP/1.1 client for upstreams: pools per event loop, deadlines, streams passed on without
 * leaving the loop. Outside this package and {@code node.edge} nothing sees Netty.
 */
@NullMarked
package io.bitrouter.node.transport;

import org.jspecify.annotations.NullMarked;

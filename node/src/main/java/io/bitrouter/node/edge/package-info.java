/**
 * The HTTP/1.1 server: connections, framing, limits, TLS. Each request is handed to a virtual
 * thread as a {@link io.bitrouter.core.gateway.ClientExchange}; nothing outside this package and
 * {@code node.transport} sees Netty.
 */
@NullMarked
package io.bitrouter.node.edge;

import org.jspecify.annotations.NullMarked;

package io.bitrouter.node.edge;

import io.bitrouter.core.gateway.ClientExchange;

/** Serves requests. */
@FunctionalInterface
public interface EdgeHandler {

  /**
   * Serves one request on a virtual thread of its own and answers it before it returns. If it
   * throws, or returns without an answer, the client gets a 500, or sees its stream break off.
   */
  void handle(ClientExchange exchange);
}

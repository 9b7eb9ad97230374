package io.bitrouter.node.http;

import io.bitrouter.core.gateway.ClientExchange;
import io.bitrouter.core.gateway.Dialect;
import io.bitrouter.core.kernel.Outcome;

/** What serves a route. */
public sealed interface Handler {

  /** Answers with a JSON body; the caller has been authenticated and has the scope. */
  non-sealed interface Json extends Handler {
    /**
     * The body to be written as JSON, or why not; an {@link Answer} when it has header fields,
     * bytes when it is written already.
     */
    Outcome<Object> handle(ControlRequest request);
  }

  /** Answers anybody, without looking at credentials. */
  non-sealed interface Open extends Handler {
    /** Replies by itself. */
    void handle(ClientExchange exchange);
  }

  /** Hands the request to the inference pipeline, which authenticates by itself. */
  record Inference(Dialect dialect) implements Handler {}
}

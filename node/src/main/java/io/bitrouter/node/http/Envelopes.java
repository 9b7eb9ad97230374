package io.bitrouter.node.http;

import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.gateway.ClientExchange;
import io.bitrouter.core.gateway.Dialect;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.wire.DialectRegistry;
import io.bitrouter.wire.FlatErrors;

/** Writes refusals in the shape that the client of a route understands. Thread-safe. */
public final class Envelopes {

  private final DialectRegistry dialects;

  /** With the dialects whose envelopes are used. */
  public Envelopes(DialectRegistry dialects) {
    this.dialects = dialects;
  }

  /** A refusal as an answer to {@code exchange}. */
  public Dialect.RenderedRefusal render(
      Route.Envelope envelope, Refusal refusal, ClientExchange exchange) {
    return switch (envelope) {
      case FLAT -> FlatErrors.render(refusal, exchange.requestId());
      case CHAT -> render(Protocol.CHAT, refusal, exchange);
      case MESSAGES -> render(Protocol.MESSAGES, refusal, exchange);
      case RESPONSES -> render(Protocol.RESPONSES, refusal, exchange);
      case GEMINI -> render(Protocol.GEMINI, refusal, exchange);
      case BY_CLIENT ->
          render(
              exchange.headers().first("anthropic-version").isPresent()
                  ? Protocol.MESSAGES
                  : Protocol.CHAT,
              refusal,
              exchange);
    };
  }

  private Dialect.RenderedRefusal render(
      Protocol protocol, Refusal refusal, ClientExchange exchange) {
    return dialects.of(protocol).render(refusal, exchange.requestId());
  }
}

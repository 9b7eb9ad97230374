package io.bitrouter.node.http;

import io.bitrouter.core.gateway.ClientExchange;
import io.bitrouter.core.gateway.Dialect;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.wire.FlatErrors;

/** Writes refusals in the shape that the client of a route understands. Thread-safe. */
public final class Envelopes {

  private final Dialect chat;
  private final Dialect messages;

  /** With the dialects whose envelopes are used. */
  public Envelopes(Dialect chat, Dialect messages) {
    this.chat = chat;
    this.messages = messages;
  }

  /** A refusal as an answer to {@code exchange}. */
  public Dialect.RenderedRefusal render(
      Route.Envelope envelope, Refusal refusal, ClientExchange exchange) {
    return switch (envelope) {
      case FLAT -> FlatErrors.render(refusal, exchange.requestId());
      case CHAT -> chat.render(refusal, exchange.requestId());
      case MESSAGES -> messages.render(refusal, exchange.requestId());
      case BY_CLIENT ->
          (exchange.headers().first("anthropic-version").isPresent() ? messages : chat)
              .render(refusal, exchange.requestId());
    };
  }
}

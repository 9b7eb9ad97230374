package io.bitrouter.wire.chat;

import io.bitrouter.core.catalog.Target;
import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.core.exchange.UsageOrigin;
import io.bitrouter.core.gateway.ClientExchange;
import io.bitrouter.core.gateway.DecodedRequest;
import io.bitrouter.core.gateway.Dialect;
import io.bitrouter.core.gateway.OnBehalf;
import io.bitrouter.core.gateway.Passage;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.wire.WholePassage;
import io.bitrouter.wire.json.RequestScan;
import io.bitrouter.wire.json.RequestScanner;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * OpenAI's {@code /v1/embeddings}, with vectors as numbers or base64 as the client asks: passes to
 * upstreams of OpenAI's kind, and to no other. Thread-safe.
 */
public final class EmbeddingsDialect implements Dialect {

  private static final Set<String> MEMBERS = Set.of("model", "models", "user");

  private final Dialect chat;

  /** With the dialect whose errors it writes. */
  public EmbeddingsDialect(ChatDialect chat) {
    this.chat = chat;
  }

  @Override
  public Protocol protocol() {
    return Protocol.CHAT;
  }

  @Override
  public Outcome<DecodedRequest> decode(byte[] body, ClientExchange client) {
    return RequestScanner.scan(body, MEMBERS)
        .map(scan ->
            new Embeddings(
                body, scan, scan.asked(body.length, OptionalLong.empty()).withoutOutput()));
  }

  @Override
  public RenderedRefusal render(Refusal refusal, RequestId requestId) {
    return chat.render(refusal, requestId);
  }

  @Override
  public byte[] renderInStream(Refusal refusal, RequestId requestId) {
    return chat.renderInStream(refusal, requestId);
  }

  @Override
  public byte[] keepAlive() {
    return chat.keepAlive();
  }

  private record Embeddings(byte[] body, RequestScan scan, AskedRequest asked)
      implements DecodedRequest {

    @Override
    public Optional<String> toolsSha256() {
      return Optional.empty();
    }

    @Override
    public Outcome<Passage> toward(Target target, OptionalLong outputCap, OnBehalf onBehalf) {
      if (target.protocol() != Protocol.CHAT) {
        return Outcome.refused(
            Refusal.of(
                    RefusalCode.INVALID_REQUEST,
                    "provider '" + target.provider().id() + "' has no embeddings of this protocol")
                .withParam("model")
                .withHint("name a model of a provider with protocol: chat"));
      }
      byte[] sent =
          scan.splices(target.model().upstreamModel(), onBehalf.pseudonym()).applyTo(body);
      return Outcome.done(
          new WholePassage(
              "/embeddings", client -> List.of(), sent, Embeddings::usage, Optional.empty()));
    }

    private static Optional<MeasuredUsage> usage(JsonNode answer) {
      JsonNode tokens = answer.path("usage").path("prompt_tokens");
      return tokens.isIntegralNumber()
          ? Optional.of(
              new MeasuredUsage(
                  new TokenUsage(tokens.asLong(), 0, 0, 0, 0, 0), UsageOrigin.REPORTED))
          : Optional.empty();
    }
  }
}

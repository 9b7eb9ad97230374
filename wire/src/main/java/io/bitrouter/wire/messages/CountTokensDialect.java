package io.bitrouter.wire.messages;

import io.bitrouter.core.catalog.Target;
import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.gateway.ClientExchange;
import io.bitrouter.core.gateway.DecodedRequest;
import io.bitrouter.core.gateway.Dialect;
import io.bitrouter.core.gateway.OnBehalf;
import io.bitrouter.core.gateway.Passage;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.wire.WholePassage;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.json.RequestScan;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Anthropic's {@code /v1/messages/count_tokens}: an upstream of the protocol counts, free of
 * charge; for any other the gateway estimates a quarter of the body's bytes. Thread-safe.
 */
public final class CountTokensDialect implements Dialect {

  private static final int BYTES_PER_TOKEN = 4;

  private final MessagesDialect messages;

  /** Counts what {@code messages} reads. */
  public CountTokensDialect(MessagesDialect messages) {
    this.messages = messages;
  }

  @Override
  public Protocol protocol() {
    return Protocol.MESSAGES;
  }

  @Override
  public Outcome<DecodedRequest> decode(byte[] body, ClientExchange client) {
    return messages.scan(body).map(scan -> new Count(body, scan, asked(body, scan)));
  }

  private static AskedRequest asked(byte[] body, RequestScan scan) {
    return scan.asked(body.length, OptionalLong.empty()).withoutOutput();
  }

  @Override
  public RenderedRefusal render(Refusal refusal, RequestId requestId) {
    return messages.render(refusal, requestId);
  }

  @Override
  public byte[] renderInStream(Refusal refusal, RequestId requestId) {
    return messages.renderInStream(refusal, requestId);
  }

  @Override
  public byte[] keepAlive() {
    return messages.keepAlive();
  }

  private record Count(byte[] body, RequestScan scan, AskedRequest asked)
      implements DecodedRequest {

    @Override
    public Optional<String> toolsSha256() {
      return scan.tools().map(at -> at.sha256(body));
    }

    @Override
    public Outcome<Passage> toward(Target target, OptionalLong outputCap, OnBehalf onBehalf) {
      boolean counted = target.protocol() == Protocol.MESSAGES;
      byte[] sent =
          scan.splices(target.model().upstreamModel(), onBehalf.pseudonym()).applyTo(body);
      return Outcome.done(
          new WholePassage(
              MessagesDialect.PATH + "/count_tokens",
              MessagesPassage::fields,
              sent,
              answer -> Optional.of(MeasuredUsage.NONE),
              counted ? Optional.empty() : Optional.of(estimate())));
    }

    private byte[] estimate() {
      return Json.bytes(json -> {
        json.writeStartObject();
        json.writeNumberProperty("input_tokens", Math.ceilDiv(body.length, BYTES_PER_TOKEN));
        json.writeEndObject();
      });
    }
  }
}

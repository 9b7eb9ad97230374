package io.bitrouter.wire.messages;

import io.bitrouter.core.catalog.Target;
import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.gateway.ClientExchange;
import io.bitrouter.core.gateway.DecodedRequest;
import io.bitrouter.core.gateway.OnBehalf;
import io.bitrouter.core.gateway.Passage;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.wire.WholeDialect;
import io.bitrouter.wire.WholePassage;
import io.bitrouter.wire.json.RequestScan;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Anthropic's {@code /v1/messages/count_tokens}: an upstream of the protocol counts, free of
 * charge; for any other the gateway estimates a quarter of the body's bytes. Thread-safe.
 */
public final class CountTokensDialect extends WholeDialect {

  private final MessagesDialect messages;

  /** Counts what {@code messages} reads. */
  public CountTokensDialect(MessagesDialect messages) {
    super(messages);
    this.messages = messages;
  }

  @Override
  public Outcome<DecodedRequest> decode(byte[] body, ClientExchange client) {
    return messages.scan(body).map(scan -> new Count(body, scan, asked(body, scan)));
  }

  private static AskedRequest asked(byte[] body, RequestScan scan) {
    return scan.asked(body.length, OptionalLong.empty()).withoutOutput();
  }

  private record Count(byte[] body, RequestScan scan, AskedRequest asked)
      implements DecodedRequest {

    @Override
    public boolean free() {
      return true;
    }

    @Override
    public Optional<String> toolsSha256() {
      return scan.tools().map(at -> at.sha256(body));
    }

    @Override
    public Outcome<Passage> toward(Target target, OptionalLong outputCap, OnBehalf onBehalf) {
      return Outcome.done(
          WholePassage.count(
              MessagesDialect.PATH + "/count_tokens",
              MessagesPassage::fields,
              scan.splices(target.model().upstreamModel(), onBehalf.pseudonym()).applyTo(body),
              target.protocol() == Protocol.MESSAGES,
              "input_tokens",
              body.length));
    }
  }
}

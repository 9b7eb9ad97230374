package io.bitrouter.wire.gemini;

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
import io.bitrouter.wire.json.GeminiScan;
import io.bitrouter.wire.json.GeminiScanner;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Gemini's {@code countTokens}, of contents or of a whole {@code generateContentRequest}: an
 * upstream of the protocol counts, free of charge; for any other the gateway estimates a quarter of
 * the body's bytes. Thread-safe.
 */
public final class GeminiCountDialect extends WholeDialect {

  private static final Set<String> VERBS = Set.of(GeminiPaths.COUNT);

  /** Beside {@code gemini}. */
  public GeminiCountDialect(GeminiDialect gemini) {
    super(gemini);
  }

  @Override
  public Outcome<DecodedRequest> decode(byte[] body, ClientExchange client) {
    return GeminiPaths.read(client.path(), VERBS)
        .then(call ->
            GeminiScanner.scan(body, "contents")
                .map(scan ->
                    new Count(
                        body, scan, scan.asked(call.model(), false, body.length).withoutOutput())));
  }

  private record Count(byte[] body, GeminiScan scan, AskedRequest asked) implements DecodedRequest {

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
      String model = target.model().upstreamModel();
      return Outcome.done(
          WholePassage.count(
              GeminiPaths.call(model, GeminiPaths.COUNT),
              client -> List.of(),
              scan.sent(body, GeminiPaths.resource(model)),
              target.protocol() == Protocol.GEMINI,
              "totalTokens",
              body.length));
    }
  }
}

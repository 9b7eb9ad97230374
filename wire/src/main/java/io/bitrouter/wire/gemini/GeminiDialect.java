package io.bitrouter.wire.gemini;

import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.gateway.ClientExchange;
import io.bitrouter.core.gateway.DecodedRequest;
import io.bitrouter.core.gateway.Dialect;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.wire.error.RefusalShape;
import io.bitrouter.wire.json.GeminiScanner;
import io.bitrouter.wire.sse.SseEvent;
import io.bitrouter.wire.translate.Translator;
import java.util.Set;

/**
 * Google Gemini generateContent and streamGenerateContent. Model and verb are in the path; a stream
 * is events if the query says {@code alt=sse}, and otherwise one JSON array. Thread-safe.
 */
public final class GeminiDialect implements Dialect {

  private static final Set<String> VERBS = Set.of(GeminiPaths.WHOLE, GeminiPaths.STREAM);

  private final Translator translator;

  /**
   * The dialect.
   *
   * @param translator takes requests to upstreams of other protocols
   */
  public GeminiDialect(Translator translator) {
    this.translator = translator;
  }

  @Override
  public Protocol protocol() {
    return Protocol.GEMINI;
  }

  @Override
  public Outcome<DecodedRequest> decode(byte[] body, ClientExchange client) {
    String alt = client.query("alt").orElse("json");
    if (!alt.equals("sse") && !alt.equals("json")) {
      return Outcome.refused(
          Refusal.of(RefusalCode.INVALID_REQUEST, "'alt' must be sse or json").withParam("alt"));
    }
    return GeminiPaths.read(client.path(), VERBS)
        .then(call ->
            GeminiScanner.scan(body)
                .map(scan ->
                    new GeminiRequest(
                        body,
                        scan,
                        scan.asked(call.model(), call.stream(), body.length),
                        call.stream() && alt.equals("json"),
                        translator)));
  }

  @Override
  public RenderedRefusal render(Refusal refusal, RequestId requestId) {
    return new RenderedRefusal(RefusalShape.head(refusal), GeminiErrors.body(refusal, requestId));
  }

  @Override
  public byte[] renderInStream(Refusal refusal, RequestId requestId) {
    return SseEvent.write("", GeminiErrors.body(refusal, requestId));
  }

  /** Nothing: Google's libraries stumble over comments, and a JSON array has none. */
  @Override
  public byte[] comment(String text) {
    return new byte[0];
  }

  /** A blank line, which is white space in JSON too. */
  @Override
  public byte[] keepAlive() {
    return new byte[] {'\n'};
  }
}

package io.bitrouter.wire.responses;

import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.gateway.ClientExchange;
import io.bitrouter.core.gateway.DecodedRequest;
import io.bitrouter.core.gateway.Dialect;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.wire.error.RefusalShape;
import io.bitrouter.wire.json.ResponsesScanner;
import io.bitrouter.wire.translate.Translator;
import java.nio.charset.StandardCharsets;

/**
 * OpenAI Responses. To upstreams that speak it the client's own bytes pass, with the upstream's
 * model name, other names for users and caches, and the word that nothing is to be stored there;
 * for others they are translated. Thread-safe.
 */
public final class ResponsesDialect implements Dialect {

  private final Translator translator;

  /** The dialect; {@code translator} takes its requests to upstreams of other protocols. */
  public ResponsesDialect(Translator translator) {
    this.translator = translator;
  }

  @Override
  public Protocol protocol() {
    return Protocol.RESPONSES;
  }

  @Override
  public Outcome<DecodedRequest> decode(byte[] body, ClientExchange client) {
    return ResponsesScanner.scan(body).map(scan -> new ResponsesRequest(body, scan, translator));
  }

  @Override
  public RenderedRefusal render(Refusal refusal, RequestId requestId) {
    return new RenderedRefusal(
        RefusalShape.head(refusal), ResponsesErrors.body(refusal, requestId));
  }

  @Override
  public byte[] renderInStream(Refusal refusal, RequestId requestId) {
    return ResponsesErrors.event(
        RefusalShape.code(refusal), RefusalShape.message(refusal), refusal.param(), 0);
  }

  /** They wait for an event that says how it ended. */
  @Override
  public boolean failuresAreHeard() {
    return true;
  }

  @Override
  public byte[] keepAlive() {
    return ": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII);
  }
}

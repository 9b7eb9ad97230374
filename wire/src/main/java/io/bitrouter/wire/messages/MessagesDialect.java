package io.bitrouter.wire.messages;

import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.gateway.ClientExchange;
import io.bitrouter.core.gateway.DecodedRequest;
import io.bitrouter.core.gateway.Dialect;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.wire.error.RefusalShape;
import io.bitrouter.wire.json.RequestScan;
import io.bitrouter.wire.json.RequestScanner;
import io.bitrouter.wire.sse.SseEvent;
import io.bitrouter.wire.translate.Translator;
import java.util.Set;

/**
 * Anthropic Messages: to upstreams of the same protocol the client's bytes pass with the upstream's
 * model name, to others they are translated. Thread-safe.
 */
public final class MessagesDialect implements Dialect {

  /** Path of a call below a provider's base. */
  static final String PATH = "/messages";

  static final String VERSION_HEADER = "anthropic-version";

  /** The version that is asked for unless the client asks for another. */
  static final String VERSION = "2023-06-01";

  private static final Set<String> MEMBERS =
      Set.of(
          "model",
          "models",
          "stream",
          "max_tokens",
          "messages",
          "system",
          "tools",
          "mcp_servers",
          "cache_control",
          "container",
          "metadata");

  private final Translator translator;

  /** The dialect, with what takes requests to upstreams that speak another. */
  public MessagesDialect(Translator translator) {
    this.translator = translator;
  }

  @Override
  public Protocol protocol() {
    return Protocol.MESSAGES;
  }

  @Override
  public Outcome<DecodedRequest> decode(byte[] body, ClientExchange client) {
    return scan(body).map(scan -> new MessagesRequest(translator, body, scan));
  }

  /** What the gateway reads of a body. */
  Outcome<RequestScan> scan(byte[] body) {
    return RequestScanner.scan(body, MEMBERS);
  }

  @Override
  public RenderedRefusal render(Refusal refusal, RequestId requestId) {
    return new RenderedRefusal(RefusalShape.head(refusal), MessagesErrors.body(refusal, requestId));
  }

  @Override
  public byte[] renderInStream(Refusal refusal, RequestId requestId) {
    return SseEvent.write("error", MessagesErrors.body(refusal, requestId));
  }

  @Override
  public byte[] keepAlive() {
    return MessagesAnswer.event("ping", json -> {});
  }
}

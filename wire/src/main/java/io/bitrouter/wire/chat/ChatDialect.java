package io.bitrouter.wire.chat;

import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.gateway.ClientExchange;
import io.bitrouter.core.gateway.DecodedRequest;
import io.bitrouter.core.gateway.Dialect;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.wire.error.RefusalShape;
import io.bitrouter.wire.json.RequestScanner;
import io.bitrouter.wire.sse.SseEvent;
import io.bitrouter.wire.translate.Translator;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * OpenAI Chat Completions. To upstreams that speak it the client's own bytes pass, with the
 * upstream's model name, other names for users and caches, and on a stream the request for usage;
 * for others they are translated. Thread-safe.
 */
public final class ChatDialect implements Dialect {

  private static final Set<String> MEMBERS =
      Set.of(
          "model",
          "models",
          "stream",
          "stream_options",
          "max_tokens",
          "max_completion_tokens",
          "n",
          "messages",
          "system",
          "tools",
          "functions",
          "web_search_options",
          "search_parameters",
          "plugins",
          "mcp_servers",
          "cache_control",
          "user",
          "safety_identifier",
          "prompt_cache_key",
          "store");

  private final Translator translator;

  /** The dialect; {@code translator} takes its requests to upstreams of other protocols. */
  public ChatDialect(Translator translator) {
    this.translator = translator;
  }

  @Override
  public Protocol protocol() {
    return Protocol.CHAT;
  }

  @Override
  public Outcome<DecodedRequest> decode(byte[] body, ClientExchange client) {
    return RequestScanner.scan(body, MEMBERS).map(scan -> ChatRequest.of(body, scan, translator));
  }

  @Override
  public RenderedRefusal render(Refusal refusal, RequestId requestId) {
    return new RenderedRefusal(RefusalShape.head(refusal), ChatErrors.body(refusal, requestId));
  }

  @Override
  public byte[] renderInStream(Refusal refusal, RequestId requestId) {
    return SseEvent.write("", ChatErrors.body(refusal, requestId));
  }

  @Override
  public byte[] keepAlive() {
    return ": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII);
  }
}

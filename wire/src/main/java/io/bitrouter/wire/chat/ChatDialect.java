package io.bitrouter.wire.chat;

import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.gateway.DecodedRequest;
import io.bitrouter.core.gateway.Dialect;
import io.bitrouter.core.gateway.HeaderField;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.wire.error.RefusalShape;
import io.bitrouter.wire.error.UpstreamRefusals;
import io.bitrouter.wire.json.RequestScanner;
import io.bitrouter.wire.sse.SseEvent;
import java.util.List;
import java.util.OptionalInt;

/**
 * OpenAI Chat Completions, passed through: the client's bytes with the upstream's model name, and
 * on a stream with the request for usage. Thread-safe.
 */
public final class ChatDialect implements Dialect {

  /** The dialect; has no state. */
  public ChatDialect() {}

  @Override
  public Protocol protocol() {
    return Protocol.CHAT;
  }

  @Override
  public String upstreamPath() {
    return "/chat/completions";
  }

  /**
   * {@code OpenAI-Beta} alone. Organisation and project name the account, an idempotency key would
   * be shared between namespaces on one account, and the rest describes the client.
   */
  @Override
  public List<String> forwardedHeaders() {
    return List.of("openai-beta");
  }

  @Override
  public List<HeaderField> defaultHeaders() {
    return List.of();
  }

  @Override
  public Outcome<DecodedRequest> decode(byte[] body) {
    return RequestScanner.scan(body, RequestScanner.MEMBERS)
        .map(scan -> ChatRequest.of(body, scan));
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
  public Refusal upstreamRefusal(int status, byte[] body, OptionalInt retryAfterSeconds) {
    return UpstreamRefusals.of(status, body, retryAfterSeconds);
  }
}

package io.bitrouter.wire.messages;

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
import java.util.Set;

/**
 * Anthropic Messages, passed through: the client's bytes with the upstream's model name.
 * Thread-safe.
 */
public final class MessagesDialect implements Dialect {

  private static final Set<String> MEMBERS =
      Set.of(
          "model",
          "stream",
          "max_tokens",
          "messages",
          "system",
          "tools",
          "mcp_servers",
          "cache_control");

  /** The dialect; has no state. */
  public MessagesDialect() {}

  @Override
  public Protocol protocol() {
    return Protocol.MESSAGES;
  }

  @Override
  public String upstreamPath() {
    return "/messages";
  }

  /** The version and the betas, which change what the body means; nothing about the client. */
  @Override
  public List<String> forwardedHeaders() {
    return List.of("anthropic-version", "anthropic-beta");
  }

  @Override
  public List<HeaderField> defaultHeaders() {
    return List.of(new HeaderField("anthropic-version", "2023-06-01"));
  }

  @Override
  public Outcome<DecodedRequest> decode(byte[] body) {
    return RequestScanner.scan(body, MEMBERS).map(scan -> MessagesRequest.of(body, scan));
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
  public Refusal upstreamRefusal(int status, byte[] body, OptionalInt retryAfterSeconds) {
    return UpstreamRefusals.of(status, body, retryAfterSeconds);
  }
}

package io.bitrouter.wire.messages;

import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.gateway.DecodedRequest;
import io.bitrouter.core.gateway.Dialect;
import io.bitrouter.core.gateway.HeaderField;
import io.bitrouter.core.gateway.ReplyHead;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.wire.error.RefusalHeaders;
import io.bitrouter.wire.error.UpstreamRefusals;
import io.bitrouter.wire.json.RequestMember;
import io.bitrouter.wire.json.RequestScanner;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;

/**
 * Anthropic Messages, passed through: the client's bytes with the upstream's model name.
 * Thread-safe.
 */
public final class MessagesDialect implements Dialect {

  private final RequestScanner scanner =
      new RequestScanner(
          EnumSet.of(
              RequestMember.MODEL,
              RequestMember.STREAM,
              RequestMember.MAX_TOKENS,
              RequestMember.TOOLS));

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
    return scanner.scan(body).map(scan -> new MessagesRequest(body, scan));
  }

  @Override
  public RenderedRefusal render(Refusal refusal, RequestId requestId) {
    ReplyHead head =
        new ReplyHead(refusal.status(), "application/json", RefusalHeaders.of(refusal));
    return new RenderedRefusal(head, MessagesErrors.body(refusal, requestId));
  }

  @Override
  public byte[] renderInStream(Refusal refusal, RequestId requestId) {
    return MessagesErrors.event(refusal, requestId);
  }

  @Override
  public Refusal upstreamRefusal(int status, byte[] body, OptionalInt retryAfterSeconds) {
    return UpstreamRefusals.of(status, body, retryAfterSeconds);
  }
}

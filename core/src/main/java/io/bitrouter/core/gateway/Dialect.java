package io.bitrouter.core.gateway;

import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RequestId;
import java.util.List;
import java.util.OptionalInt;

/** One inference protocol: how its requests, answers and errors are written. Thread-safe. */
public interface Dialect {

  /** Which one. */
  Protocol protocol();

  /** Path of the call below a provider's base: {@code /chat/completions}. */
  String upstreamPath();

  /** Request headers of the client that are forwarded, lower case. */
  List<String> forwardedHeaders();

  /** Request headers sent when the client sent none of that name. */
  List<HeaderField> defaultHeaders();

  /** Decodes a body; refused with the position when it is not what the protocol says. */
  Outcome<DecodedRequest> decode(byte[] body);

  /** A whole answer that refuses: status, headers and body in the protocol's own envelope. */
  RenderedRefusal render(Refusal refusal, RequestId requestId);

  /** The event that tells a client in the middle of a stream that it failed. */
  byte[] renderInStream(Refusal refusal, RequestId requestId);

  /**
   * What an upstream's refusal means to the client. Keeps the sense of 400, 404, 413, 422, 429 and
   * 529 with the upstream's message, cut to 1,024 characters; 401 and 403 are about the node's own
   * credential and become {@code upstream_credential} without a message of theirs.
   *
   * @param retryAfterSeconds the upstream's Retry-After
   */
  Refusal upstreamRefusal(int status, byte[] body, OptionalInt retryAfterSeconds);

  /**
   * A refusal as an HTTP answer.
   *
   * @param head status, type and headers such as Retry-After
   * @param body the envelope
   */
  record RenderedRefusal(ReplyHead head, byte[] body) {}
}

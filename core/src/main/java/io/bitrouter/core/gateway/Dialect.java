package io.bitrouter.core.gateway;

import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RequestId;
import java.nio.charset.StandardCharsets;

/** One inference protocol as clients speak it. Thread-safe. */
public interface Dialect {

  /** Which one. */
  Protocol protocol();

  /**
   * Decodes a body; refused with the position when it is not what the protocol says.
   *
   * @param client whose request it is, for what the protocol says in path, query and headers
   */
  Outcome<DecodedRequest> decode(byte[] body, ClientExchange client);

  /** A whole answer that refuses: status, headers and body in the protocol's own envelope. */
  RenderedRefusal render(Refusal refusal, RequestId requestId);

  /** The event that tells a client in the middle of a stream that it failed. */
  byte[] renderInStream(Refusal refusal, RequestId requestId);

  /**
   * Whether all clients of the protocol know by its last event that a stream has failed. Where some
   * pass over that event the connection breaks off after it.
   */
  default boolean failuresAreHeard() {
    return false;
  }

  /**
   * A comment for a person who reads a stream; empty where clients do not pass over comments.
   *
   * @param text plain ASCII of one line
   */
  default byte[] comment(String text) {
    return (": " + text + "\n\n").getBytes(StandardCharsets.US_ASCII);
  }

  /** An event that says nothing, for clients that give up on silence. */
  byte[] keepAlive();

  /**
   * A refusal as an HTTP answer.
   *
   * @param head status, type and headers such as Retry-After
   * @param body the envelope
   */
  record RenderedRefusal(ReplyHead head, byte[] body) {}
}

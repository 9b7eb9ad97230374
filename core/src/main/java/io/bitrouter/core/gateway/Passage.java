package io.bitrouter.core.gateway;

import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.kernel.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * One request on its way to one upstream and back: what is sent, and how what comes is read and
 * written for the client. Where both speak the same protocol, the client's and the upstream's own
 * bytes pass; otherwise both ways are translated.
 */
public interface Passage {

  /** Path below the provider's base, with a query where the protocol needs one. */
  String path();

  /** Headers of the protocol, those of the client that are forwarded among them. */
  List<HeaderField> headers(HeaderFields client);

  /** The body. */
  byte[] body();

  /** The answer, when the gateway knows it by itself and nothing is sent. */
  default Optional<byte[]> known() {
    return Optional.empty();
  }

  /**
   * Whether the upstream is asked for a stream; the client may want a whole answer nevertheless.
   */
  boolean streamed();

  /** Content type of a stream to the client. */
  String streamType();

  /**
   * A tap for a streamed answer to a client that wants a stream.
   *
   * @param costNanos prices a usage, for clients that asked for its cost
   */
  StreamTap tap(ToLongFunction<MeasuredUsage> costNanos);

  /** What a whole answer said, and how the client gets it. */
  WholeAnswer whole(byte[] upstreamBody);

  /**
   * What an upstream's refusal means to the client. Keeps the sense of 400, 404, 413, 422, 429 and
   * 529 with the upstream's message, cut to 1,024 characters; 401 and 403 are about the node's own
   * credential and become {@code upstream_credential} without a message of theirs.
   *
   * @param retryAfterSeconds the upstream's Retry-After
   */
  Refusal upstreamRefusal(int status, byte[] body, OptionalInt retryAfterSeconds);

  /** What the target could not be told or had to be told otherwise, for the client's eyes. */
  List<String> warnings();

  /**
   * A whole answer.
   *
   * @param answered whether it is an answer: it is complete and reports no error
   * @param usage usage as reported, empty when there was none
   * @param finishReason the upstream's word for why it ended
   * @param outputBytes bytes of generated text, reasoning and tool arguments
   * @param keptObjects names of objects that the provider says it has made and keeps
   * @param body writes the client's answer, with the usage that it is charged for; not to be called
   *     unless it is an answer
   */
  record WholeAnswer(
      boolean answered,
      Optional<MeasuredUsage> usage,
      Optional<String> finishReason,
      long outputBytes,
      List<String> keptObjects,
      Function<MeasuredUsage, byte[]> body) {

    /** An answer for which the provider has made nothing that it keeps. */
    public WholeAnswer(
        boolean answered,
        Optional<MeasuredUsage> usage,
        Optional<String> finishReason,
        long outputBytes,
        Function<MeasuredUsage, byte[]> body) {
      this(answered, usage, finishReason, outputBytes, List.of(), body);
    }
  }
}

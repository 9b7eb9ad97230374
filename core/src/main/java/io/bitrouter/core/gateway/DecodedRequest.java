package io.bitrouter.core.gateway;

import io.bitrouter.core.exchange.MeasuredUsage;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;

/** A request body, decoded as far as the gateway needs; everything else stays as sent. */
public interface DecodedRequest {

  /** The model as asked. */
  String model();

  /** Whether a stream is asked for. */
  boolean streamed();

  /** Output tokens the client allows per choice, when it says so. */
  OptionalLong declaredOutput();

  /** Answers asked for, at least 1. */
  int choices();

  /** Hex SHA-256 of the tools member, when there is one. */
  Optional<String> toolsSha256();

  /** The body for the upstream: the client's bytes with model and usage option spliced in. */
  byte[] forUpstream(String upstreamModel);

  /**
   * A tap for the streamed answer.
   *
   * @param costNanos prices a usage, for {@code usage.cost} when the client asked for usage
   */
  StreamTap tap(ToLongFunction<MeasuredUsage> costNanos);

  /** What a whole answer said. */
  ReplyReport report(byte[] upstreamBody);

  /**
   * What a whole answer said.
   *
   * @param answered whether it is an answer: one JSON object that reports no error
   * @param usage usage as reported, empty when there was none
   * @param finishReason the upstream's word for why it ended
   * @param outputBytes bytes of generated text, reasoning and tool arguments
   */
  record ReplyReport(
      boolean answered,
      Optional<MeasuredUsage> usage,
      Optional<String> finishReason,
      long outputBytes) {}
}

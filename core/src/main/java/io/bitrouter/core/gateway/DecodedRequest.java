package io.bitrouter.core.gateway;

import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.MeasuredUsage;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;

/** A request body, decoded as far as the gateway needs; everything else stays as sent. */
public interface DecodedRequest {

  /** What it asks for, in the terms that rules judge. */
  AskedRequest asked();

  /** The model as asked. */
  default String model() {
    return asked().model();
  }

  /** Whether a stream is asked for. */
  default boolean streamed() {
    return asked().streamed();
  }

  /** Output tokens the client allows per choice, when it says so. */
  default OptionalLong declaredOutput() {
    return asked().declaredOutput();
  }

  /** Answers asked for, at least 1. */
  default int choices() {
    return asked().choices();
  }

  /** Hex SHA-256 of the tools member, when there is one. */
  Optional<String> toolsSha256();

  /**
   * The body for the upstream: the client's bytes with model, usage option and output limit spliced
   * in.
   *
   * @param outputCap output tokens to allow per choice where the client does not say how many; what
   *     it says stays as it is
   */
  byte[] forUpstream(String upstreamModel, OptionalLong outputCap);

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

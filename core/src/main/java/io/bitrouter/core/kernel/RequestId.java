package io.bitrouter.core.kernel;

import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The node's own id of one request, {@code req_} and a ULID. Its time part is the request's start;
 * the client's id never takes its place.
 */
public record RequestId(Ulid ulid) {

  private static final String PREFIX = "req_";

  /** A new id for a request that starts now. */
  public static RequestId next(Ticker ticker, RandomGenerator random) {
    return new RequestId(Ulid.next(ticker.epochMicros(), random));
  }

  /** Parses the text form; empty when {@code text} is not one. */
  public static Optional<RequestId> parse(String text) {
    return text.startsWith(PREFIX)
        ? Ulid.parse(text.substring(PREFIX.length())).map(RequestId::new)
        : Optional.empty();
  }

  /** When the request started, microseconds since the epoch with millisecond resolution. */
  public long startedAtMicros() {
    return ulid.epochMicros();
  }

  @Override
  public String toString() {
    return PREFIX + ulid;
  }
}

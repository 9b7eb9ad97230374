package io.bitrouter.core.kernel;

import java.time.Clock;
import java.time.Instant;

/**
 * Source of time. Every class that needs time takes one, so that tests decide what time it is.
 *
 * <p>Thread-safe.
 */
public interface Ticker {

  /** Microseconds since 1970-01-01T00:00:00Z; may step when the host's clock is corrected. */
  long epochMicros();

  /** Nanoseconds of a monotonic clock; only differences mean anything. */
  long nanos();

  /** The host's clocks. */
  static Ticker system() {
    Clock clock = Clock.systemUTC();
    return new Ticker() {
      @Override
      public long epochMicros() {
        Instant now = clock.instant();
        return now.getEpochSecond() * 1_000_000L + now.getNano() / 1_000;
      }

      @Override
      public long nanos() {
        return System.nanoTime();
      }
    };
  }
}

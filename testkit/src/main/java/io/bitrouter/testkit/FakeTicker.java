package io.bitrouter.testkit;

import io.bitrouter.core.kernel.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that moves when it is told to. Thread-safe. */
public final class FakeTicker implements Ticker {

  private final AtomicLong epochMicros;
  private final AtomicLong nanos = new AtomicLong();

  private FakeTicker(long epochMicros) {
    this.epochMicros = new AtomicLong(epochMicros);
  }

  /** A clock that shows {@code start}. */
  public static FakeTicker at(Instant start) {
    return new FakeTicker(start.getEpochSecond() * 1_000_000L + start.getNano() / 1_000);
  }

  /** A clock that shows 2026-01-01T00:00:00Z. */
  public static FakeTicker atNewYear() {
    return at(Instant.parse("2026-01-01T00:00:00Z"));
  }

  /** Lets time pass, on both clocks. */
  public void advance(Duration duration) {
    epochMicros.addAndGet(duration.toNanos() / 1_000);
    nanos.addAndGet(duration.toNanos());
  }

  /** Corrects the wall clock alone, as an operator or NTP does; the monotonic clock stays. */
  public void stepWallClock(Duration duration) {
    epochMicros.addAndGet(duration.toNanos() / 1_000);
  }

  @Override
  public long epochMicros() {
    return epochMicros.get();
  }

  @Override
  public long nanos() {
    return nanos.get();
  }
}

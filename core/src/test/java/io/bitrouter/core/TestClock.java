package io.bitrouter.core;

import io.bitrouter.core.kernel.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that moves when it is told to. Thread-safe. */
public final class TestClock implements Ticker {

  private final AtomicLong epochMicros;
  private final AtomicLong nanos = new AtomicLong(-5_000_000_000L);

  private TestClock(long epochMicros) {
    this.epochMicros = new AtomicLong(epochMicros);
  }

  /** A clock that shows {@code start}; its monotonic side begins below zero, as a host's may. */
  public static TestClock at(String start) {
    return new TestClock(ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(start)));
  }

  /** Lets time pass, on both sides. */
  public void advance(Duration duration) {
    epochMicros.addAndGet(duration.toNanos() / 1_000);
    nanos.addAndGet(duration.toNanos());
  }

  /** Corrects the wall clock alone. */
  public void step(Duration duration) {
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

package io.bitrouter.core.admission;

import java.util.concurrent.atomic.AtomicInteger;

/** Bounds the inference requests that a node works on at once. Thread-safe, never waits. */
public final class ConcurrencyGate {

  private final int limit;
  private final AtomicInteger inside = new AtomicInteger();

  /** With {@code server.max_concurrency}. */
  public ConcurrencyGate(int limit) {
    this.limit = limit;
  }

  /** Takes a place; false when all are taken. */
  public boolean tryEnter() {
    if (inside.incrementAndGet() <= limit) {
      return true;
    }
    inside.decrementAndGet();
    return false;
  }

  /** Gives a place back. */
  public void leave() {
    inside.decrementAndGet();
  }

  /** Places taken now. */
  public int inside() {
    return inside.get();
  }
}

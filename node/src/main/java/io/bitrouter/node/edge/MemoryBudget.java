package io.bitrouter.node.edge;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes that all requests together may hold. Thread-safe. */
final class MemoryBudget {
  private final long limit;
  private final AtomicLong taken = new AtomicLong();

  MemoryBudget(long limit) {
    this.limit = limit;
  }

  /** Takes {@code bytes}, all or none. */
  boolean take(long bytes) {
    if (taken.addAndGet(bytes) <= limit) {
      return true;
    }
    taken.addAndGet(-bytes);
    return false;
  }

  /** Gives back what was taken. */
  void giveBack(long bytes) {
    taken.addAndGet(-bytes);
  }

  /** Bytes taken now. */
  long taken() {
    return taken.get();
  }
}

package io.bitrouter.core.admission;

import java.util.EnumMap;
import java.util.Map;

/**
 * A sliding window cut into {@value #PARTS} parts. The part that the window's beginning lies in
 * counts whole, so a figure is never low, and high by at most one part. Not thread-safe; its
 * ledger's lock guards it.
 */
final class RateWindow {

  /** Parts of a window. */
  static final int PARTS = 64;

  private static final int RING = PARTS + 1;

  private final long partMicros;
  private final Map<Counted, Ring> rings = new EnumMap<>(Counted.class);
  private long newest;

  /** What is counted in a window. */
  enum Counted {
    REQUESTS,
    DECLARED_TOKENS,
    ACTUAL_TOKENS
  }

  RateWindow(long windowSecs, long nowMicros) {
    this.partMicros = windowSecs * 1_000_000L / PARTS;
    this.newest = Math.floorDiv(nowMicros, partMicros);
  }

  private static final class Ring {
    private final long[] parts = new long[RING];
    private long sum;
  }

  /** The figure at {@code nowMicros}. */
  long sum(Counted what, long nowMicros) {
    advance(nowMicros);
    return ring(what).sum;
  }

  /** Counts at {@code nowMicros}. */
  void add(Counted what, long amount, long nowMicros) {
    advance(nowMicros);
    Ring ring = ring(what);
    ring.parts[index(newest)] += amount;
    ring.sum += amount;
  }

  /**
   * How long until the figure has fallen by {@code excess} if nothing is added, microseconds, at
   * least 1.
   */
  long microsUntilFreed(Counted what, long excess, long nowMicros) {
    advance(nowMicros);
    Ring ring = ring(what);
    if (ring.sum < excess) {
      return RING * partMicros;
    }
    // Backwards, because what is asked most is when all of it will be gone.
    long part = newest;
    long freedBefore = ring.sum - ring.parts[index(part)];
    while (freedBefore >= excess) {
      part--;
      freedBefore -= ring.parts[index(part)];
    }
    return Math.max(1, (part + RING) * partMicros - nowMicros);
  }

  /** Whether nothing counts any more. */
  boolean idle(long nowMicros) {
    advance(nowMicros);
    return rings.values().stream().allMatch(ring -> ring.sum == 0);
  }

  /** Lets parts go that have left the window; a clock that steps back changes nothing. */
  private void advance(long nowMicros) {
    long now = Math.floorDiv(nowMicros, partMicros);
    long steps = Math.min(now - newest, RING);
    if (steps > 0) {
      for (Ring ring : rings.values()) {
        for (long part = now - steps + 1; part <= now; part++) {
          ring.sum -= ring.parts[index(part)];
          ring.parts[index(part)] = 0;
        }
      }
      newest = now;
    }
  }

  private Ring ring(Counted what) {
    return rings.computeIfAbsent(what, unused -> new Ring());
  }

  private static int index(long part) {
    return Math.floorMod(part, RING);
  }
}

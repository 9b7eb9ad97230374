package io.bitrouter.core.admission;

import java.util.Arrays;

/**
 * What one principal has spent, by quarter hour, as running totals: a sum over any window that
 * begins at a quarter hour is one search and one subtraction. Only quarter hours with spend take
 * room. Not thread-safe; its ledger's lock guards it.
 */
final class SpendSeries {

  /** Quarter hours that are kept apart, 32 days; older ones are one sum. */
  static final long KEPT_SLOTS = 32 * 96;

  private static final int PAIR = 2;

  /** Slot and total up to its end, pair after pair, in order of time. */
  private long[] pairs = new long[PAIR];

  private int size;
  private long before;

  /** Sets everything ever spent; what the slots do not hold was spent before the first of them. */
  void total(long nanos) {
    long more = Math.subtractExact(nanos, total());
    before += more;
    for (int i = 0; i < size; i++) {
      pairs[PAIR * i + 1] += more;
    }
  }

  /** Adds to one slot; usually the last one or the one before it. */
  void add(long slot, long nanos) {
    if (nanos == 0) {
      return;
    }
    int at = indexFrom(slot);
    if (at == size || slotAt(at) != slot) {
      at = insert(at, slot);
    }
    for (int i = at; i < size; i++) {
      pairs[PAIR * i + 1] = Math.addExact(pairs[PAIR * i + 1], nanos);
    }
  }

  /** Everything ever spent. */
  long total() {
    return totalBefore(size);
  }

  /** What was spent in {@code firstSlot} and after; everything for {@link Long#MIN_VALUE}. */
  long since(long firstSlot) {
    return firstSlot == Long.MIN_VALUE ? total() : total() - totalBefore(indexFrom(firstSlot));
  }

  /**
   * The slot by whose end {@code amount} had been spent since {@code firstSlot}: when it leaves the
   * window, so much room is free again. The last slot when less was spent, {@code firstSlot} when
   * nothing was.
   */
  long slotOf(long firstSlot, long amount) {
    int from = indexFrom(firstSlot);
    long base = totalBefore(from);
    for (int i = from; i < size; i++) {
      if (pairs[PAIR * i + 1] - base >= amount) {
        return slotAt(i);
      }
    }
    return from < size ? slotAt(size - 1) : firstSlot;
  }

  private long totalBefore(int index) {
    return index == 0 ? before : pairs[PAIR * (index - 1) + 1];
  }

  private long slotAt(int index) {
    return pairs[PAIR * index];
  }

  /**
   * Index of the first slot at or after {@code slot}; searches from the end, where it mostly is.
   */
  private int indexFrom(long slot) {
    if (size == 0 || slotAt(size - 1) < slot) {
      return size;
    }
    int low = 0;
    int high = size - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (slotAt(middle) < slot) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Inserts a slot without spend; returns its index, which is another one if older ones went. */
  private int insert(int at, long slot) {
    int used = PAIR * size;
    if (used == pairs.length) {
      int old = at < size ? 0 : indexFrom(slot - KEPT_SLOTS);
      if (old > 0) {
        forget(old);
        return insert(at - old, slot);
      }
      pairs = Arrays.copyOf(pairs, used + Math.max(PAIR, used / 2 / PAIR * PAIR));
    }
    System.arraycopy(pairs, PAIR * at, pairs, PAIR * (at + 1), used - PAIR * at);
    pairs[PAIR * at] = slot;
    pairs[PAIR * at + 1] = totalBefore(at);
    size++;
    return at;
  }

  private void forget(int oldest) {
    before = totalBefore(oldest);
    System.arraycopy(pairs, PAIR * oldest, pairs, 0, PAIR * (size - oldest));
    size -= oldest;
  }
}

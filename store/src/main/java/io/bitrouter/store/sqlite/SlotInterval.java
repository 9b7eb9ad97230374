package io.bitrouter.store.sqlite;

import io.bitrouter.core.store.UsageQuery;

/**
 * An interval of time cut at quarter hours: whole ones in the middle, ragged ends on both sides.
 *
 * @param from first millisecond since the epoch
 * @param to the one after the last
 */
record SlotInterval(long from, long to) {

  /** Milliseconds of a quarter hour. */
  static final long SLOT_MILLIS = 900_000;

  private static final long THOUSAND = 1_000;

  /** Far beyond any clock, far from overflow. */
  private static final long LAST_MILLI = 1L << 47;

  /** The milliseconds whose requests a question is about. */
  static SlotInterval of(UsageQuery query) {
    return of(query.fromMicros(), query.toMicros());
  }

  /** The milliseconds that start in {@code [fromMicros, toMicros)}. */
  static SlotInterval of(long fromMicros, long toMicros) {
    return new SlotInterval(millisAtOrAfter(fromMicros), millisAtOrAfter(toMicros));
  }

  private static long millisAtOrAfter(long micros) {
    return Math.clamp(Math.ceilDiv(micros, THOUSAND), 0, LAST_MILLI);
  }

  /**
   * The interval up to the end of the quarter hour in which it ends, if no row is later than it:
   * the rows are the same and the quarter hour is a whole one, which can hold a million rows.
   */
  SlotInterval wholeAfter(long newestRow) {
    return newestRow < to
        ? new SlotInterval(from, Math.ceilDiv(to, SLOT_MILLIS) * SLOT_MILLIS)
        : this;
  }

  boolean isEmpty() {
    return from >= to;
  }

  /** The first whole quarter hour. */
  long firstSlot() {
    return Math.ceilDiv(from, SLOT_MILLIS);
  }

  /** The one after the last whole quarter hour. */
  long lastSlot() {
    return Math.max(firstSlot(), Math.floorDiv(to, SLOT_MILLIS));
  }

  /** What lies before the whole ones. */
  SlotInterval head() {
    return new SlotInterval(from, Math.min(to, firstSlot() * SLOT_MILLIS));
  }

  /** What lies after them. */
  SlotInterval tail() {
    return new SlotInterval(Math.max(head().to(), lastSlot() * SLOT_MILLIS), to);
  }
}

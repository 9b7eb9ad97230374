package io.bitrouter.core.admission;

import java.util.HashMap;
import java.util.Map;

/**
 * What one principal has spent and holds: one account, however many policies look at it. Not
 * thread-safe; its ledger's lock guards it.
 */
final class Account {

  private static final long NO_BASELINE = -1;

  private final SpendSeries spend = new SpendSeries();
  private Map<Long, RateWindow> windows = Map.of();
  private long baseline = NO_BASELINE;
  private long reserved;
  private long consumed;
  private int inFlight;
  private int waiting;
  private boolean overdrawn;

  SpendSeries spend() {
    return spend;
  }

  /** Spend that a budget's window counts, nano-USD. */
  long settled(long firstSlot) {
    return spend.since(firstSlot)
        - (firstSlot == Long.MIN_VALUE && baseline != NO_BASELINE ? baseline : 0);
  }

  /** Sets from where totals count, once. */
  void baseline(long nanos) {
    if (baseline == NO_BASELINE) {
      baseline = nanos;
    }
  }

  /** What requests in flight hold, nano-USD. */
  long reserved() {
    return reserved;
  }

  /** What of it they are known to have used up. */
  long consumed() {
    return consumed;
  }

  void reserve(long nanos) {
    reserved += nanos;
  }

  void consume(long nanos) {
    consumed += nanos;
  }

  int inFlight() {
    return inFlight;
  }

  void enter() {
    inFlight++;
  }

  void leave() {
    inFlight--;
  }

  /** How many requests wait for room under a budget of this account. */
  int waiting() {
    return waiting;
  }

  void waiting(int change) {
    waiting += change;
  }

  /** Whether some request holds its one tranche beyond the limit. */
  boolean overdrawn() {
    return overdrawn;
  }

  void overdrawn(boolean now) {
    overdrawn = now;
  }

  /** The window of that length. */
  RateWindow window(long windowSecs, long nowMicros) {
    RateWindow known = windows.get(windowSecs);
    if (known == null) {
      Map<Long, RateWindow> more = new HashMap<>(windows);
      known = new RateWindow(windowSecs, nowMicros);
      more.put(windowSecs, known);
      windows = more;
    }
    return known;
  }

  /** Whether there is any window. */
  boolean hasWindows() {
    return !windows.isEmpty();
  }

  /** Lets windows go in which nothing counts any more; whether any is left. */
  boolean sweep(long nowMicros) {
    if (windows.values().stream().anyMatch(window -> window.idle(nowMicros))) {
      Map<Long, RateWindow> fewer = new HashMap<>(windows);
      fewer.values().removeIf(window -> window.idle(nowMicros));
      windows = fewer.isEmpty() ? Map.of() : fewer;
    }
    return hasWindows();
  }
}

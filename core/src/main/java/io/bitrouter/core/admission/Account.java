package io.bitrouter.core.admission;

import io.bitrouter.core.kernel.Money;
import java.util.HashMap;
import java.util.List;
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
  private long charged;
  private List<Account> lineage = List.of();

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

  /** How many wait for room in this account, having found none. */
  int waiting() {
    return waiting;
  }

  void waiting(int change) {
    waiting += change;
  }

  /** Sets what the key's own requests have been charged, nano-USD; those of keys below it apart. */
  void charged(long nanos) {
    charged = nanos;
  }

  /** Charges a request of the key itself; returns what its whole micro-USD change by. */
  long charge(long nanos) {
    long before = Money.wholeMicros(charged);
    charged = Math.addExact(charged, nanos);
    return Money.wholeMicros(charged) - before;
  }

  /**
   * The accounts that the key's spend counts for, its own first, the namespace's last; empty until
   * they are set. A key's lineage never changes.
   */
  List<Account> lineage() {
    return lineage;
  }

  void lineage(List<Account> accounts) {
    lineage = accounts;
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

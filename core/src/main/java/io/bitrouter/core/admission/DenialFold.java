package io.bitrouter.core.admission;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.usage.RequestRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a flood of refused requests from flooding the books: the first {@value #ROWS_A_SECOND}
 * denials of a namespace in a second are a row each, further ones are folded into one row per key
 * and code with a count. Folded counts of the running second are lost if the process is killed.
 * Thread-safe.
 */
public final class DenialFold {

  /** Denials a second and namespace that get a row of their own. */
  public static final int ROWS_A_SECOND = 50;

  /** Distinct keys and codes folded in one second; beyond it each denial is a row again. */
  private static final int FOLDS_A_SECOND = 1_000;

  private static final long SECOND_MICROS = 1_000_000L;

  private final ConcurrentHashMap<NamespaceId, Second> seconds = new ConcurrentHashMap<>();

  private record Kind(KeyId key, String code) {}

  private static final class Second {
    private long start;
    private int rows;
    private final Map<Kind, RequestRow> folded = new LinkedHashMap<>();
  }

  /**
   * Takes a denial.
   *
   * @return the rows to be written now: this one, none if it was folded, and those of a second that
   *     has ended
   */
  public List<RequestRow> take(RequestRow denial, long nowMicros) {
    Second second = seconds.computeIfAbsent(denial.namespace(), unused -> new Second());
    synchronized (second) {
      List<RequestRow> due = new ArrayList<>(1);
      roll(second, nowMicros, due);
      Kind kind = new Kind(denial.key(), denial.code().orElse(""));
      RequestRow same = second.folded.get(kind);
      if (second.rows < ROWS_A_SECOND) {
        second.rows++;
        due.add(denial);
      } else if (same != null) {
        second.folded.put(kind, same.withRepeatCount(same.repeatCount() + 1));
      } else if (second.folded.size() < FOLDS_A_SECOND) {
        second.folded.put(kind, denial);
      } else {
        due.add(denial);
      }
      return due;
    }
  }

  /** The folded rows of seconds that have ended; called every second or so, and at the end. */
  public List<RequestRow> drain(long nowMicros) {
    List<RequestRow> due = new ArrayList<>();
    for (Second second : seconds.values()) {
      synchronized (second) {
        roll(second, nowMicros, due);
      }
    }
    return due;
  }

  private static void roll(Second second, long nowMicros, List<RequestRow> due) {
    long start = nowMicros - nowMicros % SECOND_MICROS;
    if (start != second.start) {
      due.addAll(second.folded.values());
      second.folded.clear();
      second.rows = 0;
      second.start = start;
    }
  }
}

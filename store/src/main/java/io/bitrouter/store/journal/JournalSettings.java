package io.bitrouter.store.journal;

import java.time.Duration;

/**
 * How the journal writes.
 *
 * @param syncAlways whether an append waits until its bytes are on the disk; otherwise they are
 *     forced there in the background
 * @param group how long the background waits for more before it forces bytes to the disk, up to a
 *     second
 * @param maxBytes size of all segments together above which no new request is admitted, at least 64
 *     KiB
 */
public record JournalSettings(boolean syncAlways, Duration group, long maxBytes) {

  private static final long LEAST_BYTES = 64 * 1024;
  private static final long MOST_PER_SEGMENT = 16L * 1024 * 1024;
  private static final int SEGMENTS = 16;

  /** Background syncing every 5 ms, at most 1 GiB. */
  public static final JournalSettings DEFAULT =
      new JournalSettings(false, Duration.ofMillis(5), 1L << 30);

  /** Checks the ranges. */
  public JournalSettings {
    if (group.isNegative() || group.compareTo(Duration.ofSeconds(1)) > 0) {
      throw new IllegalArgumentException("journal.group_ms must be 0 to 1000");
    }
    if (maxBytes < LEAST_BYTES) {
      throw new IllegalArgumentException("journal.max_bytes must be at least " + LEAST_BYTES);
    }
  }

  /** Length after which a segment is followed by another. */
  long segmentBytes() {
    return Math.min(MOST_PER_SEGMENT, maxBytes / SEGMENTS);
  }
}

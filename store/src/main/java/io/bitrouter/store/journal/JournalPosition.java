package io.bitrouter.store.journal;

/**
 * A place in the journal.
 *
 * @param segment number of a segment, 0 before the first
 * @param offset bytes from its start
 */
public record JournalPosition(long segment, long offset) implements Comparable<JournalPosition> {

  /** Before everything. */
  public static final JournalPosition START = new JournalPosition(0, 0);

  @Override
  public int compareTo(JournalPosition other) {
    int first = Long.compare(segment, other.segment);
    return first != 0 ? first : Long.compare(offset, other.offset);
  }
}

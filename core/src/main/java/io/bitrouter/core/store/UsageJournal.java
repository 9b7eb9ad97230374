package io.bitrouter.core.store;

import java.util.List;

/**
 * Append-only record of what requests did, durable before it is believed. Thread-safe; an append
 * takes microseconds and never waits for the database.
 */
public interface UsageJournal {

  /** What became of an append. */
  enum Appended {
    /** Written; survives the death of the process. */
    YES,
    /** Refused: the journal is full or cannot be written. Nothing was written. */
    UNAVAILABLE
  }

  /**
   * Appends the records together, in order, with nothing between them. A {@code Close} is always
   * taken while the disk takes bytes, also when the journal is over its bound, because what has
   * been answered must be on the books; admissions and dispatches are refused then.
   */
  Appended append(List<JournalRecord> records);

  /** Whether a new request would be taken. */
  boolean ready();
}

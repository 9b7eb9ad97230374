package io.bitrouter.store.sqlite;

import java.time.Duration;

/** Brings the tables up to what has been journalled, before a question about usage is answered. */
@FunctionalInterface
public interface Freshness {

  /** The tables are taken as they are. */
  Freshness AS_IS = bound -> true;

  /**
   * Waits until everything journalled so far is in the tables.
   *
   * @return false when that took longer than {@code bound}
   */
  boolean catchUp(Duration bound);
}

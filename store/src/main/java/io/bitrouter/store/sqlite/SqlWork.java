package io.bitrouter.store.sqlite;

import java.sql.SQLException;
import org.jdbi.v3.core.Handle;

/** SQL to be run in one transaction on a thread of the database. */
@FunctionalInterface
interface SqlWork<T> {

  /** Runs it; an exception rolls everything back. */
  T run(Handle handle) throws SQLException;
}

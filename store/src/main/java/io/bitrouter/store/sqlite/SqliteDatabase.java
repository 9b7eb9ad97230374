package io.bitrouter.store.sqlite;

import io.bitrouter.core.store.Changed;
import io.bitrouter.core.store.StoreInDoubtException;
import io.bitrouter.core.store.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * One SQLite file: a writer thread, up to four readers and one for walks over whole tables, each
 * with a connection of its own.
 *
 * <p>Write-ahead log, every commit on disk before it is believed, foreign keys on, waits for locks
 * bounded. Thread-safe.
 */
public final class SqliteDatabase implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration LONG_PATIENCE = Duration.ofSeconds(60);
  private static final int BUSY_MILLIS = 2_000;
  private static final int READERS = 4;
  private static final int CACHE_KIB = 8 * 1_024;

  /** A writer takes the lock at the start: one that upgraded later could only fail. */
  private static final String WRITE = "IMMEDIATE";

  private static final String READ = "DEFERRED";

  /** A log of 32 MiB before it is folded in, so that a page that changes often is moved once. */
  private static final List<String> WRITER =
      List.of("synchronous = FULL", "wal_autocheckpoint = 8192");

  private static final List<String> READER = List.of("query_only = ON");

  private final Lane writer;
  private final Lane readers;
  private final Lane walker;
  private final int versionFound;
  private volatile Consumer<Changed> late = unused -> {};

  private SqliteDatabase(Path file, int versionFound, Duration patience) {
    this.versionFound = versionFound;
    this.writer = new Lane("store-writer", 1, () -> connect(file, WRITE, WRITER), patience);
    this.readers = new Lane("store-reader", READERS, () -> connect(file, READ, READER), PATIENCE);
    this.walker = new Lane("store-walker", 1, () -> connect(file, READ, READER), LONG_PATIENCE);
  }

  /**
   * Opens the file, makes it (readable by its owner alone) when it does not exist, and migrates it
   * when it is behind.
   *
   * @throws StoreUnavailableException when it cannot be opened
   */
  public static SqliteDatabase open(Path file) {
    return open(file, PATIENCE);
  }

  /** The same, whose writes are waited for so long and their commits once more. */
  static SqliteDatabase open(Path file, Duration patience) {
    create(file);
    SqliteDatabase database = new SqliteDatabase(file, Schema.bringUpToDate(file), patience);
    try {
      database.write(handle -> true);
    } catch (StoreUnavailableException e) {
      database.close();
      throw e;
    }
    return database;
  }

  /**
   * Loads the engine and the library before it, which take a tenth of a second each, once in the
   * life of a process.
   */
  public static void warm() {
    try {
      int unused =
          Jdbi.create("jdbc:sqlite::memory:")
              .withHandle(handle -> handle.createQuery("SELECT 1").mapTo(Integer.class).one());
    } catch (JdbiException e) {
      throw new StoreUnavailableException("SQLite cannot be loaded: " + e.getMessage(), e);
    }
  }

  private static void create(Path file) {
    try {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (FileAlreadyExistsException e) {
      return;
    } catch (IOException e) {
      throw new StoreUnavailableException("cannot create " + file + ": " + e.getMessage(), e);
    }
  }

  private static Connection connect(Path file, String mode, List<String> own) throws SQLException {
    Connection connection =
        DriverManager.getConnection("jdbc:sqlite:" + file + "?transaction_mode=" + mode);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = " + BUSY_MILLIS);
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA foreign_keys = ON");
      statement.execute("PRAGMA cache_size = -" + CACHE_KIB);
      for (String each : own) {
        statement.execute("PRAGMA " + each);
      }
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
    return connection;
  }

  /** Version of the tables before this start migrated them, 0 when there were none. */
  int versionFound() {
    return versionFound;
  }

  /** Runs {@code work} on one consistent state of the store. */
  <T> T read(SqlWork<T> work) {
    return readers.call(work);
  }

  /**
   * The same for a walk over a whole table, with a minute to do it: one at a time, so that walks
   * keep no reader from anybody's short questions.
   */
  <T> T readLong(SqlWork<T> work) {
    return walker.call(work);
  }

  /** Runs {@code work} in a transaction that is on disk when this returns. */
  <T> T write(SqlWork<T> work) {
    return writer.call(work);
  }

  /**
   * The same for a change of what is also kept in memory: whoever is told of late changes hears of
   * it when it was stored although this has thrown.
   */
  <T> T change(Changed about, SqlWork<T> work) {
    try {
      return writer.call(work);
    } catch (StoreInDoubtException e) {
      var unused = e.outcome().thenAccept(stored -> late.accept(about));
      throw e;
    }
  }

  /** See {@link io.bitrouter.core.store.ControlStore#whenLate}. */
  void whenLate(Consumer<Changed> listener) {
    late = listener;
  }

  /** Finishes what is under way, for at most ten seconds each way, and closes the file. */
  @Override
  public void close() {
    walker.close();
    readers.close();
    writer.close();
  }
}

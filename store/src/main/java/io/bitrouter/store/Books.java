package io.bitrouter.store;

import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.store.AuditSigner;
import io.bitrouter.core.store.ControlStore;
import io.bitrouter.core.store.SpecCodec;
import io.bitrouter.core.store.StoreUnavailableException;
import io.bitrouter.core.store.UsageJournal;
import io.bitrouter.store.journal.FileJournal;
import io.bitrouter.store.journal.JournalRecovery;
import io.bitrouter.store.journal.JournalSettings;
import io.bitrouter.store.journal.RowWriter;
import io.bitrouter.store.sqlite.SqliteDatabase;
import io.bitrouter.store.sqlite.SqliteRowSink;
import io.bitrouter.store.sqlite.SqliteStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The durable state of a node in its home: the store {@code bitrouter.db}, the journal {@code
 * journal/} and the thread between them. Thread-safe.
 */
public final class Books implements AutoCloseable {

  /**
   * Figures since the start.
   *
   * @param rowsWritten request rows written to the store
   * @param journalBytes size of the journal
   * @param caughtUp whether everything journalled is in the store
   */
  public record Counters(long rowsWritten, long journalBytes, boolean caughtUp) {}

  private static final Logger LOG = LoggerFactory.getLogger(Books.class);
  private static final Duration DRAIN = Duration.ofSeconds(10);

  private final SqliteDatabase database;
  private final SqliteStore store;
  private final FileJournal journal;
  private final RowWriter writer;

  private Books(SqliteDatabase database, FileJournal journal, RowWriter writer, SqliteStore store) {
    this.database = database;
    this.journal = journal;
    this.writer = writer;
    this.store = store;
  }

  /**
   * Loads what {@link #open} needs and is slow to load, so that it can be done beside other things.
   *
   * @throws StoreUnavailableException when it cannot be loaded
   */
  public static void warm() {
    SqliteDatabase.warm();
  }

  /**
   * Opens, or makes, the books in {@code home}, takes into the store what an earlier process left
   * in the journal, and settles what it had under way. One process at a time.
   *
   * @param specs how specs of policies become text
   * @param signer signs heads of audit logs
   * @throws StoreUnavailableException when that is not possible; nothing is left open
   */
  public static Books open(
      Path home, JournalSettings settings, Ticker ticker, SpecCodec specs, AuditSigner signer) {
    SqliteDatabase database = SqliteDatabase.open(home.resolve("bitrouter.db"));
    @Nullable FileJournal journal = null;
    try {
      SqliteRowSink sink = new SqliteRowSink(database);
      journal =
          FileJournal.open(home.resolve("journal"), settings, sink.position().segment(), ticker);
      RowWriter writer = new RowWriter(journal, sink);
      JournalRecovery.run(journal, sink, writer);
      SqliteStore store = new SqliteStore(database, writer::catchUp, specs, signer);
      writer.start();
      return new Books(database, journal, writer, store);
    } catch (IOException e) {
      closeAfterFailure(database, journal);
      throw new StoreUnavailableException("the journal cannot be opened: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      closeAfterFailure(database, journal);
      throw e;
    }
  }

  private static void closeAfterFailure(SqliteDatabase database, @Nullable FileJournal journal) {
    if (journal != null) {
      journal.close();
    }
    database.close();
  }

  /** Control data and usage questions. Closed with the books. */
  public ControlStore store() {
    return store;
  }

  /** Where requests are written. Closed with the books. */
  public UsageJournal journal() {
    return journal;
  }

  /** Whether reads are answered and the journal takes new requests. */
  public boolean ready() {
    return journal.ready() && store.ready();
  }

  /**
   * Waits until everything journalled so far is in the store.
   *
   * @return false when that took longer than {@code bound}
   */
  public boolean catchUp(Duration bound) {
    return writer.catchUp(bound);
  }

  /** Figures since the start. */
  public Counters counters() {
    return new Counters(writer.rows(), journal.bytes(), writer.caughtUp());
  }

  /**
   * Takes what is journalled into the store, for at most ten seconds, and closes everything; what
   * is left stays in the journal for the next start. To be called when nothing appends any more.
   */
  @Override
  public void close() {
    if (!writer.catchUp(DRAIN)) {
      LOG.warn("the store did not take all request rows; they stay in the journal");
    }
    writer.close();
    journal.close();
    database.close();
  }
}

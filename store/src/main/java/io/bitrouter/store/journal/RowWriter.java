package io.bitrouter.store.journal;

import io.bitrouter.core.store.StoreUnavailableException;
import io.bitrouter.store.journal.JournalTail.Batch;
import io.bitrouter.store.row.MalformedBytesException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that carries rows from the journal into the store, up to a thousand in one transaction
 * together with the place in the journal, so that no row is ever taken in twice.
 *
 * <p>It holds one batch at a time. While the store does not answer it tries again, at most once a
 * second, and the journal keeps what is waiting. Thread-safe.
 */
public final class RowWriter implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RowWriter.class);
  private static final int BATCH_ROWS = 1_000;
  private static final long GATHER_NANOS = Duration.ofMillis(500).toNanos();
  private static final Duration IDLE = Duration.ofSeconds(1);
  private static final long FIRST_RETRY_MILLIS = 20;
  private static final long LAST_RETRY_MILLIS = 1_000;

  private final FileJournal journal;
  private final RowSink sink;
  private final JournalTail tail;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition progress = lock.newCondition();

  private volatile JournalPosition committed;
  private final AtomicLong rows = new AtomicLong();
  private volatile boolean hurry;
  private volatile boolean behind;
  private volatile boolean stopping;
  private @Nullable Batch inHand;

  /** The position in the store, which moves with rows only. */
  private JournalPosition stored;

  /** A writer that goes on where the sink is. */
  public RowWriter(FileJournal journal, RowSink sink) {
    this.journal = journal;
    this.sink = sink;
    this.stored = sink.position();
    this.committed = stored;
    this.tail = new JournalTail(journal, committed);
    this.thread = Thread.ofPlatform().daemon().name("row-writer").unstarted(this::run);
  }

  /**
   * Takes in everything that is in the journal now, on the calling thread; only before {@link
   * #start}.
   *
   * @throws StoreUnavailableException when the store does not take it
   * @throws IOException when the journal cannot be read
   */
  public void replay() throws IOException {
    boolean more = true;
    while (more) {
      more = step();
    }
  }

  /** Starts the thread. */
  public void start() {
    thread.start();
  }

  /** Takes in one batch; false when there was nothing more. */
  private boolean step() throws IOException {
    @Nullable Batch batch = inHand;
    if (batch == null) {
      batch = tail.read(BATCH_ROWS);
      inHand = batch;
    }
    boolean moved = !batch.reached().equals(committed);
    if (!batch.rows().isEmpty()) {
      commit(batch);
    }
    inHand = null;
    if (moved) {
      reached(batch.reached());
      tail.removeDone();
    }
    return batch.rows().size() == BATCH_ROWS;
  }

  private void commit(Batch batch) {
    if (!sink.commit(batch.rows(), stored, batch.reached())
        && !sink.position().equals(batch.reached())) {
      throw new IllegalStateException(
          "the store's place in the journal was moved by another process");
    }
    stored = batch.reached();
    rows.addAndGet(batch.rows().size());
  }

  private void reached(JournalPosition position) {
    lock.lock();
    try {
      committed = position;
      progress.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    long seen = -1;
    try {
      while (!stopping) {
        long now = journal.awaitGrowth(seen, IDLE);
        if (now != seen || hurry) {
          gather();
          seen = drain(now);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets a batch grow, unless somebody waits for the rows. */
  private void gather() {
    if (!hurry && !stopping) {
      LockSupport.parkNanos(this, GATHER_NANOS);
    }
    hurry = false;
  }

  private long drain(long seen) throws InterruptedException {
    long retry = FIRST_RETRY_MILLIS;
    boolean more = true;
    while (more && !stopping) {
      try {
        more = step();
        if (behind) {
          behind = false;
          LOG.info("request rows are written to the store again");
        }
        retry = FIRST_RETRY_MILLIS;
      } catch (StoreUnavailableException
          | IOException
          | IllegalStateException
          | MalformedBytesException e) {
        if (!behind) {
          behind = true;
          LOG.error("request rows wait in the journal, the store does not take them: {}", text(e));
        }
        TimeUnit.MILLISECONDS.sleep(retry);
        retry = Math.min(2 * retry, LAST_RETRY_MILLIS);
      }
    }
    return seen;
  }

  private static String text(Exception e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  /**
   * Waits until everything appended so far is in the store.
   *
   * @return false when that took longer than {@code bound}
   */
  public boolean catchUp(Duration bound) {
    JournalPosition target = journal.end();
    if (committed.compareTo(target) >= 0) {
      return true;
    }
    lock.lock();
    try {
      hurry = true;
      LockSupport.unpark(thread);
      long left = bound.toNanos();
      while (committed.compareTo(target) < 0) {
        if (left <= 0) {
          return false;
        }
        left = progress.awaitNanos(left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Whether everything appended so far is in the store. */
  public boolean caughtUp() {
    return committed.compareTo(journal.end()) >= 0;
  }

  /** Rows written since the start. */
  public long rows() {
    return rows.get();
  }

  /** Stops after the batch in hand; what is left stays in the journal for the next start. */
  @Override
  public void close() {
    stopping = true;
    thread.interrupt();
    try {
      if (thread.isAlive()) {
        thread.join(Duration.ofSeconds(10));
      }
      tail.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.debug("the journal's reader did not close: {}", text(e));
    }
  }
}

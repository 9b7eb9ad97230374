package io.bitrouter.node.boot;

import io.bitrouter.core.credential.OperatorGrant;
import io.bitrouter.core.gateway.RequestBooks;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.store.ControlStore;
import io.bitrouter.core.store.StoreUnavailableException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a node does every second or so: writes folded denials, and when keys were last used. */
final class BackgroundTasks implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BackgroundTasks.class);
  private static final long FOLD_SECONDS = 1;
  private static final long LAST_USE_SECONDS = 30;
  private static final long STOP_SECONDS = 5;
  private static final long MINUTE_MICROS = 60_000_000L;

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("background").factory());
  private final ControlStore store;
  private final StoredState state;
  private final RequestBooks books;
  private final Ticker ticker;
  private long storedUpTo;
  private long refusedTold;

  BackgroundTasks(ControlStore store, StoredState state, RequestBooks books, Ticker ticker) {
    this.store = store;
    this.state = state;
    this.books = books;
    this.ticker = ticker;
    this.storedUpTo = ticker.epochMicros() - MINUTE_MICROS;
    timer.scheduleWithFixedDelay(this::writeFolded, FOLD_SECONDS, FOLD_SECONDS, TimeUnit.SECONDS);
    timer.scheduleWithFixedDelay(
        () -> guarded("sweeping rate windows", state.admission()::sweep),
        FOLD_SECONDS,
        FOLD_SECONDS,
        TimeUnit.SECONDS);
    timer.scheduleWithFixedDelay(
        () -> guarded("storing last uses", this::storeLastUses),
        LAST_USE_SECONDS,
        LAST_USE_SECONDS,
        TimeUnit.SECONDS);
  }

  private void writeFolded() {
    guarded("writing folded denials", books::writeFolded);
    long refused = books.refusedRows();
    if (refused > refusedTold) {
      LOG.error(
          "the disk did not take the rows of {} settled requests; those that were sent are"
              + " indeterminate from the next start on ({} in all)",
          refused - refusedTold,
          refused);
      refusedTold = refused;
    }
  }

  /** Last uses are whole minutes; a minute is stored again until it is over. */
  private void storeLastUses() {
    long now = ticker.epochMicros();
    store
        .openNode(OperatorGrant.ofTheNodeItself())
        .storeLastUse(state.index().lastUsesAfter(storedUpTo - MINUTE_MICROS));
    storedUpTo = now - now % MINUTE_MICROS;
  }

  private static void guarded(String what, Runnable task) {
    try {
      task.run();
    } catch (StoreUnavailableException e) {
      LOG.warn("{} has to wait: {}", what, e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("{} failed", what, e);
    }
  }

  @Override
  public void close() {
    timer.shutdown();
    try {
      if (!timer.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        timer.shutdownNow();
      }
    } catch (InterruptedException e) {
      timer.shutdownNow();
      Thread.currentThread().interrupt();
    }
    writeFolded();
    guarded("storing last uses", this::storeLastUses);
  }
}

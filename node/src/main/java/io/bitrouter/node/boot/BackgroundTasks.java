package io.bitrouter.node.boot;

import io.bitrouter.core.credential.OperatorGrant;
import io.bitrouter.core.gateway.RequestBooks;
import io.bitrouter.core.gateway.SignatureVaults;
import io.bitrouter.core.gateway.StoredResponses;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.store.Changed;
import io.bitrouter.core.store.ControlStore;
import io.bitrouter.core.store.StoreUnavailableException;
import io.bitrouter.node.http.Api;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node does every second or so: writes folded denials, responses that are to be stored, and
 * when keys were last used.
 */
final class BackgroundTasks implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BackgroundTasks.class);
  private static final long FOLD_SECONDS = 1;
  private static final long LAST_USE_SECONDS = 30;
  private static final long STOP_SECONDS = 5;
  private static final long RETRY_SECONDS = 1;
  private static final int MOST_TRIES = 600;
  private static final long MINUTE_MICROS = 60_000_000L;

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("background").factory());
  private final ControlStore store;
  private final StoredState state;
  private final RequestBooks books;
  private final StoredResponses responses;
  private final Api.Services services;
  private final Ticker ticker;
  private long storedUpTo;
  private long refusedTold;
  private long lostTold;

  /** What the tasks work with. */
  record Parts(
      ControlStore store,
      StoredState state,
      RequestBooks books,
      StoredResponses responses,
      SignatureVaults vaults,
      Api.Services services,
      Ticker ticker) {}

  BackgroundTasks(Parts parts) {
    this.store = parts.store();
    this.state = parts.state();
    this.books = parts.books();
    this.responses = parts.responses();
    this.services = parts.services();
    this.ticker = parts.ticker();
    store.whenLate(changed -> timer.execute(() -> converge(changed, MOST_TRIES)));
    this.storedUpTo = ticker.epochMicros() - MINUTE_MICROS;
    timer.scheduleWithFixedDelay(this::writeFolded, FOLD_SECONDS, FOLD_SECONDS, TimeUnit.SECONDS);
    timer.scheduleWithFixedDelay(
        this::storeResponses, FOLD_SECONDS, FOLD_SECONDS, TimeUnit.SECONDS);
    timer.scheduleWithFixedDelay(
        () -> guarded("sweeping rate windows", state.admission()::sweep),
        FOLD_SECONDS,
        FOLD_SECONDS,
        TimeUnit.SECONDS);
    timer.scheduleWithFixedDelay(
        () -> guarded("writing attempts on other namespaces", () -> crossings(false)),
        FOLD_SECONDS,
        FOLD_SECONDS,
        TimeUnit.SECONDS);
    timer.scheduleWithFixedDelay(
        () ->
            guarded(
                "ending old indeterminate requests",
                () -> services.reconciling().endOld(OperatorGrant.ofTheNodeItself())),
        LAST_USE_SECONDS,
        LAST_USE_SECONDS,
        TimeUnit.SECONDS);
    timer.scheduleWithFixedDelay(
        () -> guarded("storing last uses", this::storeLastUses),
        LAST_USE_SECONDS,
        LAST_USE_SECONDS,
        TimeUnit.SECONDS);
    timer.scheduleWithFixedDelay(
        () -> guarded("sweeping vaults", parts.vaults()::sweep),
        LAST_USE_SECONDS,
        LAST_USE_SECONDS,
        TimeUnit.SECONDS);
    timer.scheduleWithFixedDelay(
        () -> guarded("forgetting old responses", this::forgetOldResponses),
        LAST_USE_SECONDS,
        LAST_USE_SECONDS,
        TimeUnit.SECONDS);
  }

  private void storeResponses() {
    guarded("storing responses", responses::write);
    long lost = responses.lost();
    if (lost > lostTold) {
      LOG.warn("{} responses were not stored for want of room ({} in all)", lost - lostTold, lost);
      lostTold = lost;
    }
  }

  private void forgetOldResponses() {
    store.openNode(OperatorGrant.ofTheNodeItself()).forgetOldResponses(ticker.epochMicros());
  }

  /** Publishes what was stored when whoever asked for it had been told that it was not. */
  private void converge(Changed changed, int tries) {
    String whose =
        switch (changed) {
          case Changed.Namespace(var id) -> "namespace " + id;
          case Changed.Operators() -> "operator credentials";
        };
    try {
      state.converge(store, changed);
      LOG.warn("a change of {} was stored later than its client would wait; it holds now", whose);
    } catch (StoreUnavailableException e) {
      if (tries == 1) {
        LOG.error("a change of {} is stored but does not hold: restart the node", whose, e);
      } else {
        var unused =
            timer.schedule(() -> converge(changed, tries - 1), RETRY_SECONDS, TimeUnit.SECONDS);
      }
    } catch (RuntimeException e) {
      LOG.error("a change of {} is stored but does not hold: restart the node", whose, e);
    }
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

  private void crossings(boolean all) {
    services.crossings().write(all);
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
    storeResponses();
    guarded("writing attempts on other namespaces", () -> crossings(true));
    guarded("storing last uses", this::storeLastUses);
  }
}

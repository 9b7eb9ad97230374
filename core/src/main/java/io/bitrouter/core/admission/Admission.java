package io.bitrouter.core.admission;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.policy.BudgetWindow;
import io.bitrouter.core.policy.Metered;
import io.bitrouter.core.policy.PolicySpec.Budget;
import io.bitrouter.core.policy.Principal;
import io.bitrouter.core.policy.SpendReader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** The door of every namespace: one ledger each, none sees another. Thread-safe. */
public final class Admission implements SpendReader {

  /**
   * How requests may wait for money that others hold.
   *
   * @param waitNanos how long at most, {@code admission.wait_ms}
   * @param queue how many of a namespace at once, {@code admission.queue_per_namespace}
   */
  public record Bounds(long waitNanos, int queue) {}

  /** What the ledgers of all namespaces, gone ones too, have done since the start. */
  record Tally(LongAdder reservations, LongAdder rateDecisions) {
    Tally() {
      this(new LongAdder(), new LongAdder());
    }
  }

  private final ConcurrentHashMap<NamespaceId, NamespaceLedger> ledgers = new ConcurrentHashMap<>();
  private final Ticker ticker;
  private final Bounds bounds;
  private final Tally tally = new Tally();

  /** With nothing spent yet. */
  public Admission(Ticker ticker, Bounds bounds) {
    this.ticker = ticker;
    this.bounds = bounds;
  }

  /**
   * Lets a request in or says which limit keeps it out. Waits, on the caller's thread and for a
   * bounded time, while only requests in flight are in the way. Refused requests consume nothing.
   */
  public Outcome<Reservation> admit(AdmissionRequest request) {
    return ledger(request.key().namespace()).admit(request);
  }

  /**
   * Books a charge without a reservation, or a correction of one.
   *
   * @param nanoUsd added to what the key, those above it and the namespace have spent; may be
   *     negative
   * @return the change of the whole micro-USD that the key's own requests were charged
   */
  public long book(KeyRecord key, long startedAtMicros, long nanoUsd) {
    return ledger(key.namespace()).book(key, startedAtMicros, nanoUsd);
  }

  /** Adds spend from before this process, of one principal and one quarter hour. */
  public void load(NamespaceId namespace, Principal principal, long slot, long nanoUsd) {
    ledger(namespace)
        .with(
            principal,
            account -> {
              account.spend().add(slot, nanoUsd);
              return true;
            });
  }

  /** Sets what a principal had spent in all before this process; called after {@link #load}. */
  public void loadTotal(NamespaceId namespace, Principal principal, long nanoUsd) {
    ledger(namespace)
        .with(
            principal,
            account -> {
              account.spend().total(nanoUsd);
              return true;
            });
  }

  /**
   * Sets what the requests of a key itself, without those of keys below it, had been charged before
   * this process, so that fractions of a micro-USD go on from there.
   */
  public void loadCharged(NamespaceId namespace, KeyId key, long nanoUsd) {
    ledger(namespace)
        .with(
            Principal.of(key),
            account -> {
              account.charged(nanoUsd);
              return true;
            });
  }

  /** Sets from where totals of a principal count, unless that is set already. */
  public void baseline(NamespaceId namespace, Principal principal, long nanoUsd) {
    ledger(namespace)
        .with(
            principal,
            account -> {
              account.baseline(nanoUsd);
              return true;
            });
  }

  @Override
  public long lifetimeNanos(NamespaceId namespace, Principal principal) {
    return ledger(namespace).with(principal, account -> account.spend().total());
  }

  @Override
  public Standing standing(NamespaceId namespace, Metered<Budget> budget) {
    BudgetWindow window = budget.clause().window();
    long now = ticker.epochMicros();
    long first = window.firstSlot(now);
    return ledger(namespace)
        .with(
            budget.source().principal(),
            account -> {
              long settled = account.settled(first);
              long lastHour =
                  account
                      .spend()
                      .since(new BudgetWindow.Rolling(BudgetWindow.Unit.HOUR).firstSlot(now));
              return new Standing(
                  settled,
                  account.reserved(),
                  first == Long.MIN_VALUE ? 0 : first * BudgetWindow.SLOT_MICROS,
                  settled == 0 ? Long.MAX_VALUE : window.endOf(account.spend().slotOf(first, 1)),
                  lastHour);
            });
  }

  /** Requests since the start that money of a budget was held for. */
  public long reservations() {
    return tally.reservations().sum();
  }

  /** How often since the start rate limits were asked whether a request may come in. */
  public long rateDecisions() {
    return tally.rateDecisions().sum();
  }

  /** Forgets a namespace that is gone. */
  public void remove(NamespaceId namespace) {
    ledgers.remove(namespace);
  }

  /** Lets go what time has made free; called every second or so. */
  public void sweep() {
    ledgers.values().forEach(NamespaceLedger::sweep);
  }

  private NamespaceLedger ledger(NamespaceId namespace) {
    NamespaceLedger ledger = ledgers.get(namespace);
    return ledger != null
        ? ledger
        : ledgers.computeIfAbsent(namespace, unused -> new NamespaceLedger(ticker, bounds, tally));
  }
}

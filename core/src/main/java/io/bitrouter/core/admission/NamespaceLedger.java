package io.bitrouter.core.admission;

import io.bitrouter.core.admission.Reservation.Extension;
import io.bitrouter.core.admission.Reservation.Hold;
import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.policy.BudgetWindow;
import io.bitrouter.core.policy.Metered;
import io.bitrouter.core.policy.PolicySpec.Budget;
import io.bitrouter.core.policy.Principal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * All rates, concurrency and money of one namespace behind one lock, which is held for about a
 * microsecond and never across I/O. A request is let in whole or not at all: nobody ever sees a
 * part of one that is refused. Thread-safe.
 */
final class NamespaceLedger {

  private final Ticker ticker;
  private final int queue;
  private final Admission.Tally tally;
  private final ReentrantLock lock = new ReentrantLock();
  private final WaitingLine line;
  private final Rates rates;
  private final Account whole = new Account();
  private final Map<KeyId, Account> keys = new HashMap<>();

  NamespaceLedger(Ticker ticker, Admission.Bounds bounds, Admission.Tally tally) {
    this.ticker = ticker;
    this.queue = bounds.queue();
    this.tally = tally;
    this.line = new WaitingLine(lock, bounds.waitNanos());
    this.rates = new Rates(ticker, this::account, tally.rateDecisions());
  }

  // --- letting in -------------------------------------------------------------------------------

  /** Lets a request in, at once or after waiting in line for money that others hold. */
  Outcome<Reservation> admit(AdmissionRequest request) {
    lock.lock();
    try {
      Reservation asked = new Reservation(this, request, lineage(request.key()), holds(request));
      List<Account> full = new ArrayList<>(0);
      Optional<Outcome<Reservation>> outcome = attempt(asked, full, asked.behindOthers());
      if (outcome.isEmpty() && line.arriving() < queue) {
        outcome = line.awaitEntry(asked.budgeted(), lacking -> attempt(asked, lacking, false));
      }
      return outcome.orElseGet(() -> Outcome.refused(contended(asked, full)));
    } finally {
      lock.unlock();
    }
  }

  /** Tries to let a request in; empty when only requests in flight, or in line, are in the way. */
  private Optional<Outcome<Reservation>> attempt(
      Reservation asked, List<Account> full, boolean behindOthers) {
    AdmissionRequest request = asked.request();
    Optional<Refusal> refused = rates.refusal(request);
    if (refused.isPresent()) {
      return Optional.of(Outcome.refused(refused.get()));
    }
    List<Metered<Budget>> budgets = request.policy().budgets();
    long now = budgets.isEmpty() ? 0 : ticker.epochMicros();
    long granted = request.need().wanted();
    for (int i = 0; i < budgets.size(); i++) {
      Budget clause = budgets.get(i).clause();
      if (clause.window() instanceof BudgetWindow.UnknownZone window) {
        return Optional.of(Outcome.refused(LimitRefusals.unknownZone(budgets.get(i), window)));
      }
      Hold hold = asked.hold(i);
      long need = hold.strict() ? request.need().worst() : request.need().least();
      long left = clause.limitNanoUsd() - hold.account().settled(clause.window().firstSlot(now));
      if (need > left) {
        return Optional.of(
            Outcome.refused(spent(request, budgets.get(i), hold.account(), need, now)));
      }
      long free = left - hold.account().reserved();
      if (need > free) {
        full.add(hold.account());
      } else if (!hold.strict()) {
        granted = Math.min(granted, free);
      }
    }
    if (behindOthers || !full.isEmpty()) {
      return Optional.empty();
    }
    rates.admitted(request);
    asked.begin(granted);
    if (!budgets.isEmpty()) {
      tally.reservations().increment();
    }
    return Optional.of(Outcome.done(asked));
  }

  /** What is to be held for each budget of a request: one hold for each account. */
  private List<Hold> holds(AdmissionRequest request) {
    List<Metered<Budget>> budgets = request.policy().budgets();
    List<Hold> holds = new ArrayList<>(budgets.size());
    for (Metered<Budget> budget : budgets) {
      Account account = account(budget.source().principal());
      Hold hold = hold(holds, account);
      if (budget.clause().mode() == Budget.Mode.STRICT) {
        hold.makeStrict();
      }
      holds.add(hold);
    }
    return holds;
  }

  private static Hold hold(List<Hold> holds, Account account) {
    for (Hold hold : holds) {
      if (hold.account() == account) {
        return hold;
      }
    }
    return new Hold(account);
  }

  private static Refusal contended(Reservation asked, List<Account> full) {
    List<Metered<Budget>> budgets = asked.request().policy().budgets();
    int inTheWay = 0;
    for (int i = budgets.size() - 1; i >= 0; i--) {
      Account account = asked.hold(i).account();
      if (full.contains(account) || full.isEmpty() && account.waiting() > 0) {
        inTheWay = i;
      }
    }
    return LimitRefusals.contended(budgets.get(inTheWay));
  }

  private static Refusal spent(
      AdmissionRequest request, Metered<Budget> budget, Account account, long need, long now) {
    long limit = budget.clause().limitNanoUsd();
    if (need > limit) {
      return LimitRefusals.largerThanBudget(budget, request, need);
    }
    BudgetWindow window = budget.clause().window();
    long first = window.firstSlot(now);
    long settled = account.settled(first);
    long slot = account.spend().slotOf(first, settled + need - limit);
    return LimitRefusals.budget(budget, request, settled, need, window.endOf(slot));
  }

  /** See {@link Reservation#requestRate} and {@link Reservation#tokenRate}. */
  Optional<RateState> rateState(AdmissionRequest request, boolean requests) {
    if (request.policy().rateLimits().isEmpty()) {
      return Optional.empty();
    }
    lock.lock();
    try {
      return rates.state(request, requests);
    } finally {
      lock.unlock();
    }
  }

  // --- growing and ending -----------------------------------------------------------------------

  /** See {@link Reservation#extend}. */
  Extension extend(Reservation reservation, long used, long tranche) {
    lock.lock();
    try {
      Extension extension =
          tryExtend(reservation, used, tranche, new ArrayList<>(0)).orElse(Extension.CONTENDED);
      // Others may learn from it that there is nothing left to wait for.
      line.wake();
      return extension;
    } finally {
      lock.unlock();
    }
  }

  /** See {@link Reservation#giveBack}. */
  void giveBack(Reservation reservation, long nanos) {
    lock.lock();
    try {
      if (!reservation.ended()) {
        reservation.shrink(nanos);
        line.wake();
      }
    } finally {
      lock.unlock();
    }
  }

  /** See {@link Reservation#awaitExtension}. */
  boolean awaitExtension(Reservation reservation, long used, long tranche) {
    lock.lock();
    try {
      reservation.consumed(used);
      line.wake();
      Optional<Extension> extension =
          line.awaitExtension(
              reservation.budgeted(), full -> tryExtend(reservation, used, tranche, full));
      line.wake();
      return extension.filter(Extension.GRANTED::equals).isPresent();
    } finally {
      lock.unlock();
    }
  }

  /** Tries to let a reservation grow; empty when only other requests in flight are in the way. */
  private Optional<Extension> tryExtend(
      Reservation reservation, long used, long tranche, List<Account> full) {
    if (reservation.ended()) {
      return Optional.of(Extension.SPENT);
    }
    reservation.consumed(used);
    List<Metered<Budget>> budgets = reservation.request().policy().budgets();
    long now = ticker.epochMicros();
    long grant = Math.max(0, used - reservation.usable()) + tranche;
    for (int i = 0; i < budgets.size(); i++) {
      Hold hold = reservation.hold(i);
      if (hold.strict()) {
        continue;
      }
      Account account = hold.account();
      Budget clause = budgets.get(i).clause();
      long left = clause.limitNanoUsd() - account.settled(clause.window().firstSlot(now));
      if (account.consumed() >= left) {
        return Optional.of(Extension.SPENT);
      }
      long free = left - account.reserved();
      if (free < 0 || free == 0 && !othersHoldUnused(account, hold, reservation)) {
        full.add(account);
      }
      grant = Math.min(grant, free);
    }
    // Others may hold all that is left without having used it. Then one tranche may be held beyond
    // a limit, and never a second one: what is settled and held is above it by one at most.
    if (!full.isEmpty()) {
      return Optional.empty();
    }
    reservation.grow(grant > 0 ? grant : tranche);
    return Optional.of(Extension.GRANTED);
  }

  /** Whether requests in flight other than this one hold something they have not used. */
  private static boolean othersHoldUnused(Account account, Hold hold, Reservation reservation) {
    long unused = account.reserved() - account.consumed();
    return unused > hold.amount() - reservation.consumed();
  }

  /** Ends a reservation; returns the increment of the key's whole micro-USD. */
  long settle(Reservation reservation, long nanoUsd, long tokens) {
    lock.lock();
    try {
      AdmissionRequest request = reservation.request();
      reservation.end();
      if (tokens > 0) {
        rates.used(request, tokens);
      }
      long micros = book(reservation.lineage(), request.startedAtMicros(), nanoUsd);
      line.wake();
      return micros;
    } finally {
      lock.unlock();
    }
  }

  /** Books a charge, or takes one back, and returns what the key's whole micro-USD change by. */
  long book(KeyRecord key, long startedAtMicros, long nanoUsd) {
    lock.lock();
    try {
      long micros = book(lineage(key), startedAtMicros, nanoUsd);
      line.wake();
      return micros;
    } finally {
      lock.unlock();
    }
  }

  private static long book(List<Account> lineage, long startedAtMicros, long nanoUsd) {
    long slot = Math.floorDiv(startedAtMicros, BudgetWindow.SLOT_MICROS);
    for (Account account : lineage) {
      account.spend().add(slot, nanoUsd);
    }
    return lineage.getFirst().charge(nanoUsd);
  }

  // --- reading and loading ----------------------------------------------------------------------

  /** Runs {@code work} on the account of {@code principal} under the lock. */
  <T> T with(Principal principal, Function<Account, T> work) {
    lock.lock();
    try {
      return work.apply(account(principal));
    } finally {
      lock.unlock();
    }
  }

  /** Reads a figure under the lock. */
  long locked(LongSupplier figure) {
    lock.lock();
    try {
      return figure.getAsLong();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Lets windows of some accounts go in which nothing counts any more, and requests in for which
   * time has made room.
   */
  void sweep() {
    lock.lock();
    try {
      rates.sweep();
      line.wake();
    } finally {
      lock.unlock();
    }
  }

  private List<Account> lineage(KeyRecord key) {
    Account own = account(key.id());
    if (own.lineage().isEmpty()) {
      List<Account> lineage = new ArrayList<>(2 + key.ancestors().size());
      lineage.add(own);
      key.ancestors().forEach(ancestor -> lineage.add(account(ancestor)));
      lineage.add(whole);
      own.lineage(List.copyOf(lineage));
    }
    return own.lineage();
  }

  private Account account(KeyId key) {
    return keys.computeIfAbsent(key, unused -> new Account());
  }

  private Account account(Principal principal) {
    return switch (principal.kind()) {
      case NAMESPACE -> whole;
      case API_KEY -> account(new KeyId(principal.id()));
    };
  }
}

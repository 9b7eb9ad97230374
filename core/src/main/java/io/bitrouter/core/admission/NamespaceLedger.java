package io.bitrouter.core.admission;

import io.bitrouter.core.admission.RateWindow.Counted;
import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.kernel.Money;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.policy.BudgetWindow;
import io.bitrouter.core.policy.Metered;
import io.bitrouter.core.policy.PolicySpec.Budget;
import io.bitrouter.core.policy.PolicySpec.RateLimit;
import io.bitrouter.core.policy.Principal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All rates, concurrency and money of one namespace behind one lock, which is held for about a
 * microsecond and never across I/O. A request is let in whole or not at all: nobody ever sees a
 * part of one that is refused. Thread-safe.
 */
final class NamespaceLedger {

  private static final int SWEPT_AT_ONCE = 256;

  private final Ticker ticker;
  private final Admission.Bounds bounds;
  private final ReentrantLock lock = new ReentrantLock();
  private final Account whole = new Account();
  private final Map<KeyId, Account> keys = new HashMap<>();

  /** Requests in flight that need more, and then those that wait at the door, in order. */
  private final Deque<Waiter> extending = new ArrayDeque<>();

  private final Deque<Waiter> arriving = new ArrayDeque<>();

  /** Accounts with rate windows, the longest unswept first. */
  private final Deque<Account> windowed = new ArrayDeque<>();

  NamespaceLedger(Ticker ticker, Admission.Bounds bounds) {
    this.ticker = ticker;
    this.bounds = bounds;
  }

  /** One that waits, and what came of it. */
  private static final class Waiter {
    private final Condition woken;
    private final List<Account> accounts;
    private final Attempt attempt;
    private @Nullable Outcome<Reservation> outcome;

    Waiter(Condition woken, List<Account> accounts, Attempt attempt) {
      this.woken = woken;
      this.accounts = accounts;
      this.attempt = attempt;
    }
  }

  /** Tries something once, under the lock; empty when only requests in flight are in the way. */
  private interface Attempt {
    Optional<Outcome<Reservation>> now();
  }

  // --- letting in -------------------------------------------------------------------------------

  /** Lets a request in, at once or after waiting in line for money that others hold. */
  Outcome<Reservation> admit(AdmissionRequest request) {
    lock.lock();
    try {
      List<Account> accounts = accounts(request.key());
      List<Account> budgeted = new ArrayList<>(request.policy().budgets().size());
      for (Metered<Budget> budget : request.policy().budgets()) {
        budgeted.add(account(budget.source().principal()));
      }
      boolean behind = budgeted.stream().anyMatch(account -> account.waiting() > 0);
      Optional<Outcome<Reservation>> outcome = attempt(request, accounts, behind);
      if (outcome.isPresent()) {
        return outcome.get();
      }
      if (arriving.size() >= bounds.queue()) {
        return Outcome.refused(LimitRefusals.contended(request));
      }
      return await(
          arriving,
          new Waiter(lock.newCondition(), budgeted, () -> attempt(request, accounts, false)),
          LimitRefusals.contended(request));
    } finally {
      lock.unlock();
    }
  }

  /** Waits in {@code line} until others make room, at most as long as the bound says. */
  private Outcome<Reservation> await(Deque<Waiter> line, Waiter waiter, Refusal otherwise) {
    line.add(waiter);
    waiter.accounts.forEach(account -> account.waiting(1));
    try {
      long left = bounds.waitNanos();
      while (waiter.outcome == null && left > 0) {
        left = waiter.woken.awaitNanos(left);
      }
      if (waiter.outcome == null) {
        waiter.attempt.now().ifPresent(outcome -> waiter.outcome = outcome);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      line.remove(waiter);
      waiter.accounts.forEach(account -> account.waiting(-1));
    }
    return waiter.outcome == null ? Outcome.refused(otherwise) : waiter.outcome;
  }

  /** Tries all who wait, in order; nobody passes one who waits for the same account. */
  private void wake() {
    Set<Account> blocked = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Deque<Waiter> line : List.of(extending, arriving)) {
      for (Iterator<Waiter> each = line.iterator(); each.hasNext(); ) {
        Waiter waiter = each.next();
        if (waiter.outcome == null && Collections.disjoint(blocked, waiter.accounts)) {
          waiter.attempt.now().ifPresent(outcome -> {
            waiter.outcome = outcome;
            waiter.woken.signal();
          });
        }
        if (waiter.outcome == null) {
          blocked.addAll(waiter.accounts);
        }
      }
    }
  }

  private Optional<Outcome<Reservation>> attempt(
      AdmissionRequest request, List<Account> accounts, boolean behindOthers) {
    long now = ticker.epochMicros();
    Optional<Refusal> refused = rates(request, now);
    if (refused.isPresent()) {
      return Optional.of(Outcome.refused(refused.get()));
    }
    long granted = request.need().wanted();
    boolean contended = behindOthers;
    for (Metered<Budget> budget : request.policy().budgets()) {
      Account account = account(budget.source().principal());
      boolean strict = budget.clause().mode() == Budget.Mode.STRICT;
      long need = strict ? request.need().worst() : request.need().least();
      long limit = budget.clause().limitNanoUsd();
      long settled = account.settled(budget.clause().window().firstSlot(now));
      if (settled + need > limit) {
        return Optional.of(Outcome.refused(spent(request, budget, account, need, now)));
      }
      long free = limit - settled - account.reserved();
      contended |= need > free;
      granted = strict ? granted : Math.min(granted, free);
    }
    if (contended) {
      return Optional.empty();
    }
    return Optional.of(Outcome.done(grant(request, accounts, granted, now)));
  }

  private Reservation grant(
      AdmissionRequest request, List<Account> accounts, long granted, long now) {
    count(request, now);
    accounts.forEach(Account::enter);
    List<Reservation.Hold> holds = new ArrayList<>(2);
    for (Metered<Budget> budget : request.policy().budgets()) {
      hold(holds, budget, request.need().worst(), granted);
    }
    holds.forEach(hold -> hold.account().reserve(hold.amount()));
    return new Reservation(this, request, accounts, holds);
  }

  /** One hold for each account, strict if any budget there is. */
  private void hold(
      List<Reservation.Hold> holds, Metered<Budget> budget, long worst, long granted) {
    Account account = account(budget.source().principal());
    boolean strict = budget.clause().mode() == Budget.Mode.STRICT;
    for (Reservation.Hold hold : holds) {
      if (hold.account() == account) {
        if (strict) {
          hold.makeStrict(Math.max(worst, hold.amount()));
        }
        return;
      }
    }
    holds.add(new Reservation.Hold(account, strict, strict ? worst : granted));
  }

  // --- rates ------------------------------------------------------------------------------------

  private Optional<Refusal> rates(AdmissionRequest request, long now) {
    for (Metered<RateLimit> limit : request.policy().rateLimits()) {
      RateLimit clause = limit.clause();
      Account account = account(limit.source().principal());
      Optional<Refusal> refused = Optional.empty();
      if (clause.maxRequests().isPresent()) {
        refused = rate(request, limit, Counted.REQUESTS, now);
      }
      if (refused.isEmpty() && clause.maxTokens().isPresent()) {
        refused = rate(request, limit, tokens(clause), now);
      }
      if (refused.isEmpty() && account.inFlight() >= clause.maxConcurrent().orElse(Long.MAX_VALUE)) {
        refused = Optional.of(LimitRefusals.concurrency(limit, request));
      }
      if (refused.isPresent()) {
        return refused;
      }
    }
    return Optional.empty();
  }

  private Optional<Refusal> rate(
      AdmissionRequest request, Metered<RateLimit> limit, Counted what, long now) {
    long most = most(limit.clause(), what);
    long asked = asked(request, what);
    if (asked > most) {
      return Optional.of(LimitRefusals.largerThanWindow(limit, request, asked));
    }
    RateWindow window = window(limit, now);
    // What answers use is not known yet, so one more passes as long as there is any room at all.
    long excess =
        window.sum(what, now) + (what == Counted.ACTUAL_TOKENS ? 1 : asked) - most;
    return excess <= 0
        ? Optional.empty()
        : Optional.of(
            LimitRefusals.rate(
                limit, request, what, window.microsUntilFreed(what, excess, now)));
  }

  private void count(AdmissionRequest request, long now) {
    List<RateWindow> counted = new ArrayList<>(2);
    for (Metered<RateLimit> limit : request.policy().rateLimits()) {
      RateLimit clause = limit.clause();
      if (clause.maxRequests().isPresent() || clause.maxTokens().isPresent()) {
        RateWindow window = window(limit, now);
        // Two policies over the same window of the same principal read one count.
        if (!counted.contains(window)) {
          counted.add(window);
          window.add(Counted.REQUESTS, 1, now);
          window.add(Counted.DECLARED_TOKENS, request.declaredTokens(), now);
        }
      }
    }
  }

  private static Counted tokens(RateLimit clause) {
    return switch (clause.count()) {
      case DECLARED -> Counted.DECLARED_TOKENS;
      case ACTUAL -> Counted.ACTUAL_TOKENS;
    };
  }

  private static long most(RateLimit clause, Counted what) {
    return (what == Counted.REQUESTS ? clause.maxRequests() : clause.maxTokens()).orElse(0);
  }

  private static long asked(AdmissionRequest request, Counted what) {
    return switch (what) {
      case REQUESTS -> 1;
      case DECLARED_TOKENS -> request.declaredTokens();
      case ACTUAL_TOKENS -> 0;
    };
  }

  /** How the limit on {@code what} with least left stands; empty when there is none. */
  Optional<RateState> rateState(AdmissionRequest request, boolean requests) {
    lock.lock();
    try {
      long now = ticker.epochMicros();
      @Nullable RateState tightest = null;
      for (Metered<RateLimit> limit : request.policy().rateLimits()) {
        RateLimit clause = limit.clause();
        if ((requests ? clause.maxRequests() : clause.maxTokens()).isPresent()) {
          Counted what = requests ? Counted.REQUESTS : tokens(clause);
          RateWindow window = window(limit, now);
          long used = window.sum(what, now);
          long left = Math.max(0, most(clause, what) - used);
          if (tightest == null || left < tightest.remaining()) {
            long reset = used == 0 ? 0 : window.microsUntilFreed(what, used, now);
            tightest = new RateState(most(clause, what), left, reset);
          }
        }
      }
      return Optional.ofNullable(tightest);
    } finally {
      lock.unlock();
    }
  }

  // --- growing and ending -----------------------------------------------------------------------

  /** See {@link Reservation#extend}. */
  Reservation.Extension extend(Reservation reservation, long consumed, long tranche) {
    lock.lock();
    try {
      Reservation.Extension extension = tryExtend(reservation, consumed, tranche);
      wake();
      return extension;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for what {@link #extend} had to leave open; false when the answer is to be cut. */
  boolean awaitExtension(Reservation reservation, long consumed, long tranche) {
    lock.lock();
    try {
      Attempt attempt =
          () ->
              switch (tryExtend(reservation, consumed, tranche)) {
                case GRANTED -> Optional.of(Outcome.done(reservation));
                case SPENT -> Optional.of(Outcome.refused(LimitRefusals.contended(reservation.request())));
                case CONTENDED -> Optional.empty();
              };
      Outcome<Reservation> outcome =
          attempt
              .now()
              .orElseGet(() ->
                  await(
                      extending,
                      new Waiter(lock.newCondition(), reservation.meteredAccounts(), attempt),
                      LimitRefusals.contended(reservation.request())));
      wake();
      return outcome instanceof Outcome.Done<Reservation>;
    } finally {
      lock.unlock();
    }
  }

  private Reservation.Extension tryExtend(Reservation reservation, long consumed, long tranche) {
    long now = ticker.epochMicros();
    reservation.consumed(consumed);
    long grant = tranche;
    for (Metered<Budget> budget : reservation.request().policy().budgets()) {
      Account account = account(budget.source().principal());
      if (!reservation.grows(account)) {
        continue;
      }
      long settled = account.settled(budget.clause().window().firstSlot(now));
      long limit = budget.clause().limitNanoUsd();
      if (settled + account.consumed() >= limit) {
        return Reservation.Extension.SPENT;
      }
      grant = Math.min(grant, limit - settled - account.reserved());
    }
    if (grant > 0) {
      reservation.grow(grant);
      return Reservation.Extension.GRANTED;
    }
    // Others hold the rest without having used it: one request at a time may go one tranche beyond.
    if (reservation.meteredAccounts().stream().anyMatch(Account::overdrawn)) {
      return Reservation.Extension.CONTENDED;
    }
    reservation.overdraw(tranche);
    return Reservation.Extension.GRANTED;
  }

  /** Ends a reservation; returns the increment of the key's whole micro-USD. */
  long settle(Reservation reservation, long nanoUsd, long tokens) {
    lock.lock();
    try {
      AdmissionRequest request = reservation.request();
      reservation.release();
      reservation.accounts().forEach(Account::leave);
      if (tokens > 0) {
        countActual(request, tokens);
      }
      long micros = book(reservation.accounts(), slot(request.startedAtMicros()), nanoUsd);
      wake();
      return micros;
    } finally {
      lock.unlock();
    }
  }

  private void countActual(AdmissionRequest request, long tokens) {
    long now = ticker.epochMicros();
    List<RateWindow> counted = new ArrayList<>(2);
    for (Metered<RateLimit> limit : request.policy().rateLimits()) {
      RateLimit clause = limit.clause();
      if (clause.maxTokens().isPresent() && clause.count() == RateLimit.Count.ACTUAL) {
        RateWindow window = window(limit, now);
        if (!counted.contains(window)) {
          counted.add(window);
          window.add(Counted.ACTUAL_TOKENS, tokens, now);
        }
      }
    }
  }

  /** Books a charge, or takes one back, and returns what the key's whole micro-USD change by. */
  long book(KeyRecord key, long startedAtMicros, long nanoUsd) {
    lock.lock();
    try {
      long micros = book(accounts(key), slot(startedAtMicros), nanoUsd);
      wake();
      return micros;
    } finally {
      lock.unlock();
    }
  }

  private static long book(List<Account> accounts, long slot, long nanoUsd) {
    SpendSeries own = accounts.getFirst().spend();
    long before = Money.wholeMicros(own.total());
    for (Account account : accounts) {
      account.spend().add(slot, nanoUsd);
    }
    return Money.wholeMicros(own.total()) - before;
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

  /** Lets windows of some accounts go in which nothing counts any more. */
  void sweep() {
    lock.lock();
    try {
      long now = ticker.epochMicros();
      int some = Math.min(windowed.size(), SWEPT_AT_ONCE);
      for (int i = 0; i < some; i++) {
        Account account = windowed.remove();
        if (account.sweep(now)) {
          windowed.add(account);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private RateWindow window(Metered<RateLimit> limit, long now) {
    Account account = account(limit.source().principal());
    if (!account.hasWindows()) {
      windowed.add(account);
    }
    return account.window(limit.clause().windowSecs(), now);
  }

  /** The accounts that a key's spend counts for: its own first, the namespace's last. */
  private List<Account> accounts(KeyRecord key) {
    List<Account> accounts = new ArrayList<>(2 + key.ancestors().size());
    accounts.add(account(key.id()));
    for (KeyId ancestor : key.ancestors()) {
      accounts.add(account(ancestor));
    }
    accounts.add(whole);
    return accounts;
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

  private static long slot(long micros) {
    return Math.floorDiv(micros, BudgetWindow.SLOT_MICROS);
  }

  private Refusal spent(
      AdmissionRequest request, Metered<Budget> budget, Account account, long need, long now) {
    long limit = budget.clause().limitNanoUsd();
    BudgetWindow window = budget.clause().window();
    long first = window.firstSlot(now);
    long settled = account.settled(first);
    if (need > limit) {
      return LimitRefusals.largerThanBudget(budget, request, need);
    }
    long slot = account.spend().slotOf(first, settled + need - limit);
    return LimitRefusals.budget(budget, request, settled, need, window.endOf(slot));
  }

}

package io.bitrouter.core.admission;

import io.bitrouter.core.admission.RateWindow.Counted;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.policy.Metered;
import io.bitrouter.core.policy.PolicySpec.RateLimit;
import io.bitrouter.core.policy.Principal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The rate and concurrency limits of one namespace. Windows slide by the monotonic clock: no
 * correction of the host's time opens or closes one. Not thread-safe; its ledger's lock guards it.
 */
final class Rates {

  private static final int SWEPT_AT_ONCE = 256;

  private final Ticker ticker;
  private final Function<Principal, Account> accounts;
  private final LongAdder decisions;

  /** Accounts with windows, the longest unswept first. */
  private final Deque<Account> windowed = new ArrayDeque<>();

  /** With the accounts that windows are kept in, and where to count that limits were asked. */
  Rates(Ticker ticker, Function<Principal, Account> accounts, LongAdder decisions) {
    this.ticker = ticker;
    this.accounts = accounts;
    this.decisions = decisions;
  }

  /** Why the request cannot come in now: of several reasons the one that lasts longest. */
  Optional<Refusal> refusal(AdmissionRequest request) {
    List<Metered<RateLimit>> limits = request.policy().rateLimits();
    if (limits.isEmpty()) {
      return Optional.empty();
    }
    decisions.increment();
    long now = now();
    Optional<Refusal> longest = Optional.empty();
    for (Metered<RateLimit> limit : limits) {
      RateLimit clause = limit.clause();
      if (clause.maxRequests().isPresent()) {
        longest = longer(longest, rate(request, limit, Counted.REQUESTS, now));
      }
      if (clause.maxTokens().isPresent()) {
        longest = longer(longest, rate(request, limit, tokens(clause), now));
      }
      if (clause.maxConcurrent().isPresent()
          && account(limit).inFlight() >= clause.maxConcurrent().getAsLong()) {
        longest = longer(longest, Optional.of(LimitRefusals.concurrency(limit, request)));
      }
    }
    return longest;
  }

  /** The refusal to be told: one that never ends, or else the one that ends last. */
  private static Optional<Refusal> longer(Optional<Refusal> one, Optional<Refusal> other) {
    return one.isEmpty() || other.isPresent() && millis(other.get()) > millis(one.get())
        ? other
        : one;
  }

  private static long millis(Refusal refusal) {
    return refusal.retryAfterMillis().orElse(Long.MAX_VALUE);
  }

  private Optional<Refusal> rate(
      AdmissionRequest request, Metered<RateLimit> limit, Counted what, long now) {
    long most = most(limit.clause(), what);
    // What an answer will use is not known yet: one more passes as long as there is room at all.
    long asked =
        switch (what) {
          case REQUESTS, ACTUAL_TOKENS -> 1;
          case DECLARED_TOKENS -> request.declaredTokens();
        };
    if (asked > most) {
      return Optional.of(LimitRefusals.largerThanWindow(limit, request, asked));
    }
    RateWindow window = window(limit, now);
    long excess = window.sum(what, now) - (most - asked);
    return excess <= 0
        ? Optional.empty()
        : Optional.of(
            LimitRefusals.rate(limit, request, what, window.microsUntilFreed(what, excess, now)));
  }

  /** Counts a request that is let in. */
  void admitted(AdmissionRequest request) {
    List<Metered<RateLimit>> limits = request.policy().rateLimits();
    if (limits.isEmpty()) {
      return;
    }
    long now = now();
    List<RateWindow> counted = new ArrayList<>(2);
    for (Metered<RateLimit> limit : limits) {
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

  /** Counts what an answer has used. */
  void used(AdmissionRequest request, long tokens) {
    List<Metered<RateLimit>> limits = request.policy().rateLimits();
    if (limits.isEmpty()) {
      return;
    }
    long now = now();
    List<RateWindow> counted = new ArrayList<>(2);
    for (Metered<RateLimit> limit : limits) {
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

  /**
   * How the limit on requests, or on tokens, with least left stands, of those whose amounts the
   * caller may know; empty when there is none.
   */
  Optional<RateState> state(AdmissionRequest request, boolean requests) {
    long now = now();
    @Nullable RateState tightest = null;
    for (Metered<RateLimit> limit : request.policy().rateLimits()) {
      RateLimit clause = limit.clause();
      boolean limits = (requests ? clause.maxRequests() : clause.maxTokens()).isPresent();
      if (limits && LimitRefusals.mayTell(limit.source(), request)) {
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
  }

  /** Lets windows of some accounts go in which nothing counts any more. */
  void sweep() {
    long now = now();
    int some = Math.min(windowed.size(), SWEPT_AT_ONCE);
    for (int i = 0; i < some; i++) {
      Account account = windowed.remove();
      if (account.sweep(now)) {
        windowed.add(account);
      }
    }
  }

  private RateWindow window(Metered<RateLimit> limit, long now) {
    Account account = account(limit);
    if (!account.hasWindows()) {
      windowed.add(account);
    }
    return account.window(limit.clause().windowSecs(), now);
  }

  private Account account(Metered<RateLimit> limit) {
    return accounts.apply(limit.source().principal());
  }

  private long now() {
    return Math.floorDiv(ticker.nanos(), 1_000L);
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
}

package io.bitrouter.core.admission;

import io.bitrouter.core.policy.Principal;
import java.util.List;
import java.util.Optional;

/**
 * What one request that was let in holds of its namespace's limits, until it is settled exactly
 * once. May be grown from any thread; settled by the request's own.
 */
public final class Reservation {

  /** How asking for more went. */
  public enum Extension {
    /** There is more. */
    GRANTED,
    /** Other requests hold what is left; ask by waiting. */
    CONTENDED,
    /** What has been spent leaves nothing. */
    SPENT
  }

  private final NamespaceLedger ledger;
  private final AdmissionRequest request;
  private final List<Account> accounts;
  private final List<Hold> holds;
  private long consumed;
  private boolean ended;

  Reservation(
      NamespaceLedger ledger, AdmissionRequest request, List<Account> accounts, List<Hold> holds) {
    this.ledger = ledger;
    this.request = request;
    this.accounts = accounts;
    this.holds = holds;
  }

  /** What is held of one account. Guarded by the ledger's lock. */
  static final class Hold {
    private final Account account;
    private boolean strict;
    private long amount;
    private boolean beyond;

    Hold(Account account, boolean strict, long amount) {
      this.account = account;
      this.strict = strict;
      this.amount = amount;
    }

    Account account() {
      return account;
    }

    long amount() {
      return amount;
    }

    void makeStrict(long worst) {
      strict = true;
      amount = worst;
    }
  }

  /** The most that is held of any account now, nano-USD; what a crash would leave on the books. */
  public long nanoUsd() {
    return ledger.with(
        Principal.of(request.key().namespace()),
        unused -> holds.stream().mapToLong(Hold::amount).max().orElse(0));
  }

  /** Whether it was made for less than the worst case, so that it has to grow with the answer. */
  public boolean metered() {
    return holds.stream().anyMatch(hold -> !hold.strict);
  }

  /**
   * Asks for another tranche, without waiting.
   *
   * @param consumedNanos what the request is known to have used, nano-USD
   * @param trancheNanos how much more is wanted; less may be granted, see {@link #nanoUsd}
   */
  public Extension extend(long consumedNanos, long trancheNanos) {
    return ledger.extend(this, consumedNanos, trancheNanos);
  }

  /**
   * The same, waiting for others to make room as long as requests may wait at the door.
   *
   * @return false when nothing was granted and the answer is to be cut
   */
  public boolean awaitExtension(long consumedNanos, long trancheNanos) {
    return ledger.awaitExtension(this, consumedNanos, trancheNanos);
  }

  /**
   * Ends it with what the request has really cost, which is booked in full even if it is more than
   * was held.
   *
   * @param nanoUsd the charge
   * @param tokens tokens used, input and output
   * @return the increment of the whole micro-USD in the key's running total
   * @throws IllegalStateException when it has ended before
   */
  public long settle(long nanoUsd, long tokens) {
    return ledger.settle(this, nanoUsd, tokens);
  }

  /** How the tightest limit on requests stands, when there is one. */
  public Optional<RateState> requestRate() {
    return request.policy().rateLimits().isEmpty()
        ? Optional.empty()
        : ledger.rateState(request, true);
  }

  /** How the tightest limit on tokens stands, when there is one. */
  public Optional<RateState> tokenRate() {
    return request.policy().rateLimits().isEmpty()
        ? Optional.empty()
        : ledger.rateState(request, false);
  }

  AdmissionRequest request() {
    return request;
  }

  List<Account> accounts() {
    return accounts;
  }

  List<Account> meteredAccounts() {
    return holds.stream().filter(hold -> !hold.strict).map(Hold::account).toList();
  }

  boolean grows(Account account) {
    return holds.stream().anyMatch(hold -> hold.account == account && !hold.strict);
  }

  /** Notes what has been used of what is held; never less than before. */
  void consumed(long nanos) {
    long more = Math.max(0, nanos - consumed);
    consumed += more;
    holds.forEach(hold -> hold.account.consume(more));
  }

  void grow(long nanos) {
    for (Hold hold : holds) {
      if (!hold.strict) {
        hold.amount += nanos;
        hold.account.reserve(nanos);
        if (hold.beyond) {
          hold.beyond = false;
          hold.account.overdrawn(false);
        }
      }
    }
  }

  /** Grows beyond the limit; the accounts remember it, so that only one request at a time does. */
  void overdraw(long nanos) {
    grow(nanos);
    for (Hold hold : holds) {
      if (!hold.strict) {
        hold.beyond = true;
        hold.account.overdrawn(true);
      }
    }
  }

  void release() {
    if (ended) {
      throw new IllegalStateException("a reservation ends once");
    }
    ended = true;
    for (Hold hold : holds) {
      hold.account.reserve(-hold.amount);
      hold.account.consume(-consumed);
      if (hold.beyond) {
        hold.account.overdrawn(false);
      }
    }
  }
}

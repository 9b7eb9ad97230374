package io.bitrouter.core.admission;

import java.util.ArrayList;
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
    /** What has been spent leaves nothing, or the request has ended. */
    SPENT
  }

  private final NamespaceLedger ledger;
  private final AdmissionRequest request;
  private final List<Account> lineage;
  private final List<Hold> byBudget;
  private final List<Hold> holds;
  private long consumed;
  private boolean ended;

  /** One for a request that holds nothing yet; {@code byBudget} in the order of its budgets. */
  Reservation(
      NamespaceLedger ledger,
      AdmissionRequest request,
      List<Account> lineage,
      List<Hold> byBudget) {
    this.ledger = ledger;
    this.request = request;
    this.lineage = lineage;
    this.byBudget = byBudget;
    this.holds = distinct(byBudget);
  }

  /**
   * What is held of one account. It is the whole worst case when any budget of the account is
   * strict, and then every budget of the account reckons with it. Guarded by the ledger's lock.
   */
  static final class Hold {
    private final Account account;
    private boolean strict;
    private long amount;

    Hold(Account account) {
      this.account = account;
    }

    Account account() {
      return account;
    }

    boolean strict() {
      return strict;
    }

    long amount() {
      return amount;
    }

    void makeStrict() {
      strict = true;
    }

    private void grow(long nanos) {
      amount += nanos;
      account.reserve(nanos);
    }
  }

  private static List<Hold> distinct(List<Hold> holds) {
    // Many policies look at few accounts: a principal each.
    List<Hold> distinct = new ArrayList<>(2);
    for (Hold hold : holds) {
      if (!distinct.contains(hold)) {
        distinct.add(hold);
      }
    }
    return distinct;
  }

  /** The most that is held of any account now, nano-USD; what a crash would leave on the books. */
  public long nanoUsd() {
    return ledger.locked(() -> holds.stream().mapToLong(hold -> hold.amount).max().orElse(0));
  }

  /**
   * What it may use before it has to be extended, nano-USD: the least that is held of any account;
   * {@link Long#MAX_VALUE} when no budget applies.
   */
  public long usableNanoUsd() {
    return ledger.locked(this::usable);
  }

  /** The same, under the ledger's lock. */
  long usable() {
    return holds.stream().mapToLong(hold -> hold.amount).min().orElse(Long.MAX_VALUE);
  }

  /** Whether it was made for less than the worst case, so that it has to grow with the answer. */
  public boolean metered() {
    return holds.stream().anyMatch(hold -> !hold.strict);
  }

  /**
   * Asks for another tranche, and for what has been used beyond what is held, without waiting.
   *
   * @param usedNanos what the request is known to have used, nano-USD
   * @param trancheNanos how much more than that is wanted; less may be granted, see {@link
   *     #usableNanoUsd}
   */
  public Extension extend(long usedNanos, long trancheNanos) {
    return ledger.extend(this, usedNanos, trancheNanos);
  }

  /**
   * The same, waiting for others to make room as long as requests may wait at the door.
   *
   * @return false when nothing was granted and the answer is to be cut
   */
  public boolean awaitExtension(long usedNanos, long trancheNanos) {
    return ledger.awaitExtension(this, usedNanos, trancheNanos);
  }

  /**
   * Gives back a part of what is held, of which it is known that the request will not use it. An
   * account that is held in full keeps all of it.
   */
  public void giveBack(long nanoUsd) {
    ledger.giveBack(this, nanoUsd);
  }

  /**
   * Ends it with what the request has really cost, which is booked in full even if it is more than
   * was held.
   *
   * @param nanoUsd the charge
   * @param tokens tokens used, input and output
   * @return the increment of the whole micro-USD that the key's own requests were charged
   * @throws IllegalStateException when it has ended before
   */
  public long settle(long nanoUsd, long tokens) {
    return ledger.settle(this, nanoUsd, tokens);
  }

  /** How the tightest limit on requests stands, when there is one. */
  public Optional<RateState> requestRate() {
    return ledger.rateState(request, true);
  }

  /** How the tightest limit on tokens stands, when there is one. */
  public Optional<RateState> tokenRate() {
    return ledger.rateState(request, false);
  }

  AdmissionRequest request() {
    return request;
  }

  /** The accounts that its spend counts for. */
  List<Account> lineage() {
    return lineage;
  }

  /** What it holds, or is to hold, under its budget of that index. */
  Hold hold(int budget) {
    return byBudget.get(budget);
  }

  /** The accounts it needs room in. */
  List<Account> budgeted() {
    return holds.stream().map(Hold::account).toList();
  }

  /** Whether anyone waits for room in an account that it needs room in. */
  boolean behindOthers() {
    for (Hold hold : holds) {
      if (hold.account.waiting() > 0) {
        return true;
      }
    }
    return false;
  }

  boolean ended() {
    return ended;
  }

  /** Lets the request in, with {@code nanos} of each account that is not to be held in full. */
  void begin(long nanos) {
    lineage.forEach(Account::enter);
    for (Hold hold : holds) {
      hold.grow(hold.strict ? request.need().worst() : nanos);
    }
  }

  /** What is known to have been used of what is held, nano-USD. */
  long consumed() {
    return consumed;
  }

  /**
   * Notes what has been used; of it counts what is held, never less than before, nothing after the
   * end.
   */
  void consumed(long usedNanos) {
    long more = ended ? 0 : Math.max(0, Math.min(usedNanos, usable()) - consumed);
    consumed += more;
    holds.forEach(hold -> hold.account.consume(more));
  }

  void grow(long nanos) {
    for (Hold hold : holds) {
      if (!hold.strict) {
        hold.grow(nanos);
      }
    }
  }

  /** Gives back at most what is held and not used. */
  void shrink(long nanos) {
    for (Hold hold : holds) {
      if (!hold.strict) {
        hold.grow(-Math.clamp(nanos, 0, Math.max(0, hold.amount - consumed)));
      }
    }
  }

  void end() {
    if (ended) {
      throw new IllegalStateException("a reservation ends once");
    }
    ended = true;
    lineage.forEach(Account::leave);
    for (Hold hold : holds) {
      hold.grow(-hold.amount);
      hold.account.consume(-consumed);
    }
  }
}

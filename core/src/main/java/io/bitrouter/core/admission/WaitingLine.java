package io.bitrouter.core.admission;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Those of one namespace who wait for money that others hold, in order. Nobody passes one who waits
 * for the same account; who waits for another account, as a sibling's key with its own budget, is
 * in nobody's way. Every method is called under the ledger's lock, which waiting lets go of.
 */
final class WaitingLine {

  private final ReentrantLock lock;
  private final long waitNanos;

  /** Requests in flight that need more, and then those that wait at the door. */
  private final Deque<Waiter<?>> extending = new ArrayDeque<>();

  private final Deque<Waiter<?>> arriving = new ArrayDeque<>();

  WaitingLine(ReentrantLock lock, long waitNanos) {
    this.lock = lock;
    this.waitNanos = waitNanos;
  }

  /**
   * Tries something once.
   *
   * @param <T> what comes of it
   */
  interface Attempt<T> {
    /**
     * What came of it; empty when only requests in flight are in the way.
     *
     * @param full takes the accounts that then have no room
     */
    Optional<T> now(List<Account> full);
  }

  private static final class Waiter<T> {
    private final Condition woken;
    private final List<Account> accounts;
    private final Attempt<T> attempt;
    private final List<Account> full = new ArrayList<>(1);
    private Optional<T> outcome = Optional.empty();

    Waiter(Condition woken, List<Account> accounts, Attempt<T> attempt) {
      this.woken = woken;
      this.accounts = accounts;
      this.attempt = attempt;
    }

    /** Stands in the way of nobody until it has tried again. */
    void standAside() {
      full.forEach(account -> account.waiting(-1));
      full.clear();
    }

    /** Whether anything came of trying; if not, it waits for the accounts without room. */
    boolean tries() {
      outcome = attempt.now(full);
      if (outcome.isPresent()) {
        full.clear();
      }
      full.forEach(account -> account.waiting(1));
      return outcome.isPresent();
    }
  }

  /** How many wait at the door. */
  int arriving() {
    return arriving.size();
  }

  /** Waits at the door, see {@link #await}. */
  <T> Optional<T> awaitEntry(List<Account> accounts, Attempt<T> attempt) {
    return await(arriving, accounts, attempt, !anyoneWaits(accounts));
  }

  /** Waits in flight, see {@link #await}; before all who wait at the door. */
  <T> Optional<T> awaitExtension(List<Account> accounts, Attempt<T> attempt) {
    return await(extending, accounts, attempt, true);
  }

  /**
   * Waits until something comes of {@code attempt}, at most as long as the bound says; empty when
   * nothing did.
   *
   * @param accounts all that it wants room in
   * @param itsTurn whether nobody is before it
   */
  private <T> Optional<T> await(
      Deque<Waiter<?>> line, List<Account> accounts, Attempt<T> attempt, boolean itsTurn) {
    Waiter<T> waiter = new Waiter<>(lock.newCondition(), accounts, attempt);
    if (itsTurn && waiter.tries()) {
      return waiter.outcome;
    }
    line.add(waiter);
    try {
      long left = waitNanos;
      while (waiter.outcome.isEmpty() && left > 0) {
        left = waiter.woken.awaitNanos(left);
      }
      if (waiter.outcome.isEmpty()) {
        // Time makes room too, and wakes nobody.
        waiter.standAside();
        waiter.tries();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      waiter.standAside();
      if (line.remove(waiter)) {
        wake();
      }
    }
    return waiter.outcome;
  }

  /** Lets all try who wait, in order, except those who would pass somebody. */
  void wake() {
    if (extending.isEmpty() && arriving.isEmpty()) {
      return;
    }
    extending.forEach(Waiter::standAside);
    arriving.forEach(Waiter::standAside);
    wake(extending);
    wake(arriving);
  }

  private static void wake(Deque<Waiter<?>> line) {
    for (Iterator<Waiter<?>> each = line.iterator(); each.hasNext(); ) {
      Waiter<?> waiter = each.next();
      if (!anyoneWaits(waiter.accounts) && waiter.tries()) {
        each.remove();
        waiter.woken.signal();
      }
    }
  }

  /** Whether somebody waits for one of the accounts. */
  private static boolean anyoneWaits(List<Account> accounts) {
    for (Account account : accounts) {
      if (account.waiting() > 0) {
        return true;
      }
    }
    return false;
  }
}

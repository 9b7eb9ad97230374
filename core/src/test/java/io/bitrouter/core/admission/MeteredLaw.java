package io.bitrouter.core.admission;

import io.bitrouter.core.TestClock;
import io.bitrouter.core.TestRules;
import io.bitrouter.core.admission.MeteredUnderTest.Flow;
import io.bitrouter.core.admission.Reservation.Extension;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.policy.BudgetWindow.Rolling;
import io.bitrouter.core.policy.BudgetWindow.Total;
import io.bitrouter.core.policy.BudgetWindow.Unit;
import io.bitrouter.core.policy.EffectivePolicy;
import io.bitrouter.core.policy.Metered;
import io.bitrouter.core.policy.PolicySpec.Budget;
import io.bitrouter.core.policy.Principal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * The law of metered budgets: answers of random length flow in random tranches, are extended, wait
 * and are cut. A limit is never passed by more than one tranche, every thread ends, and in the end
 * nobody holds anything or waits.
 */
final class MeteredLaw {

  private static final long TRANCHE = 1_000;
  private static final long PATIENCE_MILLIS = 60_000;

  private final NamespaceLedger ledger;
  private final MeteredUnderTest under;
  private final List<KeyRecord> keys;
  private final List<EffectivePolicy> policies;
  private final long now;
  private final AtomicLong spent = new AtomicLong();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  /**
   * One law.
   *
   * @param threads answers at once
   * @param requests of each thread
   * @param bounds how long and how many may wait
   */
  record Scale(int threads, int requests, Admission.Bounds bounds) {}

  private MeteredLaw(
      RandomGenerator random, Scale scale, Function<NamespaceLedger, MeteredUnderTest> make) {
    TestClock clock = TestClock.at("2026-03-29T12:34:56Z");
    this.now = clock.epochMicros();
    this.ledger = new NamespaceLedger(clock, scale.bounds(), new Admission.Tally());
    this.under = make.apply(ledger);
    KeyRecord a = TestRules.key("a");
    this.keys = List.of(a, TestRules.below(a, "b"), TestRules.below(a, "c"), TestRules.key("d"));
    TestRules rules = new TestRules();
    long spend = 3L * scale.threads() * scale.requests();
    rules.bind(budget(random, spend), TestRules.whole());
    rules.bind(budget(random, spend), TestRules.whole());
    for (KeyRecord key : keys) {
      if (random.nextBoolean()) {
        rules.bind(budget(random, spend), Principal.of(key.id()));
      }
    }
    if (random.nextBoolean()) {
      rules.bind(
          TestRules.budget(new Total(), spend, Budget.Mode.STRICT),
          Principal.of(TestRules.key("d").id()));
    }
    this.policies = keys.stream().map(rules::effective).toList();
  }

  private static Budget budget(RandomGenerator random, long spend) {
    return TestRules.budget(
        random.nextBoolean() ? new Total() : new Rolling(Unit.DAY),
        5 + random.nextLong(1 + (spend >> random.nextInt(8))),
        Budget.Mode.METERED);
  }

  /** Checks the law once. */
  static void check(
      RandomGenerator random, Scale scale, Function<NamespaceLedger, MeteredUnderTest> make)
      throws InterruptedException {
    MeteredLaw law = new MeteredLaw(random, scale, make);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < scale.threads(); i++) {
      long seed = random.nextLong();
      threads.add(Thread.ofPlatform().daemon().start(() -> law.run(seed, scale.requests())));
    }
    for (Thread thread : threads) {
      thread.join(PATIENCE_MILLIS);
      if (thread.isAlive()) {
        throw new AssertionError("a thread has not ended: " + thread.getState());
      }
    }
    if (law.failure.get() != null) {
      throw new AssertionError(law.failure.get().getMessage(), law.failure.get());
    }
    law.end();
  }

  private void run(long seed, int requests) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    try {
      for (int i = 0; i < requests; i++) {
        int key = random.nextInt(keys.size());
        long least = 1 + random.nextInt(300);
        long wanted = least + random.nextLong(TRANCHE);
        Need need = new Need(wanted + random.nextLong(10 * TRANCHE), least, wanted);
        Optional<Flow> flow =
            under.reserve(
                new AdmissionRequest(keys.get(key), policies.get(key), now, 0, need, true));
        if (flow.isPresent()) {
          long used = flow(random, flow.get(), random.nextLong(need.worst() + 1));
          spent.addAndGet(used);
          flow.get().settle(used);
        }
        observe(policies.get(key));
      }
    } catch (RuntimeException | AssertionError e) {
      failure.compareAndSet(null, e);
    }
  }

  /** Lets an answer flow until it has used {@code whole} or is cut; returns what it used. */
  private static long flow(RandomGenerator random, Flow flow, long whole) {
    long used = 0;
    while (true) {
      long usable = flow.usable();
      used = Math.max(used, Math.min(whole, usable));
      if (used == whole) {
        return used;
      }
      if (random.nextInt(4) == 0) {
        LockSupport.parkNanos(1);
      }
      long tranche = 1 + random.nextLong(TRANCHE);
      // Now and then it is said to be further than it got, as when its input was reckoned too low.
      long said = used + (random.nextInt(8) == 0 ? random.nextLong(3 * TRANCHE) : 0);
      Extension extension = flow.extend(said, tranche);
      boolean more =
          switch (extension) {
            case GRANTED -> true;
            case CONTENDED -> flow.await(said, tranche);
            case SPENT -> false;
          };
      if (!more) {
        return used;
      }
    }
  }

  private void observe(EffectivePolicy policy) {
    for (Metered<Budget> budget : policy.budgets()) {
      long most =
          budget.clause().limitNanoUsd()
              + (budget.clause().mode() == Budget.Mode.METERED ? TRANCHE : 0);
      long first = budget.clause().window().firstSlot(now);
      long seen =
          ledger.with(
              budget.source().principal(), account -> account.settled(first) + account.reserved());
      if (seen > most) {
        throw new AssertionError("beyond one tranche: " + seen + " of " + budget);
      }
    }
  }

  private void end() {
    policies.forEach(this::observe);
    Set<Principal> principals = new LinkedHashSet<>(List.of(TestRules.whole()));
    keys.forEach(key -> principals.add(Principal.of(key.id())));
    for (Principal principal : principals) {
      String left =
          ledger.with(
              principal,
              account ->
                  account.reserved() == 0
                          && account.consumed() == 0
                          && account.inFlight() == 0
                          && account.waiting() == 0
                      ? ""
                      : account.reserved() + " held, " + account.waiting() + " waiting");
      if (!left.isEmpty()) {
        throw new AssertionError(principal + " is not at rest: " + left);
      }
    }
    long booked = ledger.with(TestRules.whole(), account -> account.spend().total());
    if (booked != spent.get()) {
      throw new AssertionError("spent " + spent + ", booked " + booked);
    }
  }
}

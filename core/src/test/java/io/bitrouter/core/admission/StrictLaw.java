package io.bitrouter.core.admission;

import io.bitrouter.core.TestClock;
import io.bitrouter.core.TestRules;
import io.bitrouter.core.admission.LedgerUnderTest.Figures;
import io.bitrouter.core.admission.LedgerUnderTest.Held;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.kernel.Money;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.policy.BudgetWindow;
import io.bitrouter.core.policy.BudgetWindow.Calendar;
import io.bitrouter.core.policy.BudgetWindow.Rolling;
import io.bitrouter.core.policy.BudgetWindow.Total;
import io.bitrouter.core.policy.BudgetWindow.Unit;
import io.bitrouter.core.policy.EffectivePolicy;
import io.bitrouter.core.policy.Metered;
import io.bitrouter.core.policy.PolicySpec.Budget;
import io.bitrouter.core.policy.Principal;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * The law of strict budgets: many threads reserve and settle random costs for keys in lineages,
 * under budgets on keys, on keys above them and on the namespace. What is settled and reserved is
 * never above a limit, and in the end every figure is the fold of the settlements.
 */
final class StrictLaw {

  private static final int DAYS = 40;

  private final LedgerUnderTest ledger;
  private final List<KeyRecord> keys = lineages();
  private final List<EffectivePolicy> policies;
  private final long now;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final List<Worker> workers = new ArrayList<>();

  private StrictLaw(RandomGenerator random, Function<Ticker, LedgerUnderTest> make, long spend) {
    TestClock clock = TestClock.at("2026-03-29T12:34:56Z");
    this.ledger = make.apply(clock);
    this.now = clock.epochMicros();
    TestRules rules = new TestRules();
    rules.bind(TestRules.requests(3_600, Long.MAX_VALUE), TestRules.whole());
    rules.bind(budget(random, spend), TestRules.whole());
    rules.bind(budget(random, spend), Principal.of(keys.get(0).id()));
    for (KeyRecord key : keys) {
      if (random.nextBoolean()) {
        rules.bind(budget(random, spend), Principal.of(key.id()));
      }
    }
    this.policies = keys.stream().map(rules::effective).toList();
  }

  /** Checks the law once. */
  static void check(
      RandomGenerator random, int threads, int operations, Function<Ticker, LedgerUnderTest> make)
      throws InterruptedException {
    StrictLaw law = new StrictLaw(random, make, 500L * threads * operations);
    for (int i = 0; i < threads; i++) {
      law.workers.add(law.new Worker(random.nextLong(), operations));
    }
    List<Thread> running =
        law.workers.stream().map(worker -> Thread.ofPlatform().start(worker)).toList();
    for (Thread thread : running) {
      thread.join(600_000);
      if (thread.isAlive()) {
        throw new AssertionError("a thread has not ended");
      }
    }
    if (law.failure.get() != null) {
      throw new AssertionError(law.failure.get().getMessage(), law.failure.get());
    }
    law.fold();
  }

  private static List<KeyRecord> lineages() {
    KeyRecord a = TestRules.key("a");
    KeyRecord b = TestRules.below(a, "b");
    KeyRecord e = TestRules.key("e");
    return List.of(
        a, b, TestRules.below(b, "c"), TestRules.below(a, "d"), e, TestRules.below(e, "f"));
  }

  private static Budget budget(RandomGenerator random, long spend) {
    Unit unit = List.of(Unit.values()).get(random.nextInt(Unit.values().length));
    BudgetWindow window =
        switch (random.nextInt(3)) {
          case 0 -> new Rolling(unit);
          case 1 -> new Calendar(unit, ZoneId.of("Europe/Berlin"));
          default -> new Total();
        };
    long share = 1 + (spend >> random.nextInt(12)) / 1_000;
    return TestRules.budget(window, 1 + random.nextLong(share), Budget.Mode.STRICT);
  }

  /** One thread, and what it has settled by key and by the day ago that it started. */
  private final class Worker implements Runnable {
    private final RandomGenerator random;
    private final int operations;
    private final long[][] settled = new long[keys.size()][DAYS];
    private final long[] micros = new long[keys.size()];
    private final Deque<Runnable> open = new ArrayDeque<>();
    private long admitted;

    Worker(long seed, int operations) {
      this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
      this.operations = operations;
    }

    @Override
    public void run() {
      try {
        for (int i = 0; i < operations; i++) {
          reserve();
          if (open.size() > 2 || random.nextBoolean() && !open.isEmpty()) {
            open.remove().run();
          }
          if (i % 8 == 0) {
            observe();
          }
        }
        open.forEach(Runnable::run);
      } catch (RuntimeException | AssertionError e) {
        failure.compareAndSet(null, e);
      }
    }

    private void reserve() {
      int key = random.nextInt(keys.size());
      int daysAgo = random.nextInt(3) == 0 ? random.nextInt(DAYS) : 0;
      long worst = 1 + random.nextInt(2_000);
      AdmissionRequest request =
          new AdmissionRequest(
              keys.get(key),
              policies.get(key),
              now - daysAgo * 86_400_000_000L,
              0,
              new Need(worst, random.nextLong(worst), worst),
              true);
      Optional<Held> held = ledger.reserve(request);
      if (held.isPresent()) {
        admitted++;
        long cost = random.nextLong(worst + 1);
        open.add(() -> {
          micros[key] += held.get().settle(cost);
          settled[key][daysAgo] += cost;
        });
      }
    }

    private void observe() {
      List<Metered<Budget>> budgets = policies.get(random.nextInt(policies.size())).budgets();
      Metered<Budget> budget = budgets.get(random.nextInt(budgets.size()));
      Figures seen = ledger.figures(budget.source().principal(), budget.clause().window());
      if (seen.settled() + seen.reserved() > budget.clause().limitNanoUsd()) {
        throw new AssertionError("over the limit: " + seen + " of " + budget);
      }
    }
  }

  private void fold() {
    Set<Principal> principals = new LinkedHashSet<>(List.of(TestRules.whole()));
    keys.forEach(key -> principals.add(Principal.of(key.id())));
    for (Principal principal : principals) {
      for (BudgetWindow window : windows()) {
        long expected = folded(principal, window);
        Figures seen = ledger.figures(principal, window);
        if (seen.settled() != expected) {
          throw new AssertionError(
              principal + " " + window + " is not the fold " + expected + ": " + seen);
        }
        if (seen.reserved() != 0 || seen.inFlight() != 0) {
          throw new AssertionError(principal + " is still held: " + seen);
        }
      }
    }
    long admitted = workers.stream().mapToLong(worker -> worker.admitted).sum();
    if (ledger.requests() != admitted) {
      throw new AssertionError(
          "let in " + admitted + " requests, counted were " + ledger.requests());
    }
    for (int key = 0; key < keys.size(); key++) {
      int index = key;
      long own = workers.stream().mapToLong(worker -> sum(worker.settled[index])).sum();
      long rows = workers.stream().mapToLong(worker -> worker.micros[index]).sum();
      if (rows != Money.wholeMicros(own)) {
        throw new AssertionError("rows add up to " + rows + " micro-USD of " + own + " nano-USD");
      }
    }
  }

  private Set<BudgetWindow> windows() {
    Set<BudgetWindow> windows = new LinkedHashSet<>(List.of(new Total()));
    policies.forEach(
        policy -> policy.budgets().forEach(budget -> windows.add(budget.clause().window())));
    return windows;
  }

  private long folded(Principal principal, BudgetWindow window) {
    long sum = 0;
    for (int key = 0; key < keys.size(); key++) {
      KeyRecord record = keys.get(key);
      boolean counts =
          principal.equals(TestRules.whole())
              || principal.equals(Principal.of(record.id()))
              || record.ancestors().stream().map(Principal::of).anyMatch(principal::equals);
      for (int day = 0; counts && day < DAYS; day++) {
        long slot = Math.floorDiv(now - day * 86_400_000_000L, BudgetWindow.SLOT_MICROS);
        if (slot >= window.firstSlot(now)) {
          for (Worker worker : workers) {
            sum += worker.settled[key][day];
          }
        }
      }
    }
    return sum;
  }

  private static long sum(long[] values) {
    long sum = 0;
    for (long value : values) {
      sum += value;
    }
    return sum;
  }
}

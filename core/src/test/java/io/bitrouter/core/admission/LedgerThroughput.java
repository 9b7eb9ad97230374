package io.bitrouter.core.admission;

import io.bitrouter.core.TestRules;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.policy.BudgetWindow.Calendar;
import io.bitrouter.core.policy.BudgetWindow.Rolling;
import io.bitrouter.core.policy.BudgetWindow.Unit;
import io.bitrouter.core.policy.EffectivePolicy;
import io.bitrouter.core.policy.PolicySpec.Budget;
import io.bitrouter.core.policy.Principal;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;

/**
 * Measures reservations a second, each reserved and settled, with 1, 2 and 4 threads: on one hot
 * budget, and with two budgets, two rate limits and a calendar. No test: it prints figures.
 */
public final class LedgerThroughput {

  private static final long SECONDS = 2;
  private static final int ROUNDS = 3;

  private LedgerThroughput() {}

  /** Runs it. */
  public static void main(String[] arguments) throws InterruptedException {
    KeyRecord parent = TestRules.key("parent");
    KeyRecord key = TestRules.below(parent, "child");
    TestRules hot = new TestRules();
    hot.bind(budget(new Rolling(Unit.DAY)), TestRules.whole());
    TestRules many = new TestRules();
    many.bind(budget(new Calendar(Unit.MONTH, ZoneId.of("Europe/Berlin"))), TestRules.whole());
    many.bind(budget(new Rolling(Unit.DAY)), Principal.of(parent.id()));
    many.bind(TestRules.requests(60, Long.MAX_VALUE), TestRules.whole());
    many.bind(TestRules.requests(60, Long.MAX_VALUE), Principal.of(key.id()));
    for (int round = 0; round < ROUNDS; round++) {
      for (int threads : List.of(1, 2, 4)) {
        measure("one hot budget", hot.effective(key), key, threads);
        measure("two budgets, two limits", many.effective(key), key, threads);
      }
    }
  }

  private static Budget budget(io.bitrouter.core.policy.BudgetWindow window) {
    return TestRules.budget(window, Budget.MOST_MICRO_USD, Budget.Mode.STRICT);
  }

  private static void measure(String what, EffectivePolicy policy, KeyRecord key, int threads)
      throws InterruptedException {
    Ticker ticker = Ticker.system();
    Admission admission = new Admission(ticker, new Admission.Bounds(0, 0));
    CountDownLatch ready = new CountDownLatch(threads);
    LongAdder done = new LongAdder();
    long start = System.nanoTime();
    long end = start + SECONDS * 1_000_000_000L;
    List<Thread> running = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      running.add(
          Thread.ofPlatform()
              .start(() -> {
                ready.countDown();
                long count = 0;
                while (System.nanoTime() < end) {
                  for (int j = 0; j < 256; j++) {
                    reserve(admission, policy, key, ticker.epochMicros());
                  }
                  count += 256;
                }
                done.add(count);
              }));
    }
    ready.await();
    for (Thread thread : running) {
      thread.join();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "%-24s %d threads: %,12.0f reservations/s%n",
        what,
        threads,
        done.sum() / seconds);
  }

  private static void reserve(
      Admission admission, EffectivePolicy policy, KeyRecord key, long now) {
    Outcome<Reservation> outcome =
        admission.admit(new AdmissionRequest(key, policy, now, 100, new Need(9, 5, 7), true));
    if (!(outcome instanceof Outcome.Done<Reservation>(Reservation held))) {
      throw new IllegalStateException(outcome.toString());
    }
    held.settle(8, 100);
  }
}

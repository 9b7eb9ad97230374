package io.bitrouter.it.bench;

import io.bitrouter.core.admission.Admission;
import io.bitrouter.core.admission.AdmissionRequest;
import io.bitrouter.core.admission.Need;
import io.bitrouter.core.admission.Reservation;
import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.credential.ScopeSet;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.policy.Binding;
import io.bitrouter.core.policy.BindingId;
import io.bitrouter.core.policy.BudgetWindow;
import io.bitrouter.core.policy.BudgetWindow.Calendar;
import io.bitrouter.core.policy.BudgetWindow.Rolling;
import io.bitrouter.core.policy.BudgetWindow.Unit;
import io.bitrouter.core.policy.EffectivePolicy;
import io.bitrouter.core.policy.Policy;
import io.bitrouter.core.policy.PolicyId;
import io.bitrouter.core.policy.PolicySpec;
import io.bitrouter.core.policy.PolicySpec.Budget;
import io.bitrouter.core.policy.PolicySpec.RateLimit;
import io.bitrouter.core.policy.Principal;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Requests let in and settled a second by one namespace's ledger, in this process and with nothing
 * around it: under one budget that all of them share, and under as many rules as the other legs
 * have.
 */
final class HotBudgetLeg {

  private static final int ROUNDS = 5;
  private static final int AT_ONCE = 256;

  private static final NamespaceId NAMESPACE = new NamespaceId("ns_0000000000000000000000000a");
  private static final KeyId PARENT = new KeyId("key_parent");
  private static final KeyRecord KEY =
      new KeyRecord(
          NAMESPACE,
          new KeyId("key_child"),
          "child",
          ScopeSet.parse("inference:invoke"),
          List.of(PARENT),
          0,
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          List.of());

  private HotBudgetLeg() {}

  static void run(Report report, Settings settings) throws InterruptedException {
    EffectivePolicy hot =
        EffectivePolicy.of(List.of(bound(budget(new Rolling(Unit.DAY)), whole())));
    EffectivePolicy many =
        EffectivePolicy.of(
            List.of(
                bound(budget(new Calendar(Unit.MONTH, ZoneId.of("Europe/Berlin"))), whole()),
                bound(budget(new Rolling(Unit.DAY)), Principal.of(PARENT)),
                bound(requests(), whole()),
                bound(requests(), Principal.of(KEY.id()))));
    for (EffectivePolicy policy : List.of(hot, many, hot, many)) {
      double unused = round(report, policy, 2, 2_000_000_000L);
    }
    for (int threads : List.of(1, 2, 4)) {
      double median = median(report, hot, threads, settings);
      report.atLeast("one budget, " + threads + " threads", median, "per s", 1_000_000);
    }
    for (int threads : List.of(1, 2, 4)) {
      double median = median(report, many, threads, settings);
      report.figure("two budgets, two limits, " + threads + " threads", median, "per s");
    }
  }

  private static EffectivePolicy.Bound bound(PolicySpec spec, Principal principal) {
    PolicyId id = new PolicyId("pol_1");
    return new EffectivePolicy.Bound(
        new Policy(id, "hot", spec, 1, false, 0, 0, OptionalLong.empty()),
        new Binding(new BindingId("pb_1"), id, principal, 0),
        Optional.empty());
  }

  private static Principal whole() {
    return Principal.of(NAMESPACE);
  }

  private static Budget budget(BudgetWindow window) {
    return new Budget(window, Budget.MOST_MICRO_USD, Budget.Mode.STRICT, Budget.Unpriced.DENY);
  }

  private static RateLimit requests() {
    return new RateLimit(
        60,
        OptionalLong.of(Long.MAX_VALUE),
        OptionalLong.empty(),
        OptionalLong.empty(),
        RateLimit.Count.DECLARED);
  }

  /** Of several rounds. */
  private static double median(
      Report report, EffectivePolicy policy, int threads, Settings settings)
      throws InterruptedException {
    List<Double> rounds = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      rounds.add(round(report, policy, threads, settings.seconds() * 1_000_000_000L / 30));
    }
    rounds.sort(null);
    return Report.quantile(rounds, 0.5);
  }

  private static double round(Report report, EffectivePolicy policy, int threads, long nanos)
      throws InterruptedException {
    Ticker ticker = Ticker.system();
    Admission admission = new Admission(ticker, new Admission.Bounds(0, 0));
    LongAdder done = new LongAdder();
    long start = System.nanoTime();
    List<Thread> running = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      running.add(
          Thread.ofPlatform()
              .start(() -> {
                while (System.nanoTime() < start + nanos) {
                  for (int j = 0; j < AT_ONCE; j++) {
                    reserve(admission, policy, ticker.epochMicros());
                  }
                  done.add(AT_ONCE);
                }
              }));
    }
    for (Thread thread : running) {
      thread.join();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    report.counter("reservations", admission.reservations(), done.sum());
    return done.sum() / seconds;
  }

  private static void reserve(Admission admission, EffectivePolicy policy, long now) {
    Outcome<Reservation> outcome =
        admission.admit(new AdmissionRequest(KEY, policy, now, 100, new Need(9, 5, 7), true));
    if (!(outcome instanceof Outcome.Done<Reservation>(Reservation held))) {
      throw new IllegalStateException(outcome.toString());
    }
    held.settle(8, 100);
  }
}

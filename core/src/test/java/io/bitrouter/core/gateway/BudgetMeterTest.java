package io.bitrouter.core.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.TestClock;
import io.bitrouter.core.TestRules;
import io.bitrouter.core.admission.Admission;
import io.bitrouter.core.admission.AdmissionRequest;
import io.bitrouter.core.admission.Need;
import io.bitrouter.core.admission.Reservation;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.gateway.StreamMeter.Verdict;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.policy.BudgetWindow.Total;
import io.bitrouter.core.policy.PolicySpec.Budget;
import io.bitrouter.core.policy.Principal;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A streamed answer whose output costs 1 nano-USD a byte and whose input was reckoned at 600. */
class BudgetMeterTest {

  private static final KeyRecord KEY = TestRules.key("key");
  private static final long INPUT = 600;
  private static final long TRANCHE = 400;

  private final TestClock clock = TestClock.at("2026-03-28T22:00:00Z");
  private final Admission admission = new Admission(clock, new Admission.Bounds(0, 0));
  private final TestRules rules = new TestRules();
  private final AtomicReference<Optional<Long>> reported = new AtomicReference<>(Optional.empty());
  private final AtomicInteger changes = new AtomicInteger();

  @Test
  void whatWasHeldForTheInputIsGivenBackOnceItIsKnown() {
    budget(2, Budget.Mode.METERED, Principal.of(KEY.id()));
    Reservation held = admit(5_000);
    BudgetMeter meter = meter(held);
    assertThat(meter.flowed(0)).isEqualTo(Verdict.GO_ON);
    assertThat(held.nanoUsd()).isEqualTo(1_000);
    reported.set(Optional.of(50L));
    assertThat(meter.flowed(0)).isEqualTo(Verdict.GO_ON);
    assertThat(held.nanoUsd()).isEqualTo(450);
    assertThat(changes).hasValue(1);
    // The answer has all that the budget leaves it, and is cut there and not at 2,000 - 600.
    assertThat(flow(meter)).isEqualTo(1_950);
    held.settle(2_000, 0);
  }

  /** Whatever is said to be given back: what others find held never falls below nothing. */
  @Test
  void noMoreIsGivenBackThanIsHeld() {
    budget(2, Budget.Mode.METERED, Principal.of(KEY.id()));
    Reservation held = admit(5_000);
    held.giveBack(5_000);
    assertThat(held.nanoUsd()).isZero();
    held.settle(0, 0);
  }

  @Test
  void anInputThatIsDearerThanReckonedCounts() {
    budget(2, Budget.Mode.METERED, Principal.of(KEY.id()));
    Reservation held = admit(5_000);
    reported.set(Optional.of(900L));
    assertThat(flow(meter(held))).isEqualTo(1_100);
    held.settle(2_000, 0);
  }

  /** It asked for a tranche at each event, and was behind what had been used for many of them. */
  @Test
  void whatWasReckonedTooLowIsMadeUpForAtOnce() {
    budget(10, Budget.Mode.METERED, Principal.of(KEY.id()));
    Reservation held = admit(5_000);
    reported.set(Optional.of(4_000L));
    assertThat(meter(held).flowed(1)).isEqualTo(Verdict.GO_ON);
    assertThat(held.nanoUsd()).isEqualTo(4_001 + TRANCHE);
    held.settle(4_001, 0);
  }

  @Test
  void anInputThatAloneIsMoreThanALimitLeavesIsCutAtOnce() {
    budget(2, Budget.Mode.METERED, Principal.of(KEY.id()));
    Reservation held = admit(5_000);
    reported.set(Optional.of(4_000L));
    assertThat(meter(held).flowed(1)).isEqualTo(Verdict.CUT);
    assertThat(held.nanoUsd()).isEqualTo(2_000);
    held.settle(4_001, 0);
  }

  @Test
  void forAShortfallNoMoreThanOneTrancheIsHeldBeyondALimit() {
    budget(2, Budget.Mode.METERED, Principal.of(KEY.id()));
    Reservation held = admit(5_000);
    Reservation other = admit(5_000);
    reported.set(Optional.of(4_000L));
    assertThat(meter(held).flowed(1)).isEqualTo(Verdict.PAUSE);
    assertThat(held.nanoUsd()).isEqualTo(1_000 + TRANCHE);
    held.settle(4_001, 0);
    other.settle(0, 0);
  }

  @Test
  void outputThatCostsNothingFlowsAlthoughAnotherHoldsTheRest() {
    budget(2, Budget.Mode.METERED, Principal.of(KEY.id()));
    Reservation held = admit(5_000);
    Reservation other = admit(5_000);
    reported.set(Optional.of(1_500L));
    BudgetMeter meter =
        new BudgetMeter(
            held,
            new BudgetMeter.Costs(INPUT, reported::get, bytes -> 0, 0),
            changes::incrementAndGet);
    assertThat(meter.flowed(1)).isEqualTo(Verdict.GO_ON);
    held.settle(1_500, 0);
    other.settle(0, 0);
  }

  @Test
  void aReportThatComesAfterTheFirstOutputGivesNothingBack() {
    budget(2, Budget.Mode.METERED, Principal.of(KEY.id()));
    Reservation held = admit(5_000);
    BudgetMeter meter = meter(held);
    assertThat(meter.flowed(350)).isEqualTo(Verdict.GO_ON);
    long before = held.nanoUsd();
    reported.set(Optional.of(50L));
    assertThat(meter.flowed(351)).isEqualTo(Verdict.GO_ON);
    assertThat(held.nanoUsd()).isEqualTo(before);
    held.settle(401, 0);
  }

  /** The whole worst case that the strict one holds says nothing about what the metered one has. */
  @Test
  void aMeteredBudgetBelowAStrictOneIsNotPassed() {
    budget(1_000, Budget.Mode.STRICT, TestRules.whole());
    budget(2, Budget.Mode.METERED, Principal.of(KEY.id()));
    Reservation held = admit(500_000);
    assertThat(flow(meter(held))).isEqualTo(1_400);
    assertThat(held.nanoUsd()).isEqualTo(500_000);
    held.settle(2_000, 0);
  }

  /** Lets output flow byte by byte; how much had come when the answer was cut. */
  private static long flow(BudgetMeter meter) {
    for (long bytes = 1; bytes < 10_000; bytes++) {
      if (meter.flowed(bytes) == Verdict.CUT) {
        return bytes;
      }
    }
    return Long.MAX_VALUE;
  }

  private BudgetMeter meter(Reservation held) {
    return new BudgetMeter(
        held,
        new BudgetMeter.Costs(INPUT, reported::get, bytes -> bytes, TRANCHE),
        changes::incrementAndGet);
  }

  private void budget(long limitMicroUsd, Budget.Mode mode, Principal principal) {
    rules.bind(TestRules.budget(new Total(), limitMicroUsd, mode), principal);
  }

  private Reservation admit(long worst) {
    Outcome<Reservation> outcome =
        admission.admit(
            new AdmissionRequest(
                KEY,
                rules.effective(KEY),
                clock.epochMicros(),
                0,
                new Need(worst, INPUT + 100, INPUT + TRANCHE),
                true));
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return ((Outcome.Done<Reservation>) outcome).value();
  }
}

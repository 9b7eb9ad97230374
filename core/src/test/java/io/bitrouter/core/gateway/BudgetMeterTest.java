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
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** An answer's bytes cost a nano-dollar each here. */
class BudgetMeterTest {

  private static final KeyRecord KEY = TestRules.key("a");
  private static final KeyRecord OTHER = TestRules.key("b");

  private final TestClock clock = TestClock.at("2026-03-28T22:00:00Z");
  private final Admission admission = new Admission(clock, new Admission.Bounds(0, 0));
  private final TestRules rules = new TestRules();
  private final AtomicInteger grown = new AtomicInteger();

  @Test
  void anAnswerGrowsByTranchesAndIsCutWhenNothingIsLeft() {
    rules.bind(TestRules.budget(new Total(), 100, Budget.Mode.METERED), TestRules.whole());
    BudgetMeter meter = meter(admit(KEY, new Need(900_000, 10_000, 50_000)));
    assertThat(meter.flowed(47_000)).isEqualTo(Verdict.GO_ON);
    assertThat(grown).hasValue(0);
    for (long bytes = 48_000; bytes < 100_000; bytes += 1_000) {
      assertThat(meter.flowed(bytes)).isEqualTo(Verdict.GO_ON);
    }
    assertThat(grown).hasValue(5);
    assertThat(meter.flowed(100_000)).isEqualTo(Verdict.CUT);
  }

  /** The worst case that a strict budget holds says nothing about what a metered one has left. */
  @Test
  void aStrictBudgetElsewhereDoesNotLetTheAnswerPassAMeteredOne() {
    rules.bind(TestRules.budget(new Total(), 100, Budget.Mode.METERED), TestRules.whole());
    rules.bind(TestRules.budget(new Total(), 1_000, Budget.Mode.STRICT), Principal.of(KEY.id()));
    Reservation other = admit(OTHER, new Need(50_000, 50_000, 50_000));
    BudgetMeter meter = meter(admit(KEY, new Need(900_000, 10_000, 50_000)));
    // The other request holds what is left; one tranche beyond the limit is all there is.
    assertThat(meter.flowed(50_000)).isEqualTo(Verdict.GO_ON);
    assertThat(meter.flowed(60_000)).isEqualTo(Verdict.PAUSE);
    assertThat(meter.await()).isEqualTo(Verdict.CUT);
    other.settle(0, 0);
    assertThat(meter.await()).isEqualTo(Verdict.GO_ON);
    assertThat(meter.flowed(65_000)).isEqualTo(Verdict.GO_ON);
  }

  private BudgetMeter meter(Reservation reservation) {
    return new BudgetMeter(reservation, bytes -> bytes, 10_000, grown::incrementAndGet);
  }

  private Reservation admit(KeyRecord key, Need need) {
    Outcome<Reservation> outcome =
        admission.admit(
            new AdmissionRequest(key, rules.effective(key), clock.epochMicros(), 0, need, true));
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return ((Outcome.Done<Reservation>) outcome).value();
  }
}

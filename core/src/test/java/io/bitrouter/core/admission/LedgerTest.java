package io.bitrouter.core.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitrouter.core.TestClock;
import io.bitrouter.core.TestRules;
import io.bitrouter.core.admission.Reservation.Extension;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.policy.BudgetWindow.Calendar;
import io.bitrouter.core.policy.BudgetWindow.Rolling;
import io.bitrouter.core.policy.BudgetWindow.Total;
import io.bitrouter.core.policy.BudgetWindow.Unit;
import io.bitrouter.core.policy.EffectivePolicy;
import io.bitrouter.core.policy.PolicySpec.Budget;
import io.bitrouter.core.policy.Principal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

/** Money: who is refused with which words, and what stays on the books. */
class LedgerTest {

  private static final KeyRecord PARENT = TestRules.key("parent");
  private static final KeyRecord CHILD = TestRules.below(PARENT, "child");

  private final TestClock clock = TestClock.at("2026-03-28T22:00:00Z");
  private final Admission admission = new Admission(clock, new Admission.Bounds(0, 0));
  private final TestRules rules = new TestRules();

  @Test
  void aSpentBudgetSaysWhenRoomFreesAndThenItDoes() {
    rules.bind(budget(new Rolling(Unit.DAY), 100), TestRules.whole());
    done(need(60_000)).settle(60_000, 0);
    clock.advance(Duration.ofHours(1));
    done(need(40_000)).settle(40_000, 0);
    Refusal refusal = refused(need(50_000));
    assertThat(refusal.code()).isEqualTo(RefusalCode.BUDGET_EXCEEDED);
    assertThat(refusal.status()).isEqualTo(402);
    assertThat(refusal.retryAfterMillis()).isEmpty();
    assertThat(refusal.policy()).contains("pol_1");
    Instant frees = Instant.parse("2026-03-29T22:15:00Z");
    assertThat(refusal.hint()).get().asString().contains("room frees at " + frees, "pol_1");
    clock.advance(Duration.ofHours(23).plusMinutes(15).minusNanos(1_000));
    assertThat(refused(need(50_000)).code()).isEqualTo(RefusalCode.BUDGET_EXCEEDED);
    clock.advance(Duration.ofNanos(1_000));
    done(need(50_000)).settle(0, 0);
  }

  @Test
  void aCalendarDayFreesAtItsMidnightAlsoWhenItHas23Hours() {
    rules.bind(budget(new Calendar(Unit.DAY, ZoneId.of("Europe/Berlin")), 100), TestRules.whole());
    clock.advance(Duration.ofHours(2));
    done(need(100_000)).settle(100_000, 0);
    assertThat(refused(need(1)).hint()).get().asString().contains("2026-03-29T22:00:00Z");
    clock.advance(Duration.ofHours(22));
    done(need(100_000)).settle(0, 0);
  }

  @Test
  void aTotalThatIsSpentSaysThatNothingFrees() {
    rules.bind(budget(new Total(), 100), TestRules.whole());
    done(need(100_000)).settle(100_000, 0);
    assertThat(refused(need(1)).hint()).get().asString().contains("nothing frees by itself");
  }

  @Test
  void oneLargerThanTheWholeLimitIsToldSo() {
    rules.bind(budget(new Total(), 100), TestRules.whole());
    assertThat(refused(need(100_001)).code()).isEqualTo(RefusalCode.EXCEEDS_LIMIT);
    done(need(1_000)).settle(1_000, 0);
    assertThat(refused(need(100_001)).code()).isEqualTo(RefusalCode.EXCEEDS_LIMIT);
    assertThat(refused(need(100_000)).code()).isEqualTo(RefusalCode.BUDGET_EXCEEDED);
  }

  @Test
  void whereOnlyRequestsInFlightAreInTheWayItIsContendedAndTheBudgetIsNamed() {
    rules.bind(budget(new Total(), 1_000_000), Principal.of(CHILD.id()));
    rules.bind(budget(new Total(), 100), TestRules.whole());
    Reservation held = done(need(60_000));
    Refusal refusal = refused(need(41_000));
    assertThat(refusal.code()).isEqualTo(RefusalCode.BUDGET_CONTENDED);
    assertThat(refusal.status()).isEqualTo(429);
    assertThat(refusal.retryAfterMillis()).isPresent();
    assertThat(refusal.policy()).contains("pol_2");
    held.settle(0, 0);
    done(need(41_000)).settle(0, 0);
  }

  @Test
  void amountsOfOthersPoliciesAreToldOnlyToThoseWhoMayReadPolicies() {
    rules.bind(budget(new Total(), 123), Principal.of(PARENT.id()));
    done(need(123_000)).settle(123_000, 0);
    EffectivePolicy policy = rules.effective(CHILD);
    Need need = need(1_000);
    assertThat(text(refused(CHILD, policy, need, 0, false))).doesNotContain("0.000123", "0.000001");
    assertThat(text(refused(CHILD, policy, need, 0, true))).contains("0.000123", "0.000001");
    assertThat(text(refused(PARENT, rules.effective(PARENT), need, 0, false))).contains("0.000123");
    Need larger = need(124_000);
    assertThat(text(refused(CHILD, policy, larger, 0, false))).doesNotContain("0.00012");
    assertThat(text(refused(CHILD, policy, larger, 0, true))).contains("0.000123", "0.000124");
  }

  @Test
  void aStrictBudgetHoldsTheWorstCaseAndAMeteredOneWhatIsLeft() {
    rules.bind(budget(new Total(), 100), Principal.of(CHILD.id()));
    rules.bind(TestRules.budget(new Total(), 1_000, Budget.Mode.STRICT), Principal.of(PARENT.id()));
    Reservation held = done(new Need(900_000, 10_000, 150_000));
    assertThat(held.metered()).isTrue();
    assertThat(held.usableNanoUsd()).isEqualTo(100_000);
    assertThat(held.nanoUsd()).isEqualTo(900_000);
    held.settle(5_000, 0);
  }

  /** Else the metered one would be passed by the whole worst case that the strict one holds. */
  @Test
  void aMeteredBudgetBesideAStrictOneOfTheSamePrincipalReckonsWithTheWorstCaseToo() {
    rules.bind(budget(new Rolling(Unit.DAY), 100), TestRules.whole());
    rules.bind(TestRules.budget(new Total(), 1_000, Budget.Mode.STRICT), TestRules.whole());
    assertThat(refused(new Need(900_000, 10_000, 50_000)).code())
        .isEqualTo(RefusalCode.EXCEEDS_LIMIT);
    Reservation held = done(new Need(90_000, 10_000, 50_000));
    assertThat(held.usableNanoUsd()).isEqualTo(90_000);
    assertThat(held.metered()).isFalse();
    assertThat(refused(new Need(20_000, 1, 1)).code()).isEqualTo(RefusalCode.BUDGET_CONTENDED);
    held.settle(90_000, 0);
  }

  @Test
  void anotherLimitOrAnotherPolicyResetsNothing() {
    rules.bind(budget(new Rolling(Unit.DAY), 100), TestRules.whole());
    done(need(100_000)).settle(90_000, 0);
    TestRules edited = new TestRules();
    edited.bind(budget(new Rolling(Unit.WEEK), 95), TestRules.whole());
    EffectivePolicy policy = edited.effective(CHILD);
    assertThat(refused(CHILD, policy, need(5_001), 0, true).code())
        .isEqualTo(RefusalCode.BUDGET_EXCEEDED);
    // A budget that is new to the parent counts what its child has spent before.
    edited.bind(budget(new Rolling(Unit.DAY), 89), Principal.of(PARENT.id()));
    assertThat(refused(CHILD, edited.effective(CHILD), need(1), 0, true).policy())
        .contains("pol_2");
  }

  @Test
  void aTotalCountsFromItsBaselineWhichIsSetOnce() {
    done(need(70_000)).settle(70_000, 0);
    Principal child = Principal.of(CHILD.id());
    admission.baseline(TestRules.NAMESPACE, child, 70_000);
    rules.bind(budget(new Total(), 100), child);
    done(need(100_000)).settle(40_000, 0);
    admission.baseline(TestRules.NAMESPACE, child, 110_000);
    assertThat(refused(need(60_001)).code()).isEqualTo(RefusalCode.BUDGET_EXCEEDED);
    done(need(60_000)).settle(0, 0);
    assertThat(admission.lifetimeNanos(TestRules.NAMESPACE, child)).isEqualTo(110_000);
  }

  @Test
  void spendFromBeforeTheProcessCountsInWindowsAndTotals() {
    Principal child = Principal.of(CHILD.id());
    long slot = Math.floorDiv(clock.epochMicros(), 900_000_000L);
    admission.load(TestRules.NAMESPACE, child, slot, 30_000);
    admission.load(TestRules.NAMESPACE, child, slot - 96 * 2, 20_000);
    admission.loadTotal(TestRules.NAMESPACE, child, 500_300);
    admission.loadCharged(TestRules.NAMESPACE, CHILD.id(), 500_300);
    rules.bind(budget(new Rolling(Unit.DAY), 100), child);
    assertThat(refused(need(70_001)).code()).isEqualTo(RefusalCode.BUDGET_EXCEEDED);
    assertThat(admission.lifetimeNanos(TestRules.NAMESPACE, child)).isEqualTo(500_300);
    // 300 nano-dollars of a micro-dollar were there before.
    assertThat(done(need(70_000)).settle(700, 0)).isEqualTo(1);
  }

  /** The key's rows add up to its own charges, whatever keys below it spend in between. */
  @Test
  void fractionsOfAMicroDollarAreTheKeysOwn() {
    long parent = 0;
    long child = 0;
    for (int i = 0; i < 100; i++) {
      parent += admission.book(PARENT, clock.epochMicros(), 500);
      child += admission.book(CHILD, clock.epochMicros(), 500);
    }
    assertThat(parent).isEqualTo(50);
    assertThat(child).isEqualTo(50);
    assertThat(admission.lifetimeNanos(TestRules.NAMESPACE, Principal.of(PARENT.id())))
        .isEqualTo(100_000);
  }

  @Test
  void aReservationEndsOnceAndNeverGrowsAfterwards() {
    rules.bind(budget(new Total(), 100), TestRules.whole());
    Reservation held = done(need(10_000));
    held.settle(10_000, 0);
    assertThatThrownBy(() -> held.settle(10_000, 0)).isInstanceOf(IllegalStateException.class);
    assertThat(held.extend(50_000, 5_000)).isEqualTo(Extension.SPENT);
    assertThat(held.awaitExtension(50_000, 5_000)).isFalse();
    assertThat(held.nanoUsd()).isZero();
    done(need(90_000)).settle(90_000, 0);
    assertThat(refused(need(1)).code()).isEqualTo(RefusalCode.BUDGET_EXCEEDED);
  }

  @Test
  void oneTrancheAndNoSecondIsHeldBeyondALimit() {
    rules.bind(budget(new Total(), 100), TestRules.whole());
    Reservation one = done(need(50_000));
    Reservation two = done(need(50_000));
    assertThat(one.extend(50_000, 10_000)).isEqualTo(Extension.GRANTED);
    assertThat(one.usableNanoUsd()).isEqualTo(60_000);
    assertThat(two.extend(30_000, 10_000)).isEqualTo(Extension.CONTENDED);
    one.settle(60_000, 0);
    // 110 are settled and held of 100: nobody gets a second tranche, though the first has ended.
    assertThat(two.extend(39_999, 10_000)).isEqualTo(Extension.CONTENDED);
    assertThat(two.extend(40_000, 10_000)).isEqualTo(Extension.SPENT);
    two.settle(50_000, 0);
    assertThat(standing().settledNanoUsd()).isEqualTo(110_000);
    assertThat(standing().reservedNanoUsd()).isZero();
  }

  @Test
  void aTrancheIsAsSmallAsWhatIsLeft() {
    rules.bind(budget(new Total(), 100), TestRules.whole());
    Reservation held = done(need(95_000));
    assertThat(held.extend(95_000, 10_000)).isEqualTo(Extension.GRANTED);
    assertThat(held.usableNanoUsd()).isEqualTo(100_000);
    assertThat(held.extend(100_000, 10_000)).isEqualTo(Extension.SPENT);
    held.settle(100_000, 0);
  }

  @Test
  void whereNoBudgetAppliesNothingIsHeldAndEverythingMayBeUsed() {
    Reservation held = done(Need.NONE);
    assertThat(held.nanoUsd()).isZero();
    assertThat(held.usableNanoUsd()).isEqualTo(Long.MAX_VALUE);
    assertThat(held.metered()).isFalse();
    assertThat(held.settle(1_500, 0)).isEqualTo(1);
  }

  @Test
  void aNamespaceThatIsGoneIsForgotten() {
    rules.bind(budget(new Total(), 100), TestRules.whole());
    done(need(100_000)).settle(100_000, 0);
    admission.remove(TestRules.NAMESPACE);
    assertThat(admission.lifetimeNanos(TestRules.NAMESPACE, TestRules.whole())).isZero();
  }

  private io.bitrouter.core.policy.SpendReader.Standing standing() {
    return admission.standing(TestRules.NAMESPACE, rules.effective(CHILD).budgets().getFirst());
  }

  private static Budget budget(io.bitrouter.core.policy.BudgetWindow window, long micros) {
    return TestRules.budget(window, micros, Budget.Mode.METERED);
  }

  private static Need need(long nanos) {
    return new Need(nanos, nanos, nanos);
  }

  private static String text(Refusal refusal) {
    return refusal.message() + " " + refusal.hint().orElse("");
  }

  private Reservation done(Need need) {
    Outcome<Reservation> outcome = admit(CHILD, rules.effective(CHILD), need, 0, true);
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return ((Outcome.Done<Reservation>) outcome).value();
  }

  private Refusal refused(Need need) {
    return refused(CHILD, rules.effective(CHILD), need, 0, true);
  }

  private Refusal refused(
      KeyRecord key, EffectivePolicy policy, Need need, long declared, boolean show) {
    Outcome<Reservation> outcome = admit(key, policy, need, declared, show);
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    return ((Outcome.Refused<Reservation>) outcome).refusal();
  }

  private Outcome<Reservation> admit(
      KeyRecord key, EffectivePolicy policy, Need need, long declared, boolean show) {
    return admission.admit(
        new AdmissionRequest(key, policy, clock.epochMicros(), declared, need, show));
  }
}

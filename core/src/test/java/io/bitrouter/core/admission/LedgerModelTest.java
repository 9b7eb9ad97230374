package io.bitrouter.core.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.Seeds;
import io.bitrouter.core.TestClock;
import io.bitrouter.core.TestRules;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.policy.BudgetWindow;
import io.bitrouter.core.policy.BudgetWindow.Calendar;
import io.bitrouter.core.policy.BudgetWindow.Rolling;
import io.bitrouter.core.policy.BudgetWindow.Total;
import io.bitrouter.core.policy.BudgetWindow.Unit;
import io.bitrouter.core.policy.EffectivePolicy;
import io.bitrouter.core.policy.Metered;
import io.bitrouter.core.policy.PolicySpec.Budget;
import io.bitrouter.core.policy.Principal;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** One thread against a ledger that is a list of charges and a list of holds. */
class LedgerModelTest {

  private record Charge(KeyRecord key, long slot, long nanos) {}

  private record Held(Reservation reservation, KeyRecord key, EffectivePolicy policy, Need need) {}

  private static final KeyRecord A = TestRules.key("a");
  private static final KeyRecord B = TestRules.below(A, "b");
  private static final KeyRecord C = TestRules.below(B, "c");
  private static final KeyRecord D = TestRules.below(A, "d");
  private static final List<KeyRecord> KEYS = List.of(A, B, C, D);

  private final TestClock clock = TestClock.at("2026-10-24T20:00:00Z");
  private final Admission admission = new Admission(clock, new Admission.Bounds(0, 0));
  private final List<Charge> charges = new ArrayList<>();
  private final List<Held> open = new ArrayList<>();

  @Test
  void everyAnswerIsThatOfAPlainModel() {
    Seeds.check(300, random -> new LedgerModelTest().walk(random));
  }

  private void walk(RandomGenerator random) {
    TestRules rules = rules(random);
    for (int i = 0; i < 400; i++) {
      switch (random.nextInt(10)) {
        case 0 -> clock.advance(Duration.ofMinutes(random.nextInt(240)));
        case 1 -> rules = random.nextInt(20) == 0 ? rules(random) : rules;
        case 2 -> correct(random);
        case 3, 4, 5 -> settle(random);
        default -> admit(random, KEYS.get(random.nextInt(KEYS.size())), rules);
      }
    }
    while (!open.isEmpty()) {
      settle(random);
    }
    for (KeyRecord key : KEYS) {
      assertThat(admission.lifetimeNanos(TestRules.NAMESPACE, Principal.of(key.id())))
          .isEqualTo(settled(Principal.of(key.id()), new Total()));
    }
  }

  private static TestRules rules(RandomGenerator random) {
    TestRules rules = new TestRules();
    int budgets = 1 + random.nextInt(5);
    for (int i = 0; i < budgets; i++) {
      Unit unit = List.of(Unit.values()).get(random.nextInt(Unit.values().length));
      BudgetWindow window =
          switch (random.nextInt(3)) {
            case 0 -> new Rolling(unit);
            case 1 -> new Calendar(unit, ZoneId.of("Europe/Berlin"));
            default -> new Total();
          };
      Budget.Mode mode = random.nextInt(3) == 0 ? Budget.Mode.STRICT : Budget.Mode.METERED;
      Principal principal =
          random.nextInt(3) == 0
              ? TestRules.whole()
              : Principal.of(KEYS.get(random.nextInt(KEYS.size())).id());
      rules.bind(TestRules.budget(window, 1 + random.nextInt(60), mode), principal);
    }
    return rules;
  }

  private void admit(RandomGenerator random, KeyRecord key, TestRules rules) {
    EffectivePolicy policy = rules.effective(key);
    long least = random.nextInt(5_000);
    long wanted = least + random.nextInt(5_000);
    Need need = new Need(wanted + random.nextInt(20_000), least, wanted);
    Optional<RefusalCode> expected = expected(policy, need);
    Outcome<Reservation> outcome =
        admission.admit(
            new AdmissionRequest(key, policy, clock.epochMicros(), 0, need, random.nextBoolean()));
    switch (outcome) {
      case Outcome.Refused<Reservation>(var refusal) ->
          assertThat(Optional.of(refusal.code())).isEqualTo(expected);
      case Outcome.Done<Reservation>(Reservation reservation) -> {
        assertThat(expected).isEmpty();
        open.add(new Held(reservation, key, policy, need));
        if (!policy.budgets().isEmpty()) {
          assertThat(reservation.usableNanoUsd()).isBetween(need.least(), need.worst());
          assertThat(reservation.metered())
              .isEqualTo(policy.budgets().stream().anyMatch(budget -> !strict(policy, budget)));
        }
      }
    }
    // Whether let in or not: nothing is above a limit that was not before.
    if (outcome instanceof Outcome.Done<Reservation>) {
      for (Metered<Budget> budget : policy.budgets()) {
        var standing = admission.standing(TestRules.NAMESPACE, budget);
        assertThat(standing.settledNanoUsd() + standing.reservedNanoUsd())
            .isLessThanOrEqualTo(budget.clause().limitNanoUsd());
      }
    }
  }

  /** What the words of the rules say, by the charges and holds as they are. */
  private Optional<RefusalCode> expected(EffectivePolicy policy, Need need) {
    boolean contended = false;
    for (Metered<Budget> budget : policy.budgets()) {
      long asked = strict(policy, budget) ? need.worst() : need.least();
      long limit = budget.clause().limitNanoUsd();
      var standing = admission.standing(TestRules.NAMESPACE, budget);
      long settled = settled(budget.source().principal(), budget.clause().window());
      assertThat(standing.settledNanoUsd()).isEqualTo(settled);
      if (settled + asked > limit) {
        return Optional.of(asked > limit ? RefusalCode.EXCEEDS_LIMIT : RefusalCode.BUDGET_EXCEEDED);
      }
      contended |= settled + standing.reservedNanoUsd() + asked > limit;
    }
    return contended ? Optional.of(RefusalCode.BUDGET_CONTENDED) : Optional.empty();
  }

  /** A budget is strict when any budget of the same principal is. */
  private static boolean strict(EffectivePolicy policy, Metered<Budget> budget) {
    return policy.budgets().stream()
        .anyMatch(other ->
            other.source().principal().equals(budget.source().principal())
                && other.clause().mode() == Budget.Mode.STRICT);
  }

  private void settle(RandomGenerator random) {
    if (open.isEmpty()) {
      return;
    }
    Held held = open.remove(random.nextInt(open.size()));
    // Now and then more than was held.
    long cost = random.nextLong(held.need().wanted() + 1) * (random.nextInt(10) == 0 ? 3 : 1);
    long before = own(held.key());
    charge(held.key(), held.reservation().request().startedAtMicros(), cost);
    assertThat(held.reservation().settle(cost, 10))
        .isEqualTo(own(held.key()) / 1_000 - before / 1_000);
    if (open.isEmpty()) {
      held.policy()
          .budgets()
          .forEach(budget ->
              assertThat(admission.standing(TestRules.NAMESPACE, budget).reservedNanoUsd())
                  .isZero());
    }
  }

  private void correct(RandomGenerator random) {
    KeyRecord key = KEYS.get(random.nextInt(KEYS.size()));
    long own = own(key);
    if (own > 0) {
      long started = clock.epochMicros() - random.nextLong(40 * 86_400_000_000L);
      long back = -random.nextLong(own + 1);
      charge(key, started, back);
      assertThat(admission.book(key, started, back))
          .isEqualTo(Math.floorDiv(own + back, 1_000) - Math.floorDiv(own, 1_000));
    }
  }

  private void charge(KeyRecord key, long startedAtMicros, long nanos) {
    charges.add(new Charge(key, Math.floorDiv(startedAtMicros, BudgetWindow.SLOT_MICROS), nanos));
  }

  private long own(KeyRecord key) {
    return charges.stream()
        .filter(charge -> charge.key().equals(key))
        .mapToLong(Charge::nanos)
        .sum();
  }

  private long settled(Principal principal, BudgetWindow window) {
    long first = window.firstSlot(clock.epochMicros());
    return charges.stream()
        .filter(charge -> charge.slot() >= first && counts(charge.key(), principal))
        .mapToLong(Charge::nanos)
        .sum();
  }

  private static boolean counts(KeyRecord key, Principal principal) {
    return principal.equals(TestRules.whole())
        || principal.equals(Principal.of(key.id()))
        || key.ancestors().stream().map(Principal::of).anyMatch(principal::equals);
  }
}

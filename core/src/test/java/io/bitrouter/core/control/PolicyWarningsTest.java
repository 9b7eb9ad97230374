package io.bitrouter.core.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.TestClock;
import io.bitrouter.core.TestRules;
import io.bitrouter.core.admission.Admission;
import io.bitrouter.core.catalog.Catalog;
import io.bitrouter.core.policy.BudgetWindow;
import io.bitrouter.core.policy.Policy;
import io.bitrouter.core.policy.PolicySpec.Budget;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PolicyWarningsTest {

  /** Who may write policies and not read them would learn any key's spend by trying limits. */
  @Test
  void whatOthersHaveSpentIsToldOnlyToWhoMayReadPolicies() {
    TestClock clock = TestClock.at("2026-03-28T22:00:00Z");
    Admission admission = new Admission(clock, new Admission.Bounds(0, 0));
    admission.book(TestRules.key("a"), clock.epochMicros(), 4_321_000);
    TestRules rules = new TestRules();
    Policy policy =
        rules.bind(
            TestRules.budget(new BudgetWindow.Total(), 1, Budget.Mode.METERED), TestRules.whole());
    PolicyWarnings warnings = new PolicyWarnings(new Catalog(List.of()), admission);
    assertThat(warnings.of(rules.snapshot(), policy, Optional.empty(), true))
        .singleElement()
        .satisfies(warning -> assertThat(warning.text()).contains("has spent $0.004321"));
    assertThat(warnings.of(rules.snapshot(), policy, Optional.empty(), false))
        .singleElement()
        .satisfies(warning ->
            assertThat(warning.text()).contains("has spent the limit").doesNotContain("4321"));
  }
}

package io.bitrouter.core.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.TestClock;
import io.bitrouter.core.admission.Need;
import io.bitrouter.core.catalog.Catalog;
import io.bitrouter.core.catalog.Model;
import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.Elsewhere;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.policy.BindingId;
import io.bitrouter.core.policy.BudgetWindow;
import io.bitrouter.core.policy.EffectivePolicy;
import io.bitrouter.core.policy.GuardrailRules;
import io.bitrouter.core.policy.Metered;
import io.bitrouter.core.policy.PolicyId;
import io.bitrouter.core.policy.PolicySpec.Budget;
import io.bitrouter.core.policy.PolicySpec.Budget.Mode;
import io.bitrouter.core.policy.PolicySpec.Budget.Unpriced;
import io.bitrouter.core.policy.Principal;
import io.bitrouter.core.policy.Source;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RequestPlannerTest {

  private static final NamespaceId NS = new NamespaceId("ns_a");
  private static final Model PRICED =
      Asking.model("priced", Optional.of(Asking.PRICE), OptionalLong.empty(), false);
  private static final Model FREE =
      Asking.model("m", Optional.empty(), OptionalLong.empty(), false);

  private final RequestPlanner planner =
      new RequestPlanner(
          new Catalog(List.of(Asking.provider(List.of(PRICED, FREE)))),
          new NeedEstimate(new TokenCeilings()),
          new TargetHealth(TestClock.at("2026-03-28T22:00:00Z")),
          new SignatureVaults(TestClock.at("2026-03-28T22:00:00Z"), new Random(1)));

  @Test
  void withoutABudgetAModelWithoutAPricePasses() {
    assertThat(done(plan(EffectivePolicy.NONE, OptionalLong.empty())).need()).isEqualTo(Need.NONE);
  }

  @Test
  void underABudgetAModelWithoutAPriceIsRefused() {
    Refusal refusal = refused(plan(budgets(Unpriced.DENY), OptionalLong.of(1)));
    assertThat(refusal.code()).isEqualTo(RefusalCode.UNPRICED_MODEL);
    assertThat(refusal.policy()).contains("pol_b");
  }

  @Test
  void theStricterOfTwoBudgetsDecidesAboutModelsWithoutAPrice() {
    Refusal refusal = refused(plan(budgets(Unpriced.ALLOW, Unpriced.DENY), OptionalLong.of(1)));
    assertThat(refusal.code()).isEqualTo(RefusalCode.UNPRICED_MODEL);
    RequestPlanner.Plan ceiling =
        done(plan(budgets(Unpriced.ALLOW, Unpriced.CEILING), OptionalLong.of(1)));
    assertThat(ceiling.target().model().price()).contains(Asking.PRICE);
    assertThat(ceiling.target().model().priceVersion()).isEqualTo("ceiling");
    assertThat(ceiling.need().worst()).isPositive();
    assertThat(done(plan(budgets(Unpriced.ALLOW), OptionalLong.of(1))).need().worst()).isZero();
  }

  @Test
  void aStrictBudgetRefusesWhatNothingBounds() {
    EffectivePolicy strict =
        policy(List.of(new Budget(new BudgetWindow.Total(), 1, Mode.STRICT, Unpriced.ALLOW)));
    Refusal refusal = refused(plan(strict, OptionalLong.empty()));
    assertThat(refusal.code()).isEqualTo(RefusalCode.EXCEEDS_LIMIT);
    assertThat(refusal.param()).contains("max_tokens");
  }

  @Test
  void aPlanSaysWhatItsInputWasReckonedAt() {
    RequestPlanner.Plan plan = done(plan(budgets(Unpriced.ALLOW), OptionalLong.of(1)));
    assertThat(plan.input()).isEqualTo(100 / 2 + 64);
  }

  @Test
  void aStrictBudgetRefusesToolsThatTheProviderRunsAndAMeteredOneDoesNot() {
    AskedRequest asked =
        new AskedRequest(
            "priced",
            true,
            OptionalLong.of(1),
            1,
            100,
            Set.of("text"),
            List.of("web_search"),
            0,
            0,
            false,
            Elsewhere.TOOLS,
            List.of(),
            List.of());
    EffectivePolicy strict = policy(List.of(budget(Mode.STRICT)));
    Refusal refusal = refused(planner.plan(asked, Protocol.CHAT, NS, strict, told -> true));
    assertThat(refusal.code()).isEqualTo(RefusalCode.EXCEEDS_LIMIT);
    assertThat(refusal.param()).contains("tools");
    EffectivePolicy metered = policy(List.of(budget(Mode.METERED)));
    assertThat(done(planner.plan(asked, Protocol.CHAT, NS, metered, told -> true)).need().least())
        .isPositive();
  }

  private static Budget budget(Mode mode) {
    return new Budget(new BudgetWindow.Total(), 1_000, mode, Unpriced.DENY);
  }

  private Outcome<RequestPlanner.Plan> plan(EffectivePolicy policy, OptionalLong declared) {
    return planner.plan(Asking.text(100, declared, false), Protocol.CHAT, NS, policy, told -> true);
  }

  private static EffectivePolicy budgets(Unpriced... unpriced) {
    return policy(
        List.of(unpriced).stream()
            .map(each -> new Budget(new BudgetWindow.Total(), 1_000, Mode.METERED, each))
            .toList());
  }

  private static EffectivePolicy policy(List<Budget> budgets) {
    Source source =
        new Source(new PolicyId("pol_b"), "cap", new BindingId("pb_1"), Principal.of(NS));
    return new EffectivePolicy(
        budgets.stream().map(budget -> new Metered<>(budget, source)).toList(),
        List.of(),
        new GuardrailRules(List.of()));
  }

  private static RequestPlanner.Plan done(Outcome<RequestPlanner.Plan> outcome) {
    return switch (outcome) {
      case Outcome.Done<RequestPlanner.Plan>(RequestPlanner.Plan plan) -> plan;
      case Outcome.Refused<RequestPlanner.Plan>(Refusal refusal) ->
          throw new AssertionError(refusal);
    };
  }

  private static Refusal refused(Outcome<RequestPlanner.Plan> outcome) {
    return switch (outcome) {
      case Outcome.Refused<RequestPlanner.Plan>(Refusal refusal) -> refusal;
      case Outcome.Done<RequestPlanner.Plan>(RequestPlanner.Plan plan) ->
          throw new AssertionError(plan);
    };
  }
}

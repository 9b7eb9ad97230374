package io.bitrouter.core.policy;

import io.bitrouter.core.policy.PolicySpec.Budget;
import io.bitrouter.core.policy.PolicySpec.Guardrail;
import io.bitrouter.core.policy.PolicySpec.Preset;
import io.bitrouter.core.policy.PolicySpec.RateLimit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Everything that applies to one principal: the one thing that requests, {@code effective} and dry
 * runs are judged by. Immutable.
 *
 * @param budgets every budget clause, each metered where it is bound
 * @param rateLimits every rate-limit clause, likewise
 * @param guardrails every guardrail clause
 */
public record EffectivePolicy(
    List<Metered<Budget>> budgets, List<Metered<RateLimit>> rateLimits, GuardrailRules guardrails) {

  /** Nothing applies. */
  public static final EffectivePolicy NONE =
      new EffectivePolicy(List.of(), List.of(), new GuardrailRules(List.of()));

  /**
   * A policy together with one of its bindings.
   *
   * @param rail its guardrail, prepared once for all of its bindings
   */
  public record Bound(Policy policy, Binding binding, Optional<GuardrailRules.Prepared> rail) {}

  /** The same for what costs nothing. */
  public EffectivePolicy withoutBudgets() {
    return new EffectivePolicy(List.of(), rateLimits, guardrails);
  }

  /** What {@code bound} amounts to; disabled policies say nothing, presets fall into clauses. */
  public static EffectivePolicy of(List<Bound> bound) {
    List<Metered<Budget>> budgets = new ArrayList<>();
    List<Metered<RateLimit>> rates = new ArrayList<>();
    List<Metered<GuardrailRules.Prepared>> guardrails = new ArrayList<>();
    for (Bound each : bound) {
      Policy policy = each.policy();
      if (!policy.enabled()) {
        continue;
      }
      Source source =
          new Source(policy.id(), policy.name(), each.binding().id(), each.binding().principal());
      each.rail().ifPresent(rail -> guardrails.add(new Metered<>(rail, source)));
      switch (policy.spec()) {
        case Budget budget -> budgets.add(new Metered<>(budget, source));
        case RateLimit rate -> rates.add(new Metered<>(rate, source));
        case Guardrail unused -> {
          // Prepared already.
        }
        case Preset preset -> {
          preset.budget().ifPresent(budget -> budgets.add(new Metered<>(budget, source)));
          preset.rateLimit().ifPresent(rate -> rates.add(new Metered<>(rate, source)));
        }
      }
    }
    return new EffectivePolicy(
        List.copyOf(budgets), List.copyOf(rates), new GuardrailRules(guardrails));
  }
}

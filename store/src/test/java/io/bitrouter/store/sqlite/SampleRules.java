package io.bitrouter.store.sqlite;

import io.bitrouter.core.policy.Binding;
import io.bitrouter.core.policy.BindingId;
import io.bitrouter.core.policy.BudgetWindow;
import io.bitrouter.core.policy.Policy;
import io.bitrouter.core.policy.PolicyId;
import io.bitrouter.core.policy.PolicySpec;
import io.bitrouter.core.policy.PolicySpec.Budget;
import io.bitrouter.core.policy.PolicySpec.Guardrail;
import io.bitrouter.core.policy.PolicySpec.Preset;
import io.bitrouter.core.policy.PolicySpec.RateLimit;
import io.bitrouter.core.policy.Principal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/** Policies of every kind. */
final class SampleRules {

  static final Budget BUDGET =
      new Budget(
          new BudgetWindow.Rolling(BudgetWindow.Unit.DAY),
          5_000_000,
          Budget.Mode.METERED,
          Budget.Unpriced.DENY);

  static final Budget STRICT =
      new Budget(new BudgetWindow.Total(), 1, Budget.Mode.STRICT, Budget.Unpriced.CEILING);

  static final RateLimit RATE =
      new RateLimit(
          60,
          OptionalLong.of(9),
          OptionalLong.empty(),
          OptionalLong.empty(),
          RateLimit.Count.ACTUAL);

  static final Guardrail GUARDRAIL =
      new Guardrail(
          Optional.of(List.of("openai/*")),
          Optional.empty(),
          OptionalLong.of(100),
          Optional.of(false),
          Optional.empty(),
          OptionalLong.empty(),
          Optional.empty(),
          Optional.of(List.of("söme \"tool\" 🚀")),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  static final List<PolicySpec> SPECS =
      List.of(
          BUDGET,
          STRICT,
          RATE,
          GUARDRAIL,
          new Preset(Optional.of(GUARDRAIL), Optional.of(STRICT), Optional.empty()));

  private static final AtomicLong NUMBER = new AtomicLong();

  private SampleRules() {}

  /** A new policy; later ones are younger. */
  static Policy policy(String name, PolicySpec spec) {
    long number = NUMBER.incrementAndGet();
    return new Policy(
        new PolicyId("pol_" + number),
        name,
        spec,
        1,
        number % 2 == 0,
        ControlWorld.NOW + number,
        ControlWorld.NOW + number,
        number % 3 == 0 ? OptionalLong.of(ControlWorld.NOW) : OptionalLong.empty());
  }

  /** A new binding; later ones are younger. */
  static Binding binding(Policy policy, Principal principal) {
    long number = NUMBER.incrementAndGet();
    return new Binding(
        new BindingId("pb_" + number), policy.id(), principal, ControlWorld.NOW + number);
  }
}

package io.bitrouter.core.control;

import io.bitrouter.core.catalog.Catalog;
import io.bitrouter.core.catalog.Provider;
import io.bitrouter.core.catalog.Target;
import io.bitrouter.core.kernel.Money;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.policy.Binding;
import io.bitrouter.core.policy.BindingId;
import io.bitrouter.core.policy.BudgetWindow;
import io.bitrouter.core.policy.GuardrailRules;
import io.bitrouter.core.policy.Metered;
import io.bitrouter.core.policy.Policy;
import io.bitrouter.core.policy.PolicyId;
import io.bitrouter.core.policy.PolicySpec.Budget;
import io.bitrouter.core.policy.PolicySpec.Guardrail;
import io.bitrouter.core.policy.Principal;
import io.bitrouter.core.policy.Source;
import io.bitrouter.core.policy.SpendReader;
import io.bitrouter.core.snapshot.NamespaceSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What a person should know about a policy that was just written: that it has no effect, that a
 * name in it means nothing here, that its budget is spent already.
 *
 * @param catalog what can be routed to
 * @param spend what has been spent
 */
record PolicyWarnings(Catalog catalog, SpendReader spend) {

  /** Most warnings about names; a long list of unknown ones needs no more to be noticed. */
  private static final int MOST_NAMES = 10;

  /**
   * Warnings about {@code policy}.
   *
   * @param rules the rules that it is part of
   * @param newlyBound the binding that was just made, of which a total knows nothing yet
   * @param showAmounts whether the author may know what others have spent
   */
  List<Warning> of(
      NamespaceSnapshot rules, Policy policy, Optional<Binding> newlyBound, boolean showAmounts) {
    List<Warning> warnings = new ArrayList<>();
    List<Binding> bindings = rules.bindings(policy.id());
    if (bindings.isEmpty()) {
      warnings.add(
          new Warning(
              "unbound", "the policy is bound to nothing and has no effect until it is bound"));
    }
    policy.spec().guardrail().ifPresent(rail -> warnings.addAll(names(rules.namespace(), rail)));
    if (policy.enabled()) {
      policy
          .spec()
          .budget()
          .ifPresent(budget ->
              bindings.stream()
                  .filter(binding ->
                      !(budget.window() instanceof BudgetWindow.Total)
                          || !newlyBound.equals(Optional.of(binding)))
                  .flatMap(binding -> {
                    Source source =
                        new Source(policy.id(), policy.name(), binding.id(), binding.principal());
                    return spent(rules.namespace(), new Metered<>(budget, source), showAmounts)
                        .stream();
                  })
                  .forEach(warnings::add));
    }
    return warnings;
  }

  private Optional<Warning> spent(
      NamespaceId namespace, Metered<Budget> budget, boolean showAmounts) {
    long limit = budget.clause().limitNanoUsd();
    long settled = spend.standing(namespace, budget).settledNanoUsd();
    String amount = showAmounts ? "$" + Money.usdText(settled) : "the limit";
    return settled < limit
        ? Optional.empty()
        : Optional.of(
            new Warning(
                "budget_spent",
                "%s has spent %s in this window already, the limit is $%s: its requests are refused"
                    .formatted(budget.source().principal(), amount, Money.usdText(limit))));
  }

  private List<Warning> names(NamespaceId namespace, Guardrail rail) {
    List<Target> targets = targets(catalog, namespace);
    List<Warning> warnings = new ArrayList<>();
    Stream.concat(stream(rail.modelAllow()), stream(rail.modelDeny()))
        .distinct()
        .filter(name -> targets.stream().noneMatch(onlyModels(name)::reaches))
        .map(name -> unknown("model", name))
        .limit(MOST_NAMES)
        .forEach(warnings::add);
    Stream.concat(stream(rail.providersAllow()), stream(rail.providersDeny()))
        .distinct()
        .filter(name ->
            targets.stream().noneMatch(target -> target.provider().id().text().equals(name)))
        .map(name -> unknown("provider", name))
        .limit(MOST_NAMES)
        .forEach(warnings::add);
    return warnings;
  }

  /** Everything that {@code namespace} could be routed to, once each. */
  static List<Target> targets(Catalog catalog, NamespaceId namespace) {
    List<Target> targets = new ArrayList<>();
    for (Provider provider : catalog.providers()) {
      if (provider.serves(namespace)) {
        provider.protocols().stream()
            .sorted()
            .findFirst()
            .ifPresent(protocol ->
                provider.models().forEach(m -> targets.add(new Target(provider, m, protocol))));
      }
    }
    return targets;
  }

  /** The rule that lets pass what {@code pattern} means and nothing else. */
  private static GuardrailRules onlyModels(String pattern) {
    Guardrail only =
        new Guardrail(
            Optional.of(List.of(pattern)),
            Optional.empty(),
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty(),
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    Source nowhere =
        new Source(
            new PolicyId(""), "", new BindingId(""), new Principal(Principal.Kind.NAMESPACE, ""));
    return new GuardrailRules(List.of(new Metered<>(new GuardrailRules.Prepared(only), nowhere)));
  }

  private static Warning unknown(String what, String name) {
    return new Warning(
        "unknown_" + what + ":" + name,
        "'" + name + "' names no " + what + " that is routable here; GET /v1/models lists them");
  }

  private static Stream<String> stream(Optional<List<String>> names) {
    return names.stream().flatMap(List::stream);
  }
}

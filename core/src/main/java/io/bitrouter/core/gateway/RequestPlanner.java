package io.bitrouter.core.gateway;

import io.bitrouter.core.admission.Need;
import io.bitrouter.core.catalog.Catalog;
import io.bitrouter.core.catalog.Target;
import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.Elsewhere;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.policy.EffectivePolicy;
import io.bitrouter.core.policy.GuardrailRules;
import io.bitrouter.core.policy.Metered;
import io.bitrouter.core.policy.PolicySpec.Budget;
import io.bitrouter.core.policy.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** Decides where a request goes and what it may cost, or which rule keeps it back. Thread-safe. */
final class RequestPlanner {

  private final Catalog catalog;
  private final NeedEstimate estimate;

  RequestPlanner(Catalog catalog, NeedEstimate estimate) {
    this.catalog = catalog;
    this.estimate = estimate;
  }

  /**
   * A request that may go.
   *
   * @param target where
   * @param asked what it asks for, with the output that it is capped to
   * @param outputCap output tokens to put into its body, when it declares none and a rule caps it
   * @param input tokens that its input was reckoned at, which stays the measure of what it holds
   *     although more is learned while it runs; 0 when no budget applies
   * @param need what it may cost; nothing when no budget applies
   */
  record Plan(Target target, AskedRequest asked, OptionalLong outputCap, long input, Need need) {}

  Outcome<Plan> plan(
      AskedRequest asked,
      Protocol protocol,
      NamespaceId namespace,
      EffectivePolicy policy,
      Predicate<Source> tellsAmounts) {
    return catalog
        .candidates(asked.model(), protocol, namespace)
        .then(candidates -> policy.guardrails().judge(asked, candidates, tellsAmounts))
        .then(passed -> priced(asked, namespace, policy, passed));
  }

  private Outcome<Plan> priced(
      AskedRequest asked,
      NamespaceId namespace,
      EffectivePolicy policy,
      GuardrailRules.Passed passed) {
    AskedRequest capped =
        passed.outputCap().isPresent()
            ? asked.withDeclaredOutput(passed.outputCap().getAsLong())
            : asked;
    if (policy.budgets().isEmpty()) {
      Target first = passed.candidates().getFirst();
      return Outcome.done(new Plan(first, capped, passed.outputCap(), 0, Need.NONE));
    }
    List<Target> affordable = new ArrayList<>(passed.candidates().size());
    for (Target candidate : passed.candidates()) {
      withPrice(candidate, policy).ifPresent(affordable::add);
    }
    if (affordable.isEmpty()) {
      return Outcome.refused(unpriced(policy));
    }
    Optional<Metered<Budget>> strict =
        policy.budgets().stream()
            .filter(budget -> budget.clause().mode() == Budget.Mode.STRICT)
            .findFirst();
    if (strict.isPresent()
        && !affordable.stream().allMatch(to -> NeedEstimate.bounded(capped, to.model()))) {
      return Outcome.refused(unbounded(strict.get(), capped));
    }
    Target first = affordable.getFirst();
    long input = estimate.input(namespace, capped, first.model());
    Need need = NeedEstimate.of(capped, input, affordable);
    return Outcome.done(new Plan(first, capped, passed.outputCap(), input, need));
  }

  /** The target with the price that the budgets reckon with; empty when one of them wants none. */
  private Optional<Target> withPrice(Target target, EffectivePolicy policy) {
    if (target.model().price().isPresent()) {
      return Optional.of(target);
    }
    if (has(policy, Budget.Unpriced.DENY)) {
      return Optional.empty();
    }
    return has(policy, Budget.Unpriced.CEILING)
        ? catalog
            .dearestPrice()
            .map(
                price -> new Target(target.provider(), target.model().at(price), target.protocol()))
        : Optional.of(target);
  }

  private static boolean has(EffectivePolicy policy, Budget.Unpriced unpriced) {
    return policy.budgets().stream().anyMatch(budget -> budget.clause().unpriced() == unpriced);
  }

  private static Refusal unpriced(EffectivePolicy policy) {
    Metered<Budget> budget =
        policy.budgets().stream()
            .filter(each -> each.clause().unpriced() != Budget.Unpriced.ALLOW)
            .findFirst()
            .orElse(policy.budgets().getFirst());
    return Refusal.of(
            RefusalCode.UNPRICED_MODEL,
            "the model has no price, and budget '" + budget.source().policyName() + "' applies")
        .withParam("model")
        .withHint(
            "give it a price under providers.<id>.models in bitrouter.yaml, or set unpriced_model"
                + " of the budget to ceiling or allow")
        .withPolicy(budget.source().policy().text());
  }

  private static Refusal unbounded(Metered<Budget> budget, AskedRequest asked) {
    boolean tools = asked.elsewhere() == Elsewhere.TOOLS;
    return Refusal.of(
            RefusalCode.EXCEEDS_LIMIT,
            "budget '"
                + budget.source().policyName()
                + "' is strict, and nothing bounds "
                + (tools ? "what tools run by the provider read" : "the answer to this request"))
        .withParam(tools ? "tools" : "max_tokens")
        .withHint(
            tools ? "offer tools that the client runs, or use a metered budget" : "send max_tokens")
        .withPolicy(budget.source().policy().text());
  }
}

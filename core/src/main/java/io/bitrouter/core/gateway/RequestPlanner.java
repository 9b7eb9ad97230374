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
  private final TargetHealth health;
  private final SignatureVaults vaults;

  RequestPlanner(
      Catalog catalog, NeedEstimate estimate, TargetHealth health, SignatureVaults vaults) {
    this.catalog = catalog;
    this.estimate = estimate;
    this.health = health;
    this.vaults = vaults;
  }

  /**
   * A request that may go.
   *
   * @param target where
   * @param others where else, if that fails, in order
   * @param asked what it asks for, with the output that it is capped to
   * @param outputCap output tokens to put into its body, when it declares none and a rule caps it
   * @param input tokens that its input was reckoned at, which stays the measure of what it holds
   *     although more is learned while it runs; 0 when no budget applies
   * @param need what it may cost; nothing when no budget applies
   */
  record Plan(
      Target target,
      List<Target> others,
      AskedRequest asked,
      OptionalLong outputCap,
      long input,
      Need need) {}

  Outcome<Plan> plan(
      AskedRequest asked,
      Protocol protocol,
      NamespaceId namespace,
      EffectivePolicy policy,
      Predicate<Source> tellsAmounts) {
    Outcome<GuardrailRules.Passed> passed =
        passing(asked, protocol, namespace, policy, tellsAmounts);
    for (String model : asked.fallbacks()) {
      passed =
          joined(
              passed, passing(asked.withModel(model), protocol, namespace, policy, tellsAmounts));
    }
    return passed.then(any -> priced(asked, namespace, policy, any));
  }

  /** The same request, reckoned for another of its targets. */
  Plan toward(Target target, Plan plan, NamespaceId namespace) {
    if (plan.need().equals(Need.NONE)) {
      return new Plan(target, List.of(), plan.asked(), plan.outputCap(), 0, Need.NONE);
    }
    long input = estimate.input(namespace, plan.asked(), target.model());
    Need need = NeedEstimate.of(plan.asked(), input, List.of(target));
    return new Plan(target, List.of(), plan.asked(), plan.outputCap(), input, need);
  }

  private Outcome<GuardrailRules.Passed> passing(
      AskedRequest asked,
      Protocol protocol,
      NamespaceId namespace,
      EffectivePolicy policy,
      Predicate<Source> tellsAmounts) {
    return catalog
        .candidates(asked.model(), protocol, namespace)
        .then(candidates -> ownHandles(asked, candidates, namespace))
        .then(candidates -> policy.guardrails().judge(asked, candidates, tellsAmounts));
  }

  /**
   * On an account that serves others too, an object that the provider keeps could be anybody's: it
   * is unknown there, unless the provider made it in an answer to this namespace.
   */
  private Outcome<List<Target>> ownHandles(
      AskedRequest asked, List<Target> candidates, NamespaceId namespace) {
    if (asked.handles().isEmpty()) {
      return Outcome.done(candidates);
    }
    List<Target> own =
        candidates.stream()
            .filter(target ->
                target.provider().namespaces().isOnly(namespace)
                    || asked.handles().stream()
                        .allMatch(it ->
                            vaults.of(namespace).hasObtained(target.provider().id(), it.value())))
            .toList();
    if (!own.isEmpty()) {
      return Outcome.done(own);
    }
    String member = asked.handles().getFirst().member();
    return Outcome.refused(
        Refusal.of(RefusalCode.NOT_FOUND, "no such object is known here: " + member)
            .withParam(member)
            .withHint(
                "send the content itself; objects that a provider keeps can be named only where an"
                    + " account serves this namespace alone, or for two hours after an answer to it"
                    + " has made them"));
  }

  /** What either lets pass, the first first; refused as the first is when neither does. */
  private static Outcome<GuardrailRules.Passed> joined(
      Outcome<GuardrailRules.Passed> first, Outcome<GuardrailRules.Passed> second) {
    if (!(second instanceof Outcome.Done<GuardrailRules.Passed>(GuardrailRules.Passed more))) {
      return first;
    }
    if (!(first instanceof Outcome.Done<GuardrailRules.Passed>(GuardrailRules.Passed some))) {
      return second;
    }
    List<Target> both = new ArrayList<>(some.candidates());
    more.candidates().stream().filter(target -> !both.contains(target)).forEach(both::add);
    return Outcome.done(new GuardrailRules.Passed(both, some.outputCap()));
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
      List<Target> targets = health.preferred(namespace, passed.candidates());
      return Outcome.done(
          new Plan(targets.getFirst(), rest(targets), capped, passed.outputCap(), 0, Need.NONE));
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
    List<Target> targets = health.preferred(namespace, affordable);
    Target first = targets.getFirst();
    long input = estimate.input(namespace, capped, first.model());
    Need need = NeedEstimate.of(capped, input, targets);
    return Outcome.done(new Plan(first, rest(targets), capped, passed.outputCap(), input, need));
  }

  private static List<Target> rest(List<Target> targets) {
    return targets.subList(1, targets.size());
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

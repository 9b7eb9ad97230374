package io.bitrouter.node.http;

import io.bitrouter.core.control.PolicyCommand;
import io.bitrouter.core.control.PolicyService;
import io.bitrouter.core.control.PolicyService.Author;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.policy.PolicySpec;
import io.bitrouter.core.policy.PolicySpec.Budget;
import io.bitrouter.core.policy.PolicySpec.Guardrail;
import io.bitrouter.core.policy.PolicySpec.Kind;
import io.bitrouter.core.policy.PolicySpec.Preset;
import io.bitrouter.core.policy.PolicySpec.RateLimit;
import io.bitrouter.wire.control.Budgets.BudgetChange;
import io.bitrouter.wire.control.Budgets.BudgetDraft;
import io.bitrouter.wire.control.ControlJson;
import io.bitrouter.wire.control.Policies.PresetChange;
import io.bitrouter.wire.control.Policies.PresetDraft;
import io.bitrouter.wire.control.Policies.PrincipalRef;
import io.bitrouter.wire.control.RawJson;
import io.bitrouter.wire.policy.PolicySpecs;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/** Budgets and presets under names of their own: the same policies with typed bodies. */
record BundleRoutes(PolicyService policies, PolicyRoutes generic) {

  private static final Optional<Kind> BUDGET = Optional.of(Kind.BUDGET);
  private static final Optional<Kind> PRESET = Optional.of(Kind.PRESET);

  Outcome<Object> budgets(ControlRequest request) {
    return list(request, BUDGET);
  }

  Outcome<Object> budget(ControlRequest request) {
    return generic.show(request, BUDGET, PolicyBodies::bundle);
  }

  Outcome<Object> createBudget(ControlRequest request) {
    return request
        .body(BudgetDraft.class)
        .then(body ->
            PolicyBodies.read(Kind.BUDGET, spec(body), "")
                .then(spec -> create(request, body.name(), spec, body.bind())));
  }

  Outcome<Object> updateBudget(ControlRequest request) {
    return request
        .body(BudgetChange.class)
        .then(body ->
            update(
                request,
                BUDGET,
                body.name(),
                now -> PolicyBodies.read(Kind.BUDGET, changed(now, body), "")));
  }

  Outcome<Object> deleteBudget(ControlRequest request) {
    return generic.delete(request, Author.of(request.key()), BUDGET);
  }

  Outcome<Object> presets(ControlRequest request) {
    return list(request, PRESET);
  }

  Outcome<Object> preset(ControlRequest request) {
    return generic.show(request, PRESET, PolicyBodies::bundle);
  }

  Outcome<Object> createPreset(ControlRequest request) {
    Preset nothing = new Preset(Optional.empty(), Optional.empty(), Optional.empty());
    return request
        .body(PresetDraft.class)
        .then(body ->
            preset(
                    nothing,
                    new PresetChange(
                        Optional.empty(),
                        body.guardrail(),
                        body.budget(),
                        body.rateLimit(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()))
                .then(spec -> create(request, body.name(), spec, body.bind())));
  }

  Outcome<Object> updatePreset(ControlRequest request) {
    return request
        .body(PresetChange.class)
        .then(body -> update(request, PRESET, body.name(), now -> preset((Preset) now, body)));
  }

  Outcome<Object> deletePreset(ControlRequest request) {
    return generic.delete(request, Author.of(request.key()), PRESET);
  }

  private Outcome<Object> list(ControlRequest request, Optional<Kind> kind) {
    return Outcome.done(
        PolicyBodies.list(
            policies.list(request.key().grant(), PolicyRoutes.terms(request, kind)),
            PolicyBodies::bundle));
  }

  private Outcome<Object> create(
      ControlRequest request, String name, PolicySpec spec, Optional<PrincipalRef> bind) {
    return generic.create(
        request, Author.of(request.key()), name, spec, bind, PolicyBodies::bundle);
  }

  private Outcome<Object> update(
      ControlRequest request,
      Optional<Kind> kind,
      Optional<String> name,
      Function<PolicySpec, Outcome<PolicySpec>> edit) {
    PolicyCommand update = new PolicyCommand.Update(PolicyRoutes.id(request), name, edit);
    return generic.change(request, Author.of(request.key()), update, kind, PolicyBodies::bundle);
  }

  /** What a body says of a budget, as its spec. */
  private static ObjectNode spec(Object body) {
    ObjectNode spec = ControlJson.mapper().valueToTree(body);
    return spec.remove(List.of("name", "bind"));
  }

  /** A new window without a period means just that window; a new period brings its own window. */
  private static ObjectNode changed(PolicySpec now, BudgetChange change) {
    ObjectNode spec = PolicySpecs.tree(now);
    if (change.window().isPresent()) {
      spec.remove("period");
    } else if (change.period().isPresent()) {
      String unit = change.period().get().unit();
      spec.put("window", unit.equals("hour") || unit.equals("day") ? "day" : "month");
    }
    return spec.setAll(spec(change));
  }

  private static Outcome<PolicySpec> preset(Preset now, PresetChange change) {
    return clause(Kind.GUARDRAIL, now.guardrail(), change.guardrail(), change.clearGuardrail())
        .then(guardrail ->
            clause(Kind.BUDGET, now.budget(), change.budget(), change.clearBudget())
                .then(budget ->
                    clause(
                            Kind.RATE_LIMIT,
                            now.rateLimit(),
                            change.rateLimit(),
                            change.clearRateLimit())
                        .map(rate ->
                            new Preset(
                                guardrail.map(Guardrail.class::cast),
                                budget.map(Budget.class::cast),
                                rate.map(RateLimit.class::cast)))));
  }

  private static Outcome<Optional<PolicySpec>> clause(
      Kind kind,
      Optional<? extends PolicySpec> now,
      Optional<RawJson> given,
      Optional<Boolean> clear) {
    boolean cleared = clear.orElse(false);
    if (cleared && given.isPresent()) {
      return ControlRequest.invalid(
          "clear_" + kind.text(), "give " + kind.text() + " or clear it, not both");
    }
    if (given.isPresent()) {
      return PolicyBodies.read(kind, given.get(), kind.text()).map(Optional::of);
    }
    return Outcome.done(cleared ? Optional.empty() : now.map(spec -> spec));
  }
}

package io.bitrouter.node.http;

import io.bitrouter.core.control.PolicyCommand;
import io.bitrouter.core.control.PolicyCommand.Terms;
import io.bitrouter.core.control.PolicyService;
import io.bitrouter.core.control.PolicyService.Author;
import io.bitrouter.core.control.PolicyService.Shown;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.policy.PolicyId;
import io.bitrouter.core.policy.PolicySpec;
import io.bitrouter.core.policy.PolicySpec.Budget;
import io.bitrouter.core.policy.PolicySpec.Guardrail;
import io.bitrouter.core.policy.PolicySpec.Kind;
import io.bitrouter.core.policy.PolicySpec.Preset;
import io.bitrouter.core.policy.PolicySpec.RateLimit;
import io.bitrouter.wire.control.BudgetChange;
import io.bitrouter.wire.control.BudgetDraft;
import io.bitrouter.wire.control.BudgetList;
import io.bitrouter.wire.control.BudgetPeriod;
import io.bitrouter.wire.control.ControlJson;
import io.bitrouter.wire.control.Deleted;
import io.bitrouter.wire.control.PresetChange;
import io.bitrouter.wire.control.PresetDraft;
import io.bitrouter.wire.control.PresetList;
import io.bitrouter.wire.control.PrincipalRef;
import io.bitrouter.wire.control.RawJson;
import io.bitrouter.wire.policy.PolicySpecs;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/** Budgets and presets under names of their own: the same policies with typed bodies. */
final class BundleRoutes {

  private final PolicyService policies;
  private final PolicyRoutes generic;

  BundleRoutes(PolicyService policies, PolicyRoutes generic) {
    this.policies = policies;
    this.generic = generic;
  }

  Outcome<Object> budgets(ControlRequest request) {
    List<Shown> budgets = policies.list(request.key().grant(), terms(request, Kind.BUDGET));
    return Outcome.done(new BudgetList(budgets.stream().map(PolicyBodies::budget).toList()));
  }

  Outcome<Object> budget(ControlRequest request) {
    return show(request, Kind.BUDGET, PolicyBodies::budget);
  }

  Outcome<Object> createBudget(ControlRequest request) {
    return request
        .body(BudgetDraft.class)
        .then(body ->
            PolicyBodies.read(Kind.BUDGET, spec(body), "")
                .then(
                    spec -> create(request, body.name(), spec, body.bind(), PolicyBodies::budget)));
  }

  Outcome<Object> updateBudget(ControlRequest request) {
    return request
        .body(BudgetChange.class)
        .then(body ->
            update(
                request,
                Kind.BUDGET,
                body.name(),
                now -> PolicyBodies.read(Kind.BUDGET, changed(now, body), ""),
                PolicyBodies::budget));
  }

  Outcome<Object> deleteBudget(ControlRequest request) {
    return delete(request, Kind.BUDGET);
  }

  Outcome<Object> presets(ControlRequest request) {
    List<Shown> presets = policies.list(request.key().grant(), terms(request, Kind.PRESET));
    return Outcome.done(new PresetList(presets.stream().map(PolicyBodies::preset).toList()));
  }

  Outcome<Object> preset(ControlRequest request) {
    return show(request, Kind.PRESET, PolicyBodies::preset);
  }

  Outcome<Object> createPreset(ControlRequest request) {
    return request
        .body(PresetDraft.class)
        .then(body ->
            preset(
                    new Preset(Optional.empty(), Optional.empty(), Optional.empty()),
                    new PresetChange(
                        Optional.empty(),
                        body.guardrail(),
                        body.budget(),
                        body.rateLimit(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()))
                .then(
                    spec -> create(request, body.name(), spec, body.bind(), PolicyBodies::preset)));
  }

  Outcome<Object> updatePreset(ControlRequest request) {
    return request
        .body(PresetChange.class)
        .then(body ->
            update(
                request,
                Kind.PRESET,
                body.name(),
                now -> preset((Preset) now, body),
                PolicyBodies::preset));
  }

  Outcome<Object> deletePreset(ControlRequest request) {
    return delete(request, Kind.PRESET);
  }

  private Outcome<Object> show(ControlRequest request, Kind kind, Function<Shown, Object> body) {
    return policies
        .policy(request.key().grant(), id(request), terms(request, kind))
        .map(shown -> answer(request, shown, body));
  }

  private Outcome<Object> create(
      ControlRequest request,
      String name,
      PolicySpec spec,
      Optional<PrincipalRef> bind,
      Function<Shown, Object> body) {
    return generic
        .bind(request.key().grant(), bind)
        .then(principal ->
            policies.change(
                Author.of(request.key()),
                new PolicyCommand.Create(name, spec, principal),
                Terms.ANY,
                request.asked(body)))
        .map(shown -> answer(request, shown, body));
  }

  private Outcome<Object> update(
      ControlRequest request,
      Kind kind,
      Optional<String> name,
      Function<PolicySpec, Outcome<PolicySpec>> edit,
      Function<Shown, Object> body) {
    return policies
        .change(
            Author.of(request.key()),
            new PolicyCommand.Update(id(request), name, edit),
            terms(request, kind),
            request.asked())
        .map(shown -> answer(request, shown, body));
  }

  private Outcome<Object> delete(ControlRequest request, Kind kind) {
    return policies
        .change(
            Author.of(request.key()),
            new PolicyCommand.Delete(id(request)),
            terms(request, kind),
            request.asked())
        .map(unused -> new Deleted(true));
  }

  private static ObjectNode spec(BudgetDraft draft) {
    ObjectNode spec = ControlJson.mapper().createObjectNode();
    spec.put("window", draft.window()).put("limit_micro_usd", draft.limitMicroUsd());
    draft.period().ifPresent(period -> put(spec, period));
    draft.mode().ifPresent(mode -> spec.put("mode", mode));
    draft.unpricedModel().ifPresent(word -> spec.put("unpriced_model", word));
    return spec;
  }

  /** A new window without a period means just that window; a new period brings its own window. */
  private static ObjectNode changed(PolicySpec now, BudgetChange change) {
    ObjectNode spec = PolicySpecs.tree(now);
    change
        .window()
        .ifPresent(window -> {
          spec.put("window", window);
          spec.remove("period");
        });
    change.limitMicroUsd().ifPresent(limit -> spec.put("limit_micro_usd", limit));
    change.mode().ifPresent(mode -> spec.put("mode", mode));
    change.unpricedModel().ifPresent(word -> spec.put("unpriced_model", word));
    change
        .period()
        .ifPresent(period -> {
          if (change.window().isEmpty()) {
            boolean upToADay = period.unit().equals("hour") || period.unit().equals("day");
            spec.put("window", upToADay ? "day" : "month");
          }
          put(spec, period);
        });
    return spec;
  }

  private static void put(ObjectNode spec, BudgetPeriod period) {
    ObjectNode json = spec.putObject("period");
    json.put("unit", period.unit()).put("align", period.align());
    period.timeZone().ifPresent(zone -> json.put("time_zone", zone));
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

  private static PolicyId id(ControlRequest request) {
    return new PolicyId(request.param("id"));
  }

  private static Terms terms(ControlRequest request, Kind kind) {
    return new Terms(false, Optional.of(kind), request.revision());
  }

  private static Object answer(ControlRequest request, Shown shown, Function<Shown, Object> body) {
    PolicyRoutes.note(request, shown);
    return Answer.revised(body.apply(shown), shown.policy().revision());
  }
}

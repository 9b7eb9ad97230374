package io.bitrouter.node.http;

import io.bitrouter.core.control.PolicyService.Shown;
import io.bitrouter.core.control.Warning;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.policy.Binding;
import io.bitrouter.core.policy.BindingId;
import io.bitrouter.core.policy.EffectivePolicy;
import io.bitrouter.core.policy.GuardrailRules;
import io.bitrouter.core.policy.Metered;
import io.bitrouter.core.policy.Policy;
import io.bitrouter.core.policy.PolicySpec;
import io.bitrouter.core.policy.Source;
import io.bitrouter.wire.control.BudgetInfo;
import io.bitrouter.wire.control.BudgetPeriod;
import io.bitrouter.wire.control.EffectivePolicies;
import io.bitrouter.wire.control.PolicyBinding;
import io.bitrouter.wire.control.PolicyInfo;
import io.bitrouter.wire.control.PresetInfo;
import io.bitrouter.wire.control.RawJson;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.policy.PolicySpecs;
import io.bitrouter.wire.policy.SpecException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Policies as bodies of the control plane, and specs out of such bodies. */
final class PolicyBodies {

  /** Most bytes of a spec, so that what a namespace's rules take is bounded. */
  private static final int MOST_SPEC_BYTES = 256 * 1_024;

  private PolicyBodies() {}

  static PolicyInfo policy(Shown shown) {
    Policy policy = shown.policy();
    return new PolicyInfo(
        policy.id().text(),
        policy.name(),
        policy.spec().kind().text(),
        raw(policy.spec()),
        Bodies.instant(policy.disabledAtMicros()),
        policy.revision(),
        policy.locked(),
        shown.bindingCount(),
        Bodies.instant(policy.createdAtMicros()),
        Bodies.instant(policy.updatedAtMicros()),
        bindingOfACreate(shown),
        warnings(shown));
  }

  static BudgetInfo budget(Shown shown) {
    Policy policy = shown.policy();
    JsonNode spec = PolicySpecs.tree(policy.spec());
    return new BudgetInfo(
        policy.id().text(),
        policy.name(),
        spec.path("window").asString(),
        spec.path("limit_micro_usd").asLong(),
        period(spec),
        spec.path("mode").asString(),
        spec.path("unpriced_model").asString(),
        Bodies.instant(policy.disabledAtMicros()),
        policy.revision(),
        policy.locked(),
        shown.bindingCount(),
        Bodies.instant(policy.createdAtMicros()),
        Bodies.instant(policy.updatedAtMicros()),
        bindingOfACreate(shown),
        warnings(shown));
  }

  static PresetInfo preset(Shown shown) {
    Policy policy = shown.policy();
    PolicySpec.Preset preset = (PolicySpec.Preset) policy.spec();
    return new PresetInfo(
        policy.id().text(),
        policy.name(),
        preset.guardrail().map(PolicyBodies::raw),
        preset.budget().map(PolicyBodies::raw),
        preset.rateLimit().map(PolicyBodies::raw),
        Bodies.instant(policy.disabledAtMicros()),
        policy.revision(),
        policy.locked(),
        shown.bindingCount(),
        Bodies.instant(policy.createdAtMicros()),
        Bodies.instant(policy.updatedAtMicros()),
        bindingOfACreate(shown),
        warnings(shown));
  }

  static PolicyBinding binding(Binding binding) {
    return new PolicyBinding(
        binding.id().text(),
        binding.policy().text(),
        binding.principal().kind().text(),
        binding.principal().id(),
        Bodies.instant(binding.createdAtMicros()));
  }

  static EffectivePolicies effective(EffectivePolicy effective) {
    GuardrailRules rails = effective.guardrails();
    return new EffectivePolicies(
        effective.budgets().stream().map(PolicyBodies::clause).toList(),
        effective.rateLimits().stream().map(PolicyBodies::clause).toList(),
        rails.merged().map(PolicyBodies::raw),
        rails.clauses().stream()
            .map(metered -> {
              Source source = metered.source();
              return new EffectivePolicies.GuardrailSource(
                  source.policy().text(),
                  source.policyName(),
                  source.binding().text(),
                  source.principal().kind().text(),
                  source.principal().id(),
                  raw(metered.clause()));
            })
            .toList());
  }

  private static EffectivePolicies.Clause clause(Metered<? extends PolicySpec> metered) {
    Source source = metered.source();
    Map<String, Object> members = new LinkedHashMap<>();
    PolicySpecs.tree(metered.clause())
        .properties()
        .forEach(member -> members.put(member.getKey(), member.getValue()));
    return new EffectivePolicies.Clause(
        source.policy().text(),
        source.policyName(),
        source.binding().text(),
        source.principal().kind().text(),
        source.principal().id(),
        members);
  }

  /** How a budget's true window is written, where the three words do not say it. */
  static Optional<BudgetPeriod> period(JsonNode spec) {
    JsonNode period = spec.path("period");
    return period.isMissingNode()
        ? Optional.empty()
        : Optional.of(
            new BudgetPeriod(
                period.path("unit").asString(),
                period.path("align").asString(),
                period.path("time_zone").asStringOpt()));
  }

  private static RawJson raw(PolicySpec spec) {
    return new RawJson(PolicySpecs.tree(spec).toString());
  }

  private static Optional<String> bindingOfACreate(Shown shown) {
    return shown.policy().revision() == 1
        ? shown.binding().map(Binding::id).map(BindingId::text)
        : Optional.empty();
  }

  private static Optional<List<String>> warnings(Shown shown) {
    return shown.warnings().isEmpty()
        ? Optional.empty()
        : Optional.of(shown.warnings().stream().map(Warning::text).toList());
  }

  /** The spec that a client wrote at {@code path}, or which member is wrong. */
  static Outcome<PolicySpec> read(PolicySpec.Kind kind, RawJson json, String path) {
    byte[] bytes = json.text().getBytes(StandardCharsets.UTF_8);
    return bytes.length > MOST_SPEC_BYTES
        ? ControlRequest.invalid(path, path + " has more than " + MOST_SPEC_BYTES + " bytes")
        : read(kind, Json.tree(bytes, 0, bytes.length), path);
  }

  /** As {@link #read(PolicySpec.Kind, RawJson, String)}, of JSON that has been read. */
  static Outcome<PolicySpec> read(PolicySpec.Kind kind, JsonNode json, String path) {
    try {
      return Outcome.done(PolicySpecs.read(kind, json, path));
    } catch (SpecException fault) {
      return ControlRequest.invalid(fault);
    }
  }
}

package io.bitrouter.node.http;

import io.bitrouter.core.control.PolicyService.Shown;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.policy.Binding;
import io.bitrouter.core.policy.EffectivePolicy;
import io.bitrouter.core.policy.GuardrailRules;
import io.bitrouter.core.policy.Metered;
import io.bitrouter.core.policy.Policy;
import io.bitrouter.core.policy.PolicySpec;
import io.bitrouter.core.policy.Source;
import io.bitrouter.wire.control.Budgets.BudgetPeriod;
import io.bitrouter.wire.control.ControlJson;
import io.bitrouter.wire.control.Policies.PolicyBinding;
import io.bitrouter.wire.control.RawJson;
import io.bitrouter.wire.control.Rfc3339;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.policy.PolicySpecs;
import io.bitrouter.wire.policy.SpecException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Policies as bodies of the control plane, and specs out of such bodies. */
final class PolicyBodies {

  /** Most bytes of a spec, so that what a namespace's rules take is bounded. */
  private static final int MOST_SPEC_BYTES = 256 * 1_024;

  private PolicyBodies() {}

  /** As {@link io.bitrouter.wire.control.Policies.PolicyInfo}. */
  static ObjectNode policy(Shown shown) {
    PolicySpec spec = shown.policy().spec();
    ObjectNode members = object().put("kind", spec.kind().text());
    return beside(members.set("spec", PolicySpecs.tree(spec)), shown);
  }

  /** The members of the spec beside the policy's own, as in budgets and presets. */
  static ObjectNode bundle(Shown shown) {
    return beside(PolicySpecs.tree(shown.policy().spec()), shown);
  }

  private static ObjectNode beside(ObjectNode members, Shown shown) {
    Policy policy = shown.policy();
    ObjectNode json = object().put("id", policy.id().text()).put("name", policy.name());
    json.setAll(members);
    policy.disabledAtMicros().ifPresent(since -> json.put("disabled_at", time(since)));
    json.put("revision", policy.revision())
        .put("locked", policy.locked())
        .put("binding_count", shown.bindingCount())
        .put("created_at", time(policy.createdAtMicros()))
        .put("updated_at", time(policy.updatedAtMicros()));
    if (policy.revision() == 1) {
      shown.binding().ifPresent(made -> json.put("binding_id", made.id().text()));
    }
    if (!shown.warnings().isEmpty()) {
      ArrayNode warnings = json.putArray("warnings");
      shown.warnings().forEach(warning -> warnings.add(warning.text()));
    }
    return json;
  }

  /** The body of a list. */
  static ObjectNode list(List<Shown> policies, Function<Shown, ObjectNode> body) {
    ObjectNode json = object();
    json.putArray("data").addAll(policies.stream().map(body).toList());
    return json;
  }

  static PolicyBinding binding(Binding binding) {
    return new PolicyBinding(
        binding.id().text(),
        binding.policy().text(),
        binding.principal().kind().text(),
        binding.principal().id(),
        Bodies.instant(binding.createdAtMicros()));
  }

  /** As {@link io.bitrouter.wire.control.Policies.EffectivePolicies}. */
  static ObjectNode effective(EffectivePolicy effective) {
    GuardrailRules rails = effective.guardrails();
    ObjectNode json = object();
    json.putArray("budgets")
        .addAll(effective.budgets().stream().map(PolicyBodies::clause).toList());
    json.putArray("rate_limits")
        .addAll(effective.rateLimits().stream().map(PolicyBodies::clause).toList());
    rails.merged().ifPresent(merged -> json.set("guardrail", PolicySpecs.tree(merged)));
    ArrayNode sources = json.putArray("guardrail_sources");
    rails
        .clauses()
        .forEach(metered ->
            sources.add(source(metered.source()).set("spec", PolicySpecs.tree(metered.clause()))));
    return json;
  }

  private static ObjectNode clause(Metered<? extends PolicySpec> metered) {
    ObjectNode json = source(metered.source());
    json.setAll(PolicySpecs.tree(metered.clause()));
    return json;
  }

  private static ObjectNode source(Source source) {
    return object()
        .put("policy_id", source.policy().text())
        .put("policy_name", source.policyName())
        .put("binding_id", source.binding().text())
        .put("principal_type", source.principal().kind().text())
        .put("principal_id", source.principal().id());
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

  private static ObjectNode object() {
    return ControlJson.mapper().createObjectNode();
  }

  private static String time(long micros) {
    return Rfc3339.format(Bodies.instant(micros));
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

package io.bitrouter.wire.control;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Policies of all kinds, presets, and what they are bound to. */
public interface Policies {
  /**
   * One policy.
   *
   * @param id {@code pol_…}
   * @param kind budget, rate_limit, guardrail or preset
   * @param spec what it says; its members depend on the kind
   * @param disabledAt since when it says nothing; absent while it is enabled
   * @param revision grows with every change; the {@code ETag} of single answers
   * @param locked whether only an operator may change it
   * @param bindingCount how many principals it is bound to; without any it has no effect
   * @param bindingId the binding that was made with it; only in the answer to a create with {@code
   *     bind}
   * @param warnings sentences for the person who wrote it; absent when there is nothing to say
   */
  record PolicyInfo(
      String id,
      String name,
      String kind,
      RawJson spec,
      Optional<Instant> disabledAt,
      long revision,
      boolean locked,
      long bindingCount,
      Instant createdAt,
      Instant updatedAt,
      Optional<String> bindingId,
      Optional<List<String>> warnings) {}

  /** Policies, oldest first. */
  record PolicyList(List<PolicyInfo> data) {}

  /** A policy to be created; without {@code bind} it is unbound, so without effect. */
  record PolicyDraft(String name, String kind, RawJson spec, Optional<PrincipalRef> bind) {}

  /** A change of a policy: an absent member stays, a spec replaces the whole spec. */
  record PolicyChange(Optional<String> name, Optional<RawJson> spec) {}

  /** Whether a policy is disabled after the call. */
  record PolicyDisabled(boolean disabled) {}

  /** The binding, {@code pb_…}; binding the same again answers the same id. */
  record PolicyBound(String bindingId) {}

  /** A binding was taken back; always true. */
  record PolicyUnbound(boolean unbound) {}

  /** One binding of a policy, {@code pb_…}. */
  record PolicyBinding(
      String id, String policyId, String principalType, String principalId, Instant createdAt) {}

  /** Answer of {@code GET ns/policies/{id}/bindings}. */
  record PolicyBindingList(List<PolicyBinding> data) {}

  /**
   * Whom a policy is bound to: body of {@code POST ns/policies/{id}/bind} and the member {@code
   * bind} of bodies that create a policy.
   *
   * @param principalType {@code namespace} or {@code api_key}
   * @param principalId {@code key_…}; of a namespace its id or {@code me}
   */
  record PrincipalRef(String principalType, String principalId) {}

  /**
   * Answer of {@code GET ns/policies/effective}: every clause that applies to one principal, with
   * where it comes from. A preset falls into its clauses.
   *
   * @param guardrail one spec that says what all guardrail clauses say together; absent without any
   */
  record EffectivePolicies(
      List<Clause> budgets,
      List<Clause> rateLimits,
      Optional<RawJson> guardrail,
      List<GuardrailSource> guardrailSources) {

    /**
     * A budget or rate-limit clause: the members of its spec and, beside them, its source.
     *
     * @param principalType what it is metered on, together with {@code principalId}
     * @param spec the members of the spec by name
     */
    public record Clause(
        String policyId,
        String policyName,
        String bindingId,
        String principalType,
        String principalId,
        @JsonAnyGetter @JsonAnySetter Map<String, Object> spec) {}

    /** A guardrail clause with its source. */
    public record GuardrailSource(
        String policyId,
        String policyName,
        String bindingId,
        String principalType,
        String principalId,
        RawJson spec) {}
  }

  /**
   * A policy of the kind preset: a bundle of up to three specs, each of which acts where the bundle
   * is bound. The other members are as in {@link PolicyInfo}.
   */
  record PresetInfo(
      String id,
      String name,
      Optional<RawJson> guardrail,
      Optional<RawJson> budget,
      Optional<RawJson> rateLimit,
      Optional<Instant> disabledAt,
      long revision,
      boolean locked,
      long bindingCount,
      Instant createdAt,
      Instant updatedAt,
      Optional<String> bindingId,
      Optional<List<String>> warnings) {}

  /** Answer of {@code GET ns/presets}. */
  record PresetList(List<PresetInfo> data) {}

  /** A preset to be created; without {@code bind} it is unbound, so without effect. */
  record PresetDraft(
      String name,
      Optional<RawJson> guardrail,
      Optional<RawJson> budget,
      Optional<RawJson> rateLimit,
      Optional<PrincipalRef> bind) {}

  /**
   * Body of {@code PUT ns/presets/{id}}; an absent member stays as it is, a given clause replaces
   * the whole clause, and only {@code clear_…} takes one out.
   */
  record PresetChange(
      Optional<String> name,
      Optional<RawJson> guardrail,
      Optional<RawJson> budget,
      Optional<RawJson> rateLimit,
      Optional<Boolean> clearGuardrail,
      Optional<Boolean> clearBudget,
      Optional<Boolean> clearRateLimit) {}

  /** A policy, budget or preset is gone with its bindings; always true. */
  record Deleted(boolean deleted) {}
}

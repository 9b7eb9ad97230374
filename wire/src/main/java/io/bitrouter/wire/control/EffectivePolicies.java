package io.bitrouter.wire.control;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Answer of {@code GET ns/policies/effective}: every clause that applies to one principal, with
 * where it comes from. A preset falls into its clauses.
 *
 * @param guardrail one spec that says what all guardrail clauses say together; absent without any
 */
@ControlBody
public record EffectivePolicies(
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
  @ControlBody
  public record Clause(
      String policyId,
      String policyName,
      String bindingId,
      String principalType,
      String principalId,
      @JsonAnyGetter @JsonAnySetter Map<String, Object> spec) {}

  /** A guardrail clause with its source. */
  @ControlBody
  public record GuardrailSource(
      String policyId,
      String policyName,
      String bindingId,
      String principalType,
      String principalId,
      RawJson spec) {}
}

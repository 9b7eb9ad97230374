package io.bitrouter.core.store;

import io.bitrouter.core.policy.Binding;
import io.bitrouter.core.policy.BindingId;
import io.bitrouter.core.policy.Policy;
import io.bitrouter.core.policy.PolicyId;
import io.bitrouter.core.policy.Principal;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A decided change of a namespace's rules, stored in one transaction.
 *
 * @param saved policies that are new or changed
 * @param deleted policies that go, with their bindings
 * @param bound bindings that are new
 * @param unbound bindings that go
 * @param baselines lifetime spend in nano-USD from which totals count, for principals that had none
 */
public record PolicyChange(
    List<Policy> saved,
    Set<PolicyId> deleted,
    List<Binding> bound,
    Set<BindingId> unbound,
    Map<Principal, Long> baselines) {

  /** Nothing. */
  public static final PolicyChange NONE =
      new PolicyChange(List.of(), Set.of(), List.of(), Set.of(), Map.of());

  /** Saves one policy. */
  public static PolicyChange save(Policy policy) {
    return new PolicyChange(List.of(policy), Set.of(), List.of(), Set.of(), Map.of());
  }
}

package io.bitrouter.core.policy;

import io.bitrouter.core.credential.KeyRecord;

/** Where a clause that applies comes from, and where it is metered. */
public record Source(PolicyId policy, String policyName, BindingId binding, Principal principal) {

  /** Whether a key may know the amounts: of what is bound to itself, or if it reads policies. */
  public boolean tellsAmounts(KeyRecord key, boolean readsPolicies) {
    return readsPolicies || principal.equals(Principal.of(key.id()));
  }
}

package io.bitrouter.core.policy;

/** Where a clause that applies comes from, and where it is metered. */
public record Source(PolicyId policy, String policyName, BindingId binding, Principal principal) {}

package io.bitrouter.core;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.credential.ScopeSet;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.policy.Binding;
import io.bitrouter.core.policy.BindingId;
import io.bitrouter.core.policy.BudgetWindow;
import io.bitrouter.core.policy.EffectivePolicy;
import io.bitrouter.core.policy.Policy;
import io.bitrouter.core.policy.PolicyId;
import io.bitrouter.core.policy.PolicySpec;
import io.bitrouter.core.policy.PolicySpec.Budget;
import io.bitrouter.core.policy.PolicySpec.RateLimit;
import io.bitrouter.core.policy.Principal;
import io.bitrouter.core.snapshot.NamespaceSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** The rules of one namespace as a test writes them down. Used by one thread. */
public final class TestRules {

  /** The namespace of them all. */
  public static final NamespaceId NAMESPACE = new NamespaceId("ns_0000000000000000000000000a");

  private final List<Policy> policies = new ArrayList<>();
  private final List<Binding> bindings = new ArrayList<>();

  /** A key minted by {@code above}, which was minted by the next, and so on. */
  public static KeyRecord key(String name, KeyRecord... above) {
    List<KeyId> ancestors = new ArrayList<>();
    for (KeyRecord key : above) {
      ancestors.add(key.id());
    }
    return new KeyRecord(
        NAMESPACE,
        new KeyId("key_" + name),
        name,
        ScopeSet.parse("inference:invoke"),
        List.copyOf(ancestors),
        0,
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        List.of());
  }

  /** A child of {@code parent}. */
  public static KeyRecord below(KeyRecord parent, String name) {
    KeyRecord child = key(name);
    List<KeyId> ancestors = new ArrayList<>(List.of(parent.id()));
    ancestors.addAll(parent.ancestors());
    return new KeyRecord(
        NAMESPACE,
        child.id(),
        name,
        child.scopes(),
        List.copyOf(ancestors),
        0,
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        List.of());
  }

  /** The namespace as a principal. */
  public static Principal whole() {
    return Principal.of(NAMESPACE);
  }

  /** A policy bound to {@code principal}. */
  public Policy bind(PolicySpec spec, Principal principal) {
    Policy policy = add(spec, OptionalLong.empty());
    bind(policy, principal);
    return policy;
  }

  /** A policy bound to nobody. */
  public Policy add(PolicySpec spec, OptionalLong disabledAt) {
    int number = policies.size() + 1;
    Policy policy =
        new Policy(
            new PolicyId("pol_" + number),
            "p" + number,
            spec,
            1,
            false,
            number,
            number,
            disabledAt);
    policies.add(policy);
    return policy;
  }

  /** Binds a policy once more. */
  public void bind(Policy policy, Principal principal) {
    int number = bindings.size() + 1;
    bindings.add(new Binding(new BindingId("pb_" + number), policy.id(), principal, number));
  }

  /** The snapshot of what was written down so far. */
  public NamespaceSnapshot snapshot() {
    return new NamespaceSnapshot(NAMESPACE, false, false, policies, bindings);
  }

  /** What applies to {@code key} by what was written down so far. */
  public EffectivePolicy effective(KeyRecord key) {
    return snapshot().effective(key);
  }

  /** A budget that refuses models without a price. */
  public static Budget budget(BudgetWindow window, long limitMicroUsd, Budget.Mode mode) {
    return new Budget(window, limitMicroUsd, mode, Budget.Unpriced.DENY);
  }

  /** A limit on requests. */
  public static RateLimit requests(long windowSecs, long most) {
    return new RateLimit(
        windowSecs,
        OptionalLong.of(most),
        OptionalLong.empty(),
        OptionalLong.empty(),
        RateLimit.Count.DECLARED);
  }

  /** A limit on tokens. */
  public static RateLimit tokens(long windowSecs, long most, RateLimit.Count count) {
    return new RateLimit(
        windowSecs, OptionalLong.empty(), OptionalLong.of(most), OptionalLong.empty(), count);
  }

  /** A limit on requests in flight. */
  public static RateLimit concurrent(long most) {
    return new RateLimit(
        60,
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.of(most),
        RateLimit.Count.DECLARED);
  }
}

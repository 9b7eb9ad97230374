package io.bitrouter.core.snapshot;

import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.policy.Binding;
import io.bitrouter.core.policy.EffectivePolicy;
import io.bitrouter.core.policy.EffectivePolicy.Bound;
import io.bitrouter.core.policy.GuardrailRules.Prepared;
import io.bitrouter.core.policy.Policy;
import io.bitrouter.core.policy.PolicyId;
import io.bitrouter.core.policy.Principal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The rules of one namespace at one moment; a request reads one snapshot from beginning to end, a
 * change publishes the next. Immutable but for what it remembers of its own conclusions.
 * Thread-safe.
 */
public final class NamespaceSnapshot {

  /** Conclusions remembered; beyond it they are drawn anew for each request. */
  private static final int MOST_REMEMBERED = 4_096;

  private final NamespaceId namespace;
  private final boolean suspended;
  private final boolean storesResponses;
  private final Map<PolicyId, Policy> policies = new LinkedHashMap<>();
  private final Map<PolicyId, List<Binding>> bindings = new HashMap<>();
  private final Map<Principal, List<Bound>> bound = new HashMap<>();
  private final EffectivePolicy ofNamespace;
  private final ConcurrentHashMap<List<Principal>, EffectivePolicy> remembered =
      new ConcurrentHashMap<>();

  /** The snapshot of these policies and bindings. */
  public NamespaceSnapshot(
      NamespaceId namespace,
      boolean suspended,
      boolean storesResponses,
      Collection<Policy> policies,
      Collection<Binding> bindings) {
    this.namespace = namespace;
    this.suspended = suspended;
    this.storesResponses = storesResponses;
    policies.stream()
        .sorted(Comparator.comparingLong(Policy::createdAtMicros).thenComparing(p -> p.id().text()))
        .forEach(policy -> this.policies.put(policy.id(), policy));
    Map<PolicyId, Prepared> rails = new HashMap<>();
    policies.forEach(policy ->
        policy.spec().guardrail().ifPresent(r -> rails.put(policy.id(), new Prepared(r))));
    bindings.stream()
        .sorted(
            Comparator.comparingLong(Binding::createdAtMicros).thenComparing(b -> b.id().text()))
        .forEach(binding -> add(binding, Optional.ofNullable(rails.get(binding.policy()))));
    this.ofNamespace = EffectivePolicy.of(bound.getOrDefault(Principal.of(namespace), List.of()));
  }

  private void add(Binding binding, Optional<Prepared> rail) {
    Policy policy = policies.get(binding.policy());
    if (policy == null) {
      throw new IllegalArgumentException(binding.id() + " binds a policy that is not there");
    }
    bindings.computeIfAbsent(policy.id(), unused -> new ArrayList<>(1)).add(binding);
    bound
        .computeIfAbsent(binding.principal(), unused -> new ArrayList<>(1))
        .add(new Bound(policy, binding, rail));
  }

  /** A namespace without rules. */
  public static NamespaceSnapshot empty(NamespaceId namespace) {
    return new NamespaceSnapshot(namespace, false, false, List.of(), List.of());
  }

  /** A namespace of whose rules nothing is known. */
  static NamespaceSnapshot unknown(NamespaceId namespace) {
    return new NamespaceSnapshot(namespace, true, false, List.of(), List.of());
  }

  /** The next snapshot. */
  public NamespaceSnapshot with(
      boolean nowSuspended, Collection<Policy> nowPolicies, Collection<Binding> nowBindings) {
    return new NamespaceSnapshot(
        namespace, nowSuspended, storesResponses, nowPolicies, nowBindings);
  }

  /** The next snapshot, where answers are stored or not. */
  public NamespaceSnapshot storing(boolean responses) {
    return new NamespaceSnapshot(namespace, suspended, responses, policies(), bindings());
  }

  /** Whose rules they are. */
  public NamespaceId namespace() {
    return namespace;
  }

  /** Whether an operator has stopped the namespace's inference. */
  public boolean suspended() {
    return suspended;
  }

  /** Whether the namespace has answers stored for those who ask for it. */
  public boolean storesResponses() {
    return storesResponses;
  }

  /** Every policy, oldest first. */
  public List<Policy> policies() {
    return List.copyOf(policies.values());
  }

  /** One policy. */
  public Optional<Policy> policy(PolicyId id) {
    return Optional.ofNullable(policies.get(id));
  }

  /** Every binding. */
  public List<Binding> bindings() {
    return bindings.values().stream().flatMap(List::stream).toList();
  }

  /** The bindings of one policy, oldest first. */
  public List<Binding> bindings(PolicyId policy) {
    return List.copyOf(bindings.getOrDefault(policy, List.of()));
  }

  /** The policies bound to exactly this principal, disabled ones too. */
  public List<Policy> boundTo(Principal principal) {
    return bound.getOrDefault(principal, List.of()).stream().map(Bound::policy).toList();
  }

  /** What applies to the namespace as a whole. */
  public EffectivePolicy effective() {
    return ofNamespace;
  }

  /**
   * What applies to a key: what is bound to it, to every key above it, revoked ones too, and to the
   * namespace.
   */
  public EffectivePolicy effective(KeyRecord key) {
    List<Principal> own = new ArrayList<>(1);
    for (Principal principal : principals(key)) {
      if (bound.containsKey(principal)) {
        own.add(principal);
      }
    }
    if (own.isEmpty()) {
      return ofNamespace;
    }
    EffectivePolicy known = remembered.get(own);
    if (known == null) {
      own.add(Principal.of(namespace));
      List<Principal> all = List.copyOf(own);
      known =
          EffectivePolicy.of(
              all.stream()
                  .flatMap(principal -> bound.getOrDefault(principal, List.of()).stream())
                  .toList());
      if (remembered.size() < MOST_REMEMBERED) {
        remembered.put(all.subList(0, all.size() - 1), known);
      }
    }
    return known;
  }

  private static List<Principal> principals(KeyRecord key) {
    List<Principal> principals = new ArrayList<>(1 + key.ancestors().size());
    principals.add(Principal.of(key.id()));
    key.ancestors().forEach(ancestor -> principals.add(Principal.of(ancestor)));
    return principals;
  }
}

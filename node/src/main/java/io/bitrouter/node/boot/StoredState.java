package io.bitrouter.node.boot;

import io.bitrouter.core.admission.Admission;
import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.credential.KeyIndex;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.credential.OperatorGrant;
import io.bitrouter.core.credential.OperatorRecord;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.policy.BudgetWindow;
import io.bitrouter.core.policy.Policy;
import io.bitrouter.core.policy.PolicySpec.Budget;
import io.bitrouter.core.policy.Principal;
import io.bitrouter.core.snapshot.NamespaceSnapshot;
import io.bitrouter.core.snapshot.SnapshotRegistry;
import io.bitrouter.core.store.Changed;
import io.bitrouter.core.store.ControlStore;
import io.bitrouter.core.store.NamespaceRules;
import io.bitrouter.core.store.NodeView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What requests are judged by, in memory: credentials, rules and what has been spent. Filled from
 * the store at the start and kept up to date by whoever changes the store.
 *
 * @param index every credential
 * @param snapshots the rules of every namespace
 * @param admission what every principal has spent and holds
 */
record StoredState(KeyIndex index, SnapshotRegistry snapshots, Admission admission) {

  private static final Logger LOG = LoggerFactory.getLogger(StoredState.class);

  /** Days of spend that are told apart by quarter hour: more than the longest window. */
  private static final long DAYS = 32;

  private static final long DAY_MICROS = 86_400_000_000L;

  /** Reads everything; rows must be in the store by now. */
  static StoredState load(NodeView node, Ticker ticker, Admission.Bounds bounds) {
    StoredState state =
        new StoredState(new KeyIndex(), new SnapshotRegistry(), new Admission(ticker, bounds));
    Map<KeyId, List<KeyId>> ancestors = new HashMap<>();
    node.operators().forEach(state.index::put);
    node.forEachKey(key -> {
      state.index.put(key);
      if (!key.ancestors().isEmpty()) {
        ancestors.put(key.id(), key.ancestors());
      }
    });
    state.spend(node, ticker.epochMicros(), ancestors);
    node.forEachRules(state::rules);
    return state;
  }

  /**
   * Makes what requests are judged by what is stored, where a change has been stored without having
   * been published.
   *
   * @throws io.bitrouter.core.store.StoreUnavailableException when it cannot be read now
   */
  void converge(ControlStore store, Changed changed) {
    switch (changed) {
      case Changed.Namespace(NamespaceId id) -> {
        var unused = snapshots.change(id, () -> index.change(id, () -> converge(store, id)));
      }
      case Changed.Operators() -> {
        var unused =
            index.changeOperators(() -> {
              List<OperatorRecord> all =
                  store.openNode(OperatorGrant.ofTheNodeItself()).operators();
              all.forEach(index::put);
              return all;
            });
      }
    }
  }

  /** Whether the namespace is there. */
  private boolean converge(ControlStore store, NamespaceId id) {
    OperatorGrant grant = OperatorGrant.ofTheNodeItself();
    List<KeyRecord> keys = store.open(grant.enter(id)).keys();
    List<NamespaceRules> own = new ArrayList<>(1);
    store
        .openNode(grant)
        .forEachRules(rules -> {
          if (rules.namespace().equals(id)) {
            own.add(rules);
          }
        });
    index.replace(id, keys);
    own.forEach(this::rules);
    if (own.isEmpty()) {
      snapshots.remove(id);
      admission.remove(id);
    }
    return !own.isEmpty();
  }

  private void rules(NamespaceRules rules) {
    for (Policy policy : rules.policies()) {
      Optional<Budget> budget = policy.spec().budget();
      if (budget.isPresent() && budget.get().window() instanceof BudgetWindow.UnknownZone window) {
        LOG.error(
            "this Java does not know the time zone '{}' of policy {} in namespace {}: whatever it"
                + " applies to is refused",
            window.zone(),
            policy.id(),
            rules.namespace());
      }
    }
    snapshots.publish(
        new NamespaceSnapshot(
            rules.namespace(),
            rules.suspended(),
            rules.storesResponses(),
            rules.policies(),
            rules.bindings()));
    rules
        .baselines()
        .forEach((principal, nanos) -> admission.baseline(rules.namespace(), principal, nanos));
  }

  /** A key's spend is also that of every key above it and of the namespace. */
  private void spend(NodeView node, long now, Map<KeyId, List<KeyId>> ancestors) {
    long first = Math.floorDiv(now - DAYS * DAY_MICROS, BudgetWindow.SLOT_MICROS);
    node.forEachSpend(
        first,
        (namespace, key, slot, nanos) -> {
          admission.load(namespace, Principal.of(namespace), slot, nanos);
          admission.load(namespace, Principal.of(key), slot, nanos);
          for (KeyId above : ancestors.getOrDefault(key, List.of())) {
            admission.load(namespace, Principal.of(above), slot, nanos);
          }
        });
    Map<NamespaceId, Map<Principal, Long>> totals = new HashMap<>();
    node.forEachKeyTotal((namespace, key, nanos) -> {
      admission.loadCharged(namespace, key, nanos);
      Map<Principal, Long> own = totals.computeIfAbsent(namespace, unused -> new HashMap<>());
      own.merge(Principal.of(namespace), nanos, Long::sum);
      own.merge(Principal.of(key), nanos, Long::sum);
      for (KeyId above : ancestors.getOrDefault(key, List.of())) {
        own.merge(Principal.of(above), nanos, Long::sum);
      }
    });
    totals.forEach((namespace, own) ->
        own.forEach((principal, nanos) -> admission.loadTotal(namespace, principal, nanos)));
  }
}

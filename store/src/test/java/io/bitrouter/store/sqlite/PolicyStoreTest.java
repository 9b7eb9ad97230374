package io.bitrouter.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.credential.KeyVerifier;
import io.bitrouter.core.credential.OperatorRecord;
import io.bitrouter.core.credential.Reach;
import io.bitrouter.core.credential.Scope;
import io.bitrouter.core.credential.ScopeSet;
import io.bitrouter.core.namespace.Namespace;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.policy.Binding;
import io.bitrouter.core.policy.Policy;
import io.bitrouter.core.policy.Principal;
import io.bitrouter.core.store.NamespaceRules;
import io.bitrouter.core.store.NodeView;
import io.bitrouter.core.store.PolicyChange;
import io.bitrouter.core.store.Recorded;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules are stored whole or not at all, and are there after a restart. */
class PolicyStoreTest {

  private static final long NOW = ControlWorld.NOW;

  @TempDir private Path folder;
  private ControlWorld world;
  private Namespace here;
  private Namespace there;

  @BeforeEach
  void open() {
    world = new ControlWorld(folder);
    here = world.namespace("here");
    there = world.namespace("there");
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void aRestartKeepsEverything() {
    KeyRecord root = world.stored(here.id(), "root", Optional.empty());
    KeyRecord child = world.stored(here.id(), "child", Optional.of(root));
    KeyRecord leaf = world.stored(here.id(), "leaf", Optional.of(child));
    List<Policy> policies =
        SampleRules.SPECS.stream().map(spec -> SampleRules.policy(spec.toString(), spec)).toList();
    List<Binding> bindings =
        policies.stream()
            .map(policy -> SampleRules.binding(policy, Principal.of(leaf.id())))
            .toList();
    Map<Principal, Long> baselines =
        Map.of(Principal.of(leaf.id()), 5L, Principal.of(here.id()), 0L);
    change(here, new PolicyChange(policies, Set.of(), bindings, Set.of(), baselines));
    assertThat(world.node.suspendNamespace(there.id(), true, world.audit("x", "x", NOW))).isTrue();
    OperatorRecord operator = operator("opr_1", new Reach.Only(Set.of(here.id(), there.id())));
    world.node.addOperator(operator, Optional.empty());
    Map<NamespaceId, NamespaceRules> before = rules();
    assertThat(before)
        .isEqualTo(
            Map.of(
                here.id(),
                    new NamespaceRules(here.id(), false, false, policies, bindings, baselines),
                there.id(),
                    new NamespaceRules(there.id(), true, false, List.of(), List.of(), Map.of())));

    world.close();
    world = new ControlWorld(folder);

    assertThat(rules()).isEqualTo(before);
    assertThat(world.view(here.id()).key(leaf.id()).orElseThrow().ancestors())
        .containsExactly(child.id(), root.id());
    assertThat(world.node.operators())
        .singleElement()
        .usingRecursiveComparison()
        .isEqualTo(operator);
    assertThat(world.view(here.id()).verifyAudit().ok()).isTrue();
  }

  @Test
  void changesReplaceAndRemove() {
    Policy budget = SampleRules.policy("budget", SampleRules.BUDGET);
    Policy rate = SampleRules.policy("rate", SampleRules.RATE);
    Principal namespace = Principal.of(here.id());
    Binding first = SampleRules.binding(budget, namespace);
    Binding second = SampleRules.binding(rate, namespace);
    change(
        here,
        new PolicyChange(
            List.of(budget, rate),
            Set.of(),
            List.of(first, second),
            Set.of(),
            Map.of(namespace, 7L)));
    Policy changed =
        budget.with("renamed", SampleRules.STRICT, NOW + 9).disabled(OptionalLong.of(8), NOW + 9);
    change(here, PolicyChange.save(changed));
    assertThat(rules().get(here.id()))
        .isEqualTo(
            new NamespaceRules(
                here.id(),
                false,
                false,
                List.of(changed, rate),
                List.of(first, second),
                Map.of(namespace, 7L)));
    change(
        here,
        new PolicyChange(
            List.of(),
            Set.of(budget.id()),
            List.of(),
            Set.of(second.id()),
            Map.of(namespace, 99L)));
    assertThat(rules().get(here.id()))
        .as("a deleted policy takes its bindings along, a baseline is never changed")
        .isEqualTo(
            new NamespaceRules(
                here.id(), false, false, List.of(rate), List.of(), Map.of(namespace, 7L)));
    assertThat(world.view(here.id()).audit(9, Long.MAX_VALUE)).hasSize(4);
  }

  @Test
  void aChangeIsStoredWholeOrNotAtAll() {
    Policy policy = SampleRules.policy("p", SampleRules.BUDGET);
    Binding binding = SampleRules.binding(policy, Principal.of(here.id()));
    change(here, new PolicyChange(List.of(policy), Set.of(), List.of(binding), Set.of(), Map.of()));
    NamespaceRules before = rules().get(here.id());
    long audits = world.view(here.id()).verifyAudit().rows();
    Binding again = SampleRules.binding(policy, Principal.of(here.id()));
    var twice =
        new PolicyChange(
            List.of(policy.with("other", SampleRules.STRICT, NOW)),
            Set.of(),
            List.of(again),
            Set.of(),
            Map.of(Principal.of(here.id()), 3L));
    assertThatThrownBy(() -> world.view(here.id()).changeRules(twice, recorded()))
        .isInstanceOf(IllegalStateException.class);
    var dangling =
        new PolicyChange(
            List.of(),
            Set.of(),
            List.of(
                SampleRules.binding(
                    SampleRules.policy("nowhere", SampleRules.RATE), Principal.of(here.id()))),
            Set.of(),
            Map.of());
    assertThatThrownBy(() -> world.view(here.id()).changeRules(dangling, recorded()))
        .isInstanceOf(IllegalStateException.class);
    assertThat(rules().get(here.id())).isEqualTo(before);
    assertThat(world.view(here.id()).verifyAudit().rows()).isEqualTo(audits);
  }

  @Test
  void aForeignPolicyCanNeitherBeBoundNorChangedNorDeleted() {
    Policy policy = SampleRules.policy("p", SampleRules.BUDGET);
    Binding binding = SampleRules.binding(policy, Principal.of(there.id()));
    change(
        there, new PolicyChange(List.of(policy), Set.of(), List.of(binding), Set.of(), Map.of()));
    NamespaceRules before = rules().get(there.id());
    var bind =
        new PolicyChange(
            List.of(),
            Set.of(),
            List.of(SampleRules.binding(policy, Principal.of(here.id()))),
            Set.of(),
            Map.of());
    assertThatThrownBy(() -> world.view(here.id()).changeRules(bind, recorded()))
        .isInstanceOf(IllegalStateException.class);
    change(
        here,
        new PolicyChange(
            List.of(policy.with("stolen", SampleRules.STRICT, NOW)),
            Set.of(),
            List.of(),
            Set.of(binding.id()),
            Map.of()));
    change(here, new PolicyChange(List.of(), Set.of(policy.id()), List.of(), Set.of(), Map.of()));
    assertThat(rules().get(there.id())).isEqualTo(before);
  }

  @Test
  void deletingANamespaceTakesItsRulesAlong() {
    for (Namespace each : List.of(here, there)) {
      Policy policy = SampleRules.policy(each.name(), SampleRules.BUDGET);
      Principal principal = Principal.of(each.id());
      change(
          each,
          new PolicyChange(
              List.of(policy),
              Set.of(),
              List.of(SampleRules.binding(policy, principal)),
              Set.of(),
              Map.of(principal, 1L)));
    }
    world.node.deleteNamespace(there.id(), world.audit("namespace.delete", "x", NOW));
    assertThat(rules()).containsOnlyKeys(here.id());
    for (String table : List.of("policy", "policy_binding", "spend_baseline")) {
      assertThat(count("SELECT count(*) FROM " + table)).as(table).isEqualTo(1);
    }
    assertThat(world.view(there.id()).changeRules(PolicyChange.NONE, recorded())).isFalse();
  }

  @Test
  void suspendingIsNotedOnceAndResumed() {
    for (int i = 0; i < 2; i++) {
      assertThat(world.node.suspendNamespace(here.id(), true, world.audit("s", "x", NOW))).isTrue();
      assertThat(rules().get(here.id()).suspended()).isTrue();
    }
    assertThat(world.node.suspendNamespace(here.id(), false, world.audit("r", "x", NOW))).isTrue();
    assertThat(rules().get(here.id()).suspended()).isFalse();
    assertThat(world.view(here.id()).audit(9, Long.MAX_VALUE))
        .extracting(row -> row.entry().action())
        .containsExactly("r", "s", "namespace.create");
    assertThat(
            world.node.suspendNamespace(
                new NamespaceId("ns_none"), true, world.audit("s", "x", NOW)))
        .isFalse();
  }

  @Test
  void aRotatedKeyHasItsNewVerifiersAlone() {
    KeyRecord key = world.stored(here.id(), "k", Optional.empty());
    List<KeyVerifier> two =
        List.of(
            new KeyVerifier("new", new byte[] {1}, "p1", OptionalLong.empty()),
            new KeyVerifier(
                key.verifiers().getFirst().tokenId(), new byte[] {2}, "p1", OptionalLong.of(9)));
    assertThat(world.view(there.id()).rotateKey(key.id(), two, recorded())).isEmpty();
    KeyRecord rotated = world.view(here.id()).rotateKey(key.id(), two, recorded()).orElseThrow();
    assertThat(rotated).usingRecursiveComparison().isEqualTo(key.withVerifiers(two));
    assertThat(world.view(here.id()).audit(1, Long.MAX_VALUE).getFirst().entry().action())
        .isEqualTo("thing.change");
    world.view(here.id()).revokeKey(key.id(), false, world.audit("key.revoke", "x", NOW));
    assertThat(world.view(here.id()).rotateKey(key.id(), key.verifiers(), recorded())).isEmpty();
    assertThat(world.view(here.id()).key(key.id()).orElseThrow().verifiers()).hasSize(2);
  }

  @Test
  void anOperatorSeesWhatItReachesAndNothingElse() {
    NodeView some = world.operator(new Reach.Only(Set.of(here.id())));
    var audit = world.audit("namespace.x", "x", NOW);
    assertThat(some.namespaces()).containsExactly(here);
    assertThat(some.namespace(here.id())).contains(here);
    assertThat(some.namespace(there.id())).isEmpty();
    assertThat(some.usageByNamespace(0, NOW))
        .extracting(NodeView.NamespaceUsage::namespace)
        .containsExactly(here);
    assertThat(some.renameNamespace(there.id(), "x", audit))
        .isEqualTo(new NodeView.Named.Unknown());
    assertThat(some.deleteNamespace(there.id(), audit)).isEqualTo(new NodeView.Deleted.Unknown());
    assertThat(some.suspendNamespace(there.id(), true, audit)).isFalse();
    assertThat(some.suspendNamespace(here.id(), true, audit)).isTrue();
    Namespace fresh = new Namespace(new NamespaceId("ns_new"), Namespace.NODE_OWNER, "new", NOW);
    assertRefused(() -> some.createNamespace(fresh, recorded()));
    assertRefused(() -> some.forEachKey(key -> {}));
    assertRefused(() -> some.forEachRules(each -> {}));
    assertRefused(() -> some.forEachSpend(0, (of, key, slot, nano) -> {}));
    assertRefused(() -> some.forEachKeyTotal((of, key, nano) -> {}));
    assertRefused(() -> some.storeLastUse(Map.of()));
    assertThat(world.view(there.id()).audit(9, Long.MAX_VALUE)).hasSize(1);
    assertThat(world.node.namespaces()).containsExactlyInAnyOrder(here, there);
  }

  @Test
  void anOperatorIssuesAndRevokesOnlyWhatReachesNoFurther() {
    NodeView some = world.operator(new Reach.Only(Set.of(here.id())));
    OperatorRecord wide = operator("opr_wide", new Reach.Everything());
    OperatorRecord other = operator("opr_other", new Reach.Only(Set.of(there.id())));
    OperatorRecord narrow = operator("opr_narrow", new Reach.Only(Set.of(here.id())));
    for (OperatorRecord each : List.of(wide, other)) {
      assertRefused(() -> some.addOperator(each, Optional.empty()));
      world.node.addOperator(each, Optional.empty());
      assertThat(some.revokeOperator(each.id(), NOW)).isEmpty();
    }
    some.addOperator(narrow, Optional.empty());
    assertThat(some.operators()).extracting(OperatorRecord::id).containsExactly(narrow.id());
    assertThat(some.revokeOperator(narrow.id(), NOW).orElseThrow())
        .extracting(OperatorRecord::revokedAtMicros)
        .containsExactly(OptionalLong.of(NOW));
    assertThat(some.revokeOperator(narrow.id(), NOW + 1)).contains(List.of());
    assertThat(world.node.operators())
        .filteredOn(each -> each.revokedAtMicros().isPresent())
        .extracting(OperatorRecord::id)
        .containsExactly(narrow.id());
    assertThat(world.node.revokeOperator("opr_none", NOW)).isEmpty();
  }

  @Test
  void withAnOperatorCredentialGoesWhatItIssuedDirectlyOrNot() {
    OperatorRecord root = operator("opr_root", new Reach.Everything());
    OperatorRecord child = issuedBy(root, "opr_child");
    OperatorRecord grandchild = issuedBy(child, "opr_grandchild");
    OperatorRecord sibling = issuedBy(root, "opr_sibling");
    for (OperatorRecord each : List.of(root, child, grandchild, sibling)) {
      assertThat(world.node.addOperator(each, Optional.empty())).isTrue();
    }
    assertThat(world.node.revokeOperator(child.id(), NOW + 1).orElseThrow())
        .extracting(OperatorRecord::id)
        .containsExactlyInAnyOrder(child.id(), grandchild.id());
    assertThat(world.node.operators())
        .filteredOn(each -> each.alive(NOW))
        .extracting(OperatorRecord::id)
        .containsExactlyInAnyOrder(root.id(), sibling.id());
    assertThat(world.node.addOperator(issuedBy(child, "opr_late"), Optional.empty())).isFalse();
    assertThat(world.node.operators()).hasSize(4);
  }

  private static OperatorRecord issuedBy(OperatorRecord issuer, String id) {
    OperatorRecord one = operator(id, issuer.reach());
    return new OperatorRecord(
        id,
        one.name(),
        one.scopes(),
        one.reach(),
        Optional.of(issuer.id()),
        one.createdAtMicros(),
        one.expiresAtMicros(),
        one.revokedAtMicros(),
        one.verifier());
  }

  private static void assertRefused(Runnable call) {
    assertThatThrownBy(call::run).isInstanceOf(IllegalArgumentException.class);
  }

  private static OperatorRecord operator(String id, Reach reach) {
    return new OperatorRecord(
        id,
        "some",
        ScopeSet.of(Scope.OF_AN_OPERATOR),
        reach,
        Optional.empty(),
        NOW,
        OptionalLong.empty(),
        OptionalLong.empty(),
        new KeyVerifier("tok_" + id, new byte[] {3}, "p1", OptionalLong.empty()));
  }

  private void change(Namespace namespace, PolicyChange change) {
    assertThat(world.view(namespace.id()).changeRules(change, recorded())).isTrue();
  }

  private Recorded recorded() {
    return world.recorded("thing.change", "x", NOW);
  }

  private Map<NamespaceId, NamespaceRules> rules() {
    Map<NamespaceId, NamespaceRules> rules = new HashMap<>();
    world.node.forEachRules(each -> rules.put(each.namespace(), each));
    return rules;
  }

  private long count(String sql) {
    return world.database.read(handle -> handle.createQuery(sql).mapTo(long.class).one());
  }
}

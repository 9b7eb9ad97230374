package io.bitrouter.core.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitrouter.core.Seeds;
import io.bitrouter.core.TestModels;
import io.bitrouter.core.TestRules;
import io.bitrouter.core.catalog.Target;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.Elsewhere;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.policy.Binding;
import io.bitrouter.core.policy.BindingId;
import io.bitrouter.core.policy.BudgetWindow.Total;
import io.bitrouter.core.policy.EffectivePolicy;
import io.bitrouter.core.policy.Metered;
import io.bitrouter.core.policy.Policy;
import io.bitrouter.core.policy.PolicyId;
import io.bitrouter.core.policy.PolicySpec;
import io.bitrouter.core.policy.PolicySpec.Budget;
import io.bitrouter.core.policy.PolicySpec.Guardrail;
import io.bitrouter.core.policy.PolicySpec.Preset;
import io.bitrouter.core.policy.PolicySpec.RateLimit;
import io.bitrouter.core.policy.Principal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class NamespaceSnapshotTest {

  private static final Target FAST = TestModels.target("sim", "fast", "fast");
  private static final Target LARGE = TestModels.target("sim", "large", "large");

  /** Random trees of keys, random policies of all kinds, random bindings. */
  @Test
  void nothingDeniedToAParentIsAllowedToAChild() {
    Seeds.check(
        1_000,
        random -> {
          List<KeyRecord> keys = tree(random);
          NamespaceSnapshot snapshot = random(keys, random).snapshot();
          for (KeyRecord child : keys) {
            EffectivePolicy below = snapshot.effective(child);
            assertStricter(below, snapshot.effective(), random);
            child
                .parent()
                .ifPresent(
                    id -> assertStricter(below, snapshot.effective(byId(keys, id.text())), random));
          }
        });
  }

  private static void assertStricter(
      EffectivePolicy below, EffectivePolicy above, RandomGenerator random) {
    assertThat(below.budgets()).containsAll(above.budgets());
    assertThat(below.rateLimits()).containsAll(above.rateLimits());
    assertThat(below.guardrails().clauses()).containsAll(above.guardrails().clauses());
    AskedRequest asked =
        new AskedRequest(
            random.nextBoolean() ? "fast" : "sim/large",
            random.nextBoolean(),
            OptionalLong.of(random.nextInt(200)),
            1,
            10,
            Set.of("text"),
            List.of(),
            0,
            0,
            false,
            Elsewhere.NOTHING,
            List.of(),
            List.of());
    List<Target> candidates = List.of(random.nextBoolean() ? FAST : LARGE);
    if (above.guardrails().judge(asked, candidates, told -> true) instanceof Outcome.Refused) {
      assertThat(below.guardrails().judge(asked, candidates, told -> true))
          .isInstanceOf(Outcome.Refused.class);
    }
  }

  /** What applies is exactly what is enabled and bound to the key, to those above it, to all. */
  @Test
  void whatAppliesIsWhatIsEnabledAndBoundInTheLineage() {
    Seeds.check(
        1_000,
        random -> {
          List<KeyRecord> keys = tree(random);
          NamespaceSnapshot snapshot = random(keys, random).snapshot();
          for (KeyRecord key : keys) {
            Set<String> expected = new HashSet<>();
            for (Binding binding : snapshot.bindings()) {
              Policy policy = snapshot.policy(binding.policy()).orElseThrow();
              if (policy.enabled() && applies(binding.principal(), key)) {
                kinds(policy.spec()).forEach(kind -> expected.add(binding.id() + " " + kind));
              }
            }
            EffectivePolicy effective = snapshot.effective(key);
            Set<String> seen = new HashSet<>();
            effective.budgets().forEach(each -> seen.add(name(each, "budget")));
            effective.rateLimits().forEach(each -> seen.add(name(each, "rate")));
            effective.guardrails().clauses().forEach(each -> seen.add(name(each, "guardrail")));
            assertThat(seen).isEqualTo(expected);
            assertThat(effective.budgets()).doesNotHaveDuplicates();
            // Again, now from memory.
            assertThat(snapshot.effective(key)).isSameAs(effective);
          }
        });
  }

  @Test
  void keysWithTheSameRulesShareOneConclusionAndOthersHaveTheirOwn() {
    KeyRecord parent = TestRules.key("parent");
    TestRules rules = new TestRules();
    rules.bind(budget(1), TestRules.whole());
    rules.bind(budget(2), Principal.of(parent.id()));
    KeyRecord ruled = TestRules.below(parent, "ruled");
    rules.bind(budget(3), Principal.of(ruled.id()));
    NamespaceSnapshot snapshot = rules.snapshot();
    EffectivePolicy one = snapshot.effective(TestRules.below(parent, "one"));
    assertThat(snapshot.effective(TestRules.below(parent, "two"))).isSameAs(one);
    assertThat(limits(one)).containsExactlyInAnyOrder(1L, 2L);
    assertThat(limits(snapshot.effective(ruled))).containsExactlyInAnyOrder(1L, 2L, 3L);
    assertThat(snapshot.effective(TestRules.key("stranger"))).isSameAs(snapshot.effective());
  }

  @Test
  void theNextSnapshotRemembersNothingOfTheLast() {
    KeyRecord key = TestRules.key("a");
    TestRules rules = new TestRules();
    Policy policy = rules.bind(budget(1), Principal.of(key.id()));
    NamespaceSnapshot snapshot = rules.snapshot();
    assertThat(limits(snapshot.effective(key))).containsExactly(1L);
    Policy edited = policy.with("p1", budget(7), 9);
    NamespaceSnapshot next = snapshot.with(false, List.of(edited), snapshot.bindings());
    assertThat(limits(next.effective(key))).containsExactly(7L);
    NamespaceSnapshot disabled =
        next.with(false, List.of(edited.disabled(OptionalLong.of(9), 9)), snapshot.bindings());
    assertThat(disabled.effective(key).budgets()).isEmpty();
    assertThat(disabled.boundTo(Principal.of(key.id()))).hasSize(1);
    assertThat(limits(snapshot.effective(key))).containsExactly(1L);
  }

  @Test
  void moreConclusionsThanAreRememberedAreRightToo() {
    List<Binding> bindings = new ArrayList<>();
    List<KeyRecord> keys = new ArrayList<>();
    List<Policy> policies = new ArrayList<>();
    for (int i = 1; i <= 5_000; i++) {
      KeyRecord key = TestRules.key("k" + i);
      PolicyId id = new PolicyId("pol_" + i);
      keys.add(key);
      policies.add(new Policy(id, "p", budget(i), 1, false, i, i, OptionalLong.empty()));
      bindings.add(new Binding(new BindingId("pb_" + i), id, Principal.of(key.id()), i));
    }
    NamespaceSnapshot snapshot =
        new NamespaceSnapshot(TestRules.NAMESPACE, false, false, policies, bindings);
    for (int round = 0; round < 2; round++) {
      for (int i = 1; i <= 5_000; i++) {
        assertThat(limits(snapshot.effective(keys.get(i - 1)))).containsExactly((long) i);
      }
    }
    int remembered = 0;
    for (KeyRecord key : keys) {
      EffectivePolicy first = snapshot.effective(key);
      EffectivePolicy again = snapshot.effective(key);
      // What is remembered is the very same object, what is drawn anew only equal.
      remembered += System.identityHashCode(first) == System.identityHashCode(again) ? 1 : 0;
    }
    assertThat(remembered).isEqualTo(4_096);
  }

  @Test
  void aPresetSaysWhatItsClausesWouldSay() {
    KeyRecord key = TestRules.key("a");
    Guardrail guardrail = new TestModels.Rule().maxOutput(5);
    RateLimit rate = TestRules.requests(60, 3);
    TestRules bundle = new TestRules();
    bundle.bind(
        new Preset(Optional.of(guardrail), Optional.of(budget(1)), Optional.of(rate)),
        Principal.of(key.id()));
    EffectivePolicy effective = bundle.effective(key);
    assertThat(effective.budgets()).extracting(Metered::clause).containsExactly(budget(1));
    assertThat(effective.rateLimits()).extracting(Metered::clause).containsExactly(rate);
    assertThat(effective.guardrails().clauses())
        .extracting(Metered::clause)
        .containsExactly(guardrail);
    assertThat(effective.budgets().getFirst().source().policy()).isEqualTo(new PolicyId("pol_1"));
    assertThat(effective.budgets().getFirst().source().principal())
        .isEqualTo(Principal.of(key.id()));
    TestRules empty = new TestRules();
    empty.bind(
        new Preset(Optional.empty(), Optional.empty(), Optional.empty()), Principal.of(key.id()));
    assertThat(empty.effective(key).budgets()).isEmpty();
    assertThat(empty.effective(key).guardrails().merged()).isEmpty();
  }

  @Test
  void aBindingOfAPolicyThatIsNotThereIsADefect() {
    Binding binding =
        new Binding(new BindingId("pb_1"), new PolicyId("pol_9"), TestRules.whole(), 1);
    assertThatThrownBy(() ->
            new NamespaceSnapshot(TestRules.NAMESPACE, false, false, List.of(), List.of(binding)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pb_1");
  }

  // --- random rules -----------------------------------------------------------------------------

  private static List<KeyRecord> tree(RandomGenerator random) {
    List<KeyRecord> keys = new ArrayList<>();
    int count = 1 + random.nextInt(8);
    for (int i = 0; i < count; i++) {
      keys.add(
          keys.isEmpty() || random.nextInt(4) == 0
              ? TestRules.key("k" + i)
              : TestRules.below(keys.get(random.nextInt(keys.size())), "k" + i));
    }
    return keys;
  }

  private static TestRules random(List<KeyRecord> keys, RandomGenerator random) {
    TestRules rules = new TestRules();
    for (int i = random.nextInt(8); i > 0; i--) {
      OptionalLong disabled = random.nextInt(4) == 0 ? OptionalLong.of(1) : OptionalLong.empty();
      Policy policy = rules.add(spec(random), disabled);
      Set<Principal> principals = new HashSet<>();
      for (int j = random.nextInt(3); j > 0; j--) {
        principals.add(
            random.nextInt(4) == 0
                ? TestRules.whole()
                : Principal.of(keys.get(random.nextInt(keys.size())).id()));
      }
      principals.forEach(principal -> rules.bind(policy, principal));
    }
    return rules;
  }

  private static PolicySpec spec(RandomGenerator random) {
    return switch (random.nextInt(4)) {
      case 0 -> budget(1 + random.nextInt(100));
      case 1 -> TestRules.requests(60, 1 + random.nextInt(100));
      case 2 -> guardrail(random);
      default ->
          new Preset(
              random.nextBoolean() ? Optional.of(guardrail(random)) : Optional.empty(),
              random.nextBoolean() ? Optional.of(budget(5)) : Optional.empty(),
              random.nextBoolean() ? Optional.of(TestRules.requests(60, 5)) : Optional.empty());
    };
  }

  private static Guardrail guardrail(RandomGenerator random) {
    return switch (random.nextInt(4)) {
      case 0 -> new TestModels.Rule().models(Optional.of(List.of("sim/fast")), Optional.empty());
      case 1 -> new TestModels.Rule().models(Optional.empty(), Optional.of(List.of("large")));
      case 2 -> new TestModels.Rule().streaming(random.nextBoolean());
      default -> new TestModels.Rule().maxOutput(random.nextInt(200));
    };
  }

  private static boolean applies(Principal principal, KeyRecord key) {
    return principal.equals(TestRules.whole())
        || principal.equals(Principal.of(key.id()))
        || key.ancestors().stream().map(Principal::of).anyMatch(principal::equals);
  }

  private static List<String> kinds(PolicySpec spec) {
    return switch (spec) {
      case Budget unused -> List.of("budget");
      case RateLimit unused -> List.of("rate");
      case Guardrail unused -> List.of("guardrail");
      case Preset preset -> {
        List<String> kinds = new ArrayList<>();
        preset.budget().ifPresent(unused -> kinds.add("budget"));
        preset.rateLimit().ifPresent(unused -> kinds.add("rate"));
        preset.guardrail().ifPresent(unused -> kinds.add("guardrail"));
        yield kinds;
      }
    };
  }

  private static String name(Metered<?> clause, String kind) {
    return clause.source().binding() + " " + kind;
  }

  private static KeyRecord byId(List<KeyRecord> keys, String id) {
    return keys.stream().filter(key -> key.id().text().equals(id)).findFirst().orElseThrow();
  }

  private static Budget budget(long micros) {
    return TestRules.budget(new Total(), micros, Budget.Mode.METERED);
  }

  private static List<Long> limits(EffectivePolicy policy) {
    return policy.budgets().stream().map(each -> each.clause().limitMicroUsd()).toList();
  }
}

package io.bitrouter.core.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.TestClock;
import io.bitrouter.core.TestRules;
import io.bitrouter.core.admission.Admission;
import io.bitrouter.core.control.BudgetService.Explanation;
import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.credential.NamespaceGrant;
import io.bitrouter.core.credential.OperatorGrant;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.policy.BudgetWindow;
import io.bitrouter.core.policy.Policy;
import io.bitrouter.core.policy.PolicySpec.Budget;
import io.bitrouter.core.policy.Principal;
import io.bitrouter.core.snapshot.SnapshotRegistry;
import io.bitrouter.core.store.RequestQuery;
import io.bitrouter.core.usage.ChargeState;
import io.bitrouter.core.usage.RequestRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BudgetServiceTest {

  private static final KeyRecord PARENT = TestRules.key("parent");
  private static final KeyRecord CHILD = TestRules.below(PARENT, "child");
  private static final KeyRecord OTHER = TestRules.key("other");

  private final TestClock clock = TestClock.at("2026-03-28T22:00:00Z");
  private final Random random = new Random(1);

  /** A page of an explanation asked the store for the key of each of its rows. */
  @Test
  void eachKeyBehindAnExplanationIsReadOnce() {
    TestRules rules = new TestRules();
    Policy policy =
        rules.bind(
            TestRules.budget(
                new BudgetWindow.Rolling(BudgetWindow.Unit.DAY), 1_000, Budget.Mode.METERED),
            Principal.of(PARENT.id()));
    List<RequestRow> rows = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      for (KeyRecord key : List.of(CHILD, PARENT, OTHER)) {
        rows.add(StubStore.row(RequestId.next(clock, random), key.id(), ChargeState.COMPUTED, 7));
      }
    }
    Map<KeyId, KeyRecord> keys = Map.of(PARENT.id(), PARENT, CHILD.id(), CHILD, OTHER.id(), OTHER);
    StubStore stub =
        new StubStore()
            .on("key", id -> Optional.of(keys.get((KeyId) id[0])))
            .on(
                "requests",
                query -> ((RequestQuery) query[0]).after().isEmpty() ? rows : List.of());
    SnapshotRegistry registry = new SnapshotRegistry();
    registry.publish(rules.snapshot());
    BudgetService service =
        new BudgetService(
            stub.store(), registry, new Admission(clock, new Admission.Bounds(0, 0)), clock);
    NamespaceGrant grant = OperatorGrant.ofTheNodeItself().enter(TestRules.NAMESPACE);

    Outcome<Explanation> explained =
        service.explain(grant, policy.id(), Optional.empty(), 100, Optional.empty());

    assertThat(((Outcome.Done<Explanation>) explained).value().rows())
        .hasSize(60)
        .extracting(RequestRow::key)
        .containsOnly(PARENT.id(), CHILD.id());
    assertThat(stub.calls("key")).isEqualTo(3);
  }
}

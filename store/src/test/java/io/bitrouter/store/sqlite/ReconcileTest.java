package io.bitrouter.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.credential.Reach;
import io.bitrouter.core.namespace.Namespace;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.Reconciliation;
import io.bitrouter.core.store.RequestQuery;
import io.bitrouter.core.store.UsageQuery;
import io.bitrouter.core.usage.ChargeState;
import io.bitrouter.core.usage.RequestRow;
import io.bitrouter.store.row.SampleRows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Indeterminate rows are found and ended, and every sum follows. */
class ReconcileTest {

  private static final long NOW = ControlWorld.NOW;
  private static final long QUARTER = 900_000_000L;

  @TempDir private Path folder;
  private ControlWorld world;
  private Namespace here;
  private Namespace there;

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private final SampleRows sample = new SampleRows(random);
  private final List<RequestRow> lost = new ArrayList<>();

  @BeforeEach
  void open() {
    System.out.println("seed " + seed);
    world = new ControlWorld(folder);
    here = world.namespace("here");
    there = world.namespace("there");
  }

  @AfterEach
  void close() {
    world.close();
  }

  /** Two thirds of the rows are in the sums by key, a fifth carries its shape itself. */
  private void fill() {
    SqliteRowSink few = new SqliteRowSink(world.database, 1, 200);
    SqliteRowSink many = new SqliteRowSink(world.database, 100, 200);
    for (int batch = 0; batch < 3; batch++) {
      List<RequestRow> rows = new ArrayList<>();
      for (int i = 0; i < 100 - batch; i++) {
        NamespaceId of = i % 4 == 0 ? there.id() : here.id();
        KeyId key = new KeyId(of.text() + random.nextInt(3));
        long at = NOW + random.nextLong(8 * QUARTER);
        boolean indeterminate = i % 3 == 0;
        rows.add(indeterminate ? sample.indeterminate(of, key, at) : sample.any(of, key, at));
        if (rows.getLast().chargeState() == ChargeState.INDETERMINATE) {
          lost.add(rows.getLast());
        }
      }
      ControlWorld.commit(batch == 0 ? few : many, rows);
    }
    lost.sort(Comparator.comparingLong(RequestRow::startedAtMicros));
  }

  @Test
  void rowsUsageAndTotalsOfKeysStayTheSameSum() {
    fill();
    addsUp();
    List<RequestRow> left = new ArrayList<>(lost);
    while (!left.isEmpty()) {
      RequestRow row = left.remove(random.nextInt(left.size()));
      long nano = random.nextInt(3) == 0 ? 0 : random.nextLong(10_000_000);
      long delta = random.nextInt(2_000) - 1_000;
      ChargeState state = nano == 0 ? ChargeState.NOT_CHARGED : ChargeState.COMPUTED;
      var change = new Reconciliation(row.requestId(), nano, delta, state);
      NamespaceId other = row.namespace().equals(here.id()) ? there.id() : here.id();
      var audit = world.audit("request.reconcile", row.requestId().toString(), NOW);
      assertThat(world.view(other).reconcile(change, audit)).isEmpty();
      RequestRow now = world.view(row.namespace()).reconcile(change, audit).orElseThrow();
      assertThat(now)
          .usingRecursiveComparison()
          .ignoringFields("chargeNanoUsd", "finalChargeMicroUsd", "chargeState")
          .isEqualTo(row);
      assertThat(now.chargeNanoUsd()).isEqualTo(nano);
      assertThat(now.finalChargeMicroUsd()).isEqualTo(row.finalChargeMicroUsd() + delta);
      assertThat(now.chargeState()).isEqualTo(state);
      long audits = world.view(row.namespace()).verifyAudit().rows();
      assertThat(world.view(row.namespace()).reconcile(change, audit)).isEmpty();
      assertThat(world.view(row.namespace()).verifyAudit().rows()).isEqualTo(audits);
      assertThat(world.view(row.namespace()).audit(1, Long.MAX_VALUE).getFirst().entry())
          .isEqualTo(audit);
      addsUp();
    }
    assertThat(world.node.indeterminate(Long.MAX_VALUE)).isEmpty();
  }

  /** Rows, usage, usage by key, totals of keys and spend by quarter hour say the same. */
  private void addsUp() {
    Map<String, Long> totals = new HashMap<>();
    world.node.forEachKeyTotal((of, key, nano) -> totals.put(key.text(), nano));
    Map<String, Long> spend = new HashMap<>();
    world.node.forEachSpend(
        0, (of, key, slot, nano) -> spend.merge(of + key.text() + slot, nano, Long::sum));
    Map<String, Long> expectedTotals = new HashMap<>();
    Map<String, Long> expectedSpend = new HashMap<>();
    for (Namespace each : List.of(here, there)) {
      List<RequestRow> rows = world.rows(each.id(), 10_000);
      for (RequestRow row : rows) {
        long slot = row.startedAtMicros() / QUARTER;
        expectedTotals.merge(row.key().text(), row.chargeNanoUsd(), Long::sum);
        expectedSpend.merge(each.id() + row.key().text() + slot, row.chargeNanoUsd(), Long::sum);
      }
      long micro = rows.stream().mapToLong(RequestRow::finalChargeMicroUsd).sum();
      UsageQuery all = UsageQuery.of(0, Long.MAX_VALUE);
      assertThat(world.view(each.id()).usage(all).spendMicroUsd()).isEqualTo(micro);
      long byKey =
          world.view(each.id()).usage(all, new UsageQuery.Grouping.ByKey()).stream()
              .mapToLong(group -> group.totals().spendMicroUsd())
              .sum();
      assertThat(byKey).isEqualTo(micro);
    }
    for (Map<String, Long> map : List.of(totals, spend, expectedTotals, expectedSpend)) {
      map.values().removeIf(nano -> nano == 0);
    }
    assertThat(totals).as("seed %d", seed).isEqualTo(expectedTotals);
    assertThat(spend).as("seed %d", seed).isEqualTo(expectedSpend);
  }

  @Test
  void spendIsThatOfLiveNamespacesSinceTheQuarter() {
    fill();
    long first = NOW / QUARTER + 3;
    Map<NamespaceId, Long> spend = new HashMap<>();
    long expected =
        world.rows(here.id(), 10_000).stream()
            .filter(row -> row.startedAtMicros() / QUARTER >= first)
            .mapToLong(RequestRow::chargeNanoUsd)
            .sum();
    world.node.deleteNamespace(there.id(), world.audit("namespace.delete", "x", NOW));
    world.node.forEachSpend(
        first,
        (of, key, slot, nano) -> {
          assertThat(slot).isGreaterThanOrEqualTo(first);
          spend.merge(of, nano, Long::sum);
        });
    assertThat(spend).isEqualTo(Map.of(here.id(), expected));
  }

  @Test
  void indeterminateOnesAreListedOldestFirstToWhomTheyConcern() {
    fill();
    long before = NOW + 4 * QUARTER + 7;
    List<RequestRow> old = lost.stream().filter(row -> row.startedAtMicros() < before).toList();
    assertThat(world.node.indeterminate(before))
        .containsExactlyInAnyOrderElementsOf(old)
        .extracting(RequestRow::startedAtMicros)
        .isSorted();
    assertThat(world.operator(new Reach.Only(Set.of(there.id()))).indeterminate(before))
        .isNotEmpty()
        .containsExactlyInAnyOrderElementsOf(
            old.stream().filter(row -> row.namespace().equals(there.id())).toList());
  }

  @Test
  void whatCannotBeRecordedIsNotDone() {
    fill();
    RequestRow row = lost.getFirst();
    world.database.write(handle ->
        handle.execute(
            "CREATE TRIGGER no BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END"));
    var change = new Reconciliation(row.requestId(), 1, 1, ChargeState.COMPUTED);
    assertThatThrownBy(() ->
            world
                .view(row.namespace())
                .reconcile(change, world.audit("request.reconcile", "x", NOW)))
        .hasMessageContaining("no");
    assertThat(world.view(row.namespace()).request(row.requestId())).contains(row);
    assertThat(world.node.indeterminate(Long.MAX_VALUE)).contains(row);
    assertThat(world.view(row.namespace()).requests(RequestQuery.newest(10_000, 0))).contains(row);
    addsUp();
  }
}

package io.bitrouter.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.namespace.Namespace;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.StoreUnavailableException;
import io.bitrouter.core.usage.RequestRow;
import io.bitrouter.store.journal.JournalPosition;
import io.bitrouter.store.journal.RowSink.KeySums;
import io.bitrouter.store.row.SampleRows;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows go in all or nothing, once, and the totals of keys follow them. */
class SqliteRowSinkTest {

  private static final NamespaceId NS = new NamespaceId("ns_a");
  private static final KeyId KEY = new KeyId("key_a");

  @TempDir private Path folder;
  private ControlWorld world;
  private final SampleRows sample = new SampleRows(new Random(23));

  @BeforeEach
  void open() {
    world = new ControlWorld(folder);
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void aBatchGoesInOnceHoweverOftenItIsTried() {
    SqliteRowSink sink = new SqliteRowSink(world.database);
    List<RequestRow> rows = rows(20);
    JournalPosition reached = new JournalPosition(1, 500);
    assertThat(sink.position()).isEqualTo(JournalPosition.START);
    assertThat(sink.commit(ControlWorld.encoded(rows), JournalPosition.START, reached)).isTrue();
    assertThat(sink.commit(ControlWorld.encoded(rows), JournalPosition.START, reached)).isFalse();
    assertThat(
            new SqliteRowSink(world.database)
                .commit(ControlWorld.encoded(rows), JournalPosition.START, reached))
        .isFalse();
    assertThat(sink.position()).isEqualTo(reached);
    assertThat(world.rows(NS, 100)).isEqualTo(rows.reversed());
    assertThat(sink.holds(NS, rows.getFirst().requestId())).isTrue();
    assertThat(sink.holds(new NamespaceId("ns_b"), rows.getFirst().requestId())).isFalse();
  }

  @Test
  void afterAFailedTransactionWhatWasMadeInItIsMadeAgain() throws Exception {
    SqliteRowSink sink = new SqliteRowSink(world.database);
    List<RequestRow> rows = rows(5);
    JournalPosition reached = new JournalPosition(1, 500);
    try (Connection other =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("bitrouter.db"));
        Statement statement = other.createStatement()) {
      statement.execute(
          "CREATE TRIGGER no BEFORE INSERT ON usage_15m BEGIN SELECT RAISE(ABORT, 'no'); END");
      assertThatThrownBy(
              () -> sink.commit(ControlWorld.encoded(rows), JournalPosition.START, reached))
          .isInstanceOfAny(IllegalStateException.class, StoreUnavailableException.class);
      assertThat(sink.position()).isEqualTo(JournalPosition.START);
      assertThat(world.rows(NS, 9)).isEmpty();
      statement.execute("DROP TRIGGER no");
    }
    assertThat(sink.commit(ControlWorld.encoded(rows), JournalPosition.START, reached)).isTrue();
    assertThat(world.rows(NS, 9)).isEqualTo(rows.reversed());
  }

  @Test
  void shapesBeyondTheBoundAreKeptInTheRows() {
    SqliteRowSink sink = new SqliteRowSink(world.database, 3, 1_000);
    List<RequestRow> rows = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      rows.add(sample.any(NS, KEY, ControlWorld.NOW + i * 1_000));
    }
    sink.commit(ControlWorld.encoded(rows), JournalPosition.START, new JournalPosition(1, 1));
    assertThat(world.rows(NS, 1_000)).isEqualTo(rows.reversed());
    assertThat(count("SELECT count(*) FROM row_shape")).isEqualTo(3);
  }

  @Test
  void modelNamesThatClientsInventDoNotGrowTheDictionary() {
    SqliteRowSink sink = new SqliteRowSink(world.database);
    List<RequestRow> rows = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      RequestRow any = sample.any(NS, KEY, ControlWorld.NOW + i * 1_000);
      rows.add(invented(any, "invented-" + i));
    }
    sink.commit(ControlWorld.encoded(rows), JournalPosition.START, new JournalPosition(1, 1));
    assertThat(world.rows(NS, 3_000)).isEqualTo(rows.reversed());
    assertThat(count("SELECT count(*) FROM row_shape")).isLessThan(1_000);
  }

  @Test
  void totalsAreTheSameBeforeAndAfterRowsAreFoldedIntoThem() {
    SqliteRowSink sink = new SqliteRowSink(world.database);
    JournalPosition at = JournalPosition.START;
    long micro = 0;
    for (int batch = 0; batch < 26; batch++) {
      List<RequestRow> rows = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        rows.add(sample.plain(NS, KEY, ControlWorld.NOW + i));
        micro += rows.getLast().finalChargeMicroUsd();
      }
      JournalPosition next = new JournalPosition(1, at.offset() + 1);
      sink.commit(ControlWorld.encoded(rows), at, next);
      at = next;
      assertThat(sink.sums(NS, KEY)).isEqualTo(new KeySums(sample.totals().get(KEY), micro));
    }
    assertThat(count("SELECT row_id FROM key_total_upto")).isGreaterThan(0);
    assertThat(sink.sums(new NamespaceId("ns_b"), KEY)).isEqualTo(KeySums.ZERO);
  }

  @Test
  void aHundredThousandKeysLoadInASecondOrTwo() {
    Namespace namespace = world.namespace("many");
    KeyRecord one = world.stored(namespace.id(), "one", Optional.empty());
    world.database.write(handle ->
        handle.execute(
            """
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
            INSERT INTO api_key (namespace_id, id, name, scopes, root_id, created_at,
              created_by_kind, created_by_id)
            SELECT k.namespace_id, 'key_' || n.i, k.name, k.scopes, 'key_' || n.i,
              k.created_at, k.created_by_kind, k.created_by_id FROM api_key k, n
            """));
    world.database.write(handle ->
        handle.execute(
            """
            INSERT INTO key_verifier (namespace_id, key_id, token_id, mac, pepper_id)
            SELECT namespace_id, id, 'tok_' || id, randomblob(32), 'p1' FROM api_key
            WHERE name = 'one' AND id <> '%s'
            """
                .formatted(one.id())));
    List<KeyId> loaded = new ArrayList<>();
    long start = System.nanoTime();
    world.node.forEachKey(key -> {
      assertThat(key.verifiers()).hasSize(1);
      loaded.add(key.id());
    });
    System.out.printf("100,000 keys loaded in %d ms%n", (System.nanoTime() - start) / 1_000_000);
    assertThat(loaded).hasSize(100_001).doesNotHaveDuplicates();
  }

  private List<RequestRow> rows(int count) {
    List<RequestRow> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(sample.any(NS, KEY, ControlWorld.NOW + i * 1_000));
    }
    rows.sort(Comparator.comparingLong(RequestRow::startedAtMicros));
    return rows;
  }

  private static RequestRow invented(RequestRow row, String model) {
    return new RequestRow(
        row.requestId(),
        row.namespace(),
        row.key(),
        row.rootKey(),
        row.clientRequestId(),
        row.protocol(),
        row.upstreamProtocol(),
        model,
        row.modelId(),
        row.upstreamModel(),
        row.providerId(),
        row.status(),
        row.httpStatus(),
        row.code(),
        row.policyId(),
        row.finishReason(),
        row.streamed(),
        row.attempts(),
        row.ttftMillis(),
        row.totalMillis(),
        row.overheadMicros(),
        row.usage(),
        row.chargeState(),
        row.chargeNanoUsd(),
        row.finalChargeMicroUsd(),
        row.priceVersion(),
        row.decision(),
        row.repeatCount());
  }

  private long count(String sql) {
    return world.database.read(handle -> handle.createQuery(sql).mapTo(long.class).one());
  }
}

package io.bitrouter.store;

import static io.bitrouter.store.BooksWorld.KEY;
import static io.bitrouter.store.BooksWorld.NOW;
import static io.bitrouter.store.BooksWorld.NS;
import static io.bitrouter.store.BooksWorld.OTHER;
import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.kernel.Ulid;
import io.bitrouter.core.store.JournalRecord;
import io.bitrouter.core.store.NodeView;
import io.bitrouter.core.store.UsageJournal.Appended;
import io.bitrouter.core.store.UsageTotals;
import io.bitrouter.core.usage.ChargeState;
import io.bitrouter.core.usage.RequestRow;
import io.bitrouter.core.usage.RequestStatus;
import io.bitrouter.store.row.SampleRows;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the journal into the tables and back out as rows and usage. */
class BooksTest {

  private static final long QUARTER = 900_000_000L;
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir private Path home;

  private final SampleRows sample = new SampleRows(new Random(11));

  @Test
  void rowsComeBackNewestFirstAndExactly() {
    List<RequestRow> rows = new ArrayList<>();
    try (Books books = BooksWorld.open(home)) {
      for (int i = 0; i < 300; i++) {
        RequestRow row = sample.any(i % 3 == 0 ? OTHER : NS, KEY, NOW + (i * 7919L % 300) * 1_000);
        rows.add(row);
        assertThat(BooksWorld.append(books, row)).isEqualTo(Appended.YES);
      }
      rows.removeIf(row -> row.namespace().equals(OTHER));
      rows.sort(Comparator.comparingLong(RequestRow::startedAtMicros).reversed());
      assertThat(BooksWorld.rows(books, NS, 1_000, 0)).isEqualTo(rows);
      assertThat(BooksWorld.rows(books, NS, 10, 25)).isEqualTo(rows.subList(25, 35));
      assertThat(BooksWorld.rows(books, NS, 10, 5_000)).isEmpty();
      assertThat(BooksWorld.rows(books, OTHER, 1_000, 0)).hasSize(100);
      assertThat(books.counters())
          .isEqualTo(new Books.Counters(300, books.counters().journalBytes(), true));
    }
    try (Books again = BooksWorld.open(home)) {
      assertThat(BooksWorld.rows(again, NS, 1_000, 0)).isEqualTo(rows);
    }
  }

  @Test
  void usageIsTheFoldOfTheRowsOverAnyInterval() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    SampleRows made = new SampleRows(random);
    List<RequestRow> rows = new ArrayList<>();
    try (Books books = BooksWorld.open(home)) {
      for (int i = 0; i < 2_000; i++) {
        long at = NOW + random.nextLong(12 * QUARTER) / (i % 10 == 0 ? QUARTER : 1);
        RequestRow row = made.any(random.nextInt(4) == 0 ? OTHER : NS, KEY, at);
        rows.add(row);
        BooksWorld.append(books, row);
      }
      for (int i = 0; i < 200; i++) {
        long from = edge(random);
        long to = edge(random);
        assertThat(BooksWorld.usage(books, NS, from, to))
            .as("seed %d, [%d, %d)", seed, from, to)
            .isEqualTo(BooksWorld.fold(rows, NS, from, to));
      }
      for (int half = 0; half < 5; half++) {
        long from = NOW + half * 2 * QUARTER;
        assertThat(BooksWorld.usage(books, OTHER, from, from + 4 * QUARTER))
            .isEqualTo(BooksWorld.fold(rows, OTHER, from, from + 4 * QUARTER));
      }
      // The quarter hour of the last row, without it and with it.
      long last = rows.stream().mapToLong(RequestRow::startedAtMicros).max().orElseThrow();
      for (long to : List.of(last - 1_000, last, last + 1_000)) {
        assertThat(BooksWorld.usage(books, NS, NOW, to))
            .isEqualTo(BooksWorld.fold(rows, NS, NOW, to));
      }
      assertThat(BooksWorld.usage(books, NS, Long.MIN_VALUE, Long.MAX_VALUE))
          .isEqualTo(BooksWorld.fold(rows, NS, 0, Long.MAX_VALUE));
      assertThat(BooksWorld.usage(books, NS, NOW + 5, NOW)).isEqualTo(UsageTotals.ZERO);
    }
  }

  private static long edge(Random random) {
    long within = NOW - QUARTER + random.nextLong(14 * QUARTER);
    return switch (random.nextInt(3)) {
      case 0 -> within / QUARTER * QUARTER;
      case 1 -> within / 1_000 * 1_000;
      default -> within;
    };
  }

  @Test
  void keyTotalsAreTheFoldOfTheCharges() {
    try (Books books = BooksWorld.open(home)) {
      for (int i = 0; i < 1_000; i++) {
        BooksWorld.append(books, sample.any(NS, KeyId.of(new Ulid(i % 7, 0)), NOW));
      }
      books.catchUp(LONG);
      Map<KeyId, Long> totals = new HashMap<>();
      BooksWorld.node(books).forEachKeyTotal((namespace, key, nano) -> totals.put(key, nano));
      assertThat(totals).isEqualTo(sample.totals());
    }
  }

  @Test
  void theOperatorSeesUsageOfDeletedNamespaces() {
    try (Books books = BooksWorld.open(home)) {
      BooksWorld.create(books, NS, "a");
      BooksWorld.create(books, OTHER, "b");
      RequestRow row = sample.plain(OTHER, KEY, NOW);
      BooksWorld.append(books, row);
      BooksWorld.node(books).deleteNamespace(OTHER, BooksWorld.audit("delete", NOW));
      List<NodeView.NamespaceUsage> usage = BooksWorld.node(books).usageByNamespace(0, 2 * NOW);
      assertThat(usage)
          .extracting(NodeView.NamespaceUsage::deleted, NodeView.NamespaceUsage::totals)
          .containsExactly(
              Tuple.tuple(false, UsageTotals.ZERO),
              Tuple.tuple(true, BooksWorld.fold(List.of(row), OTHER, 0, 2 * NOW)));
    }
  }

  @Test
  void aLockedStoreStopsNeitherAppendsNorTheAnswerToQuestions() throws Exception {
    try (Books books = BooksWorld.open(home)) {
      RequestRow before = sample.plain(NS, KEY, NOW);
      BooksWorld.append(books, before);
      assertThat(books.catchUp(LONG)).isTrue();
      try (Connection other =
              DriverManager.getConnection("jdbc:sqlite:" + home.resolve("bitrouter.db"));
          Statement statement = other.createStatement()) {
        statement.execute("BEGIN EXCLUSIVE");
        long start = System.nanoTime();
        for (int i = 0; i < 3_000; i++) {
          assertThat(BooksWorld.append(books, sample.plain(NS, KEY, NOW + i)))
              .isEqualTo(Appended.YES);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        assertThat(books.ready()).isTrue();
        assertThat(BooksWorld.rows(books, NS, 9, 0)).containsExactly(before);
        assertThat(books.counters().caughtUp()).isFalse();
        statement.execute("ROLLBACK");
      }
      assertThat(books.catchUp(LONG)).isTrue();
      assertThat(BooksWorld.rows(books, NS, 10_000, 0)).hasSize(3_001);
    }
  }

  @Test
  void whatWasUnderWayAtADeathIsSettledOnceAndAddsUp() throws Exception {
    Path died = home.resolve("died");
    List<RequestRow> all = new ArrayList<>();
    try (Books books = BooksWorld.open(home)) {
      for (int i = 0; i < 50; i++) {
        RequestRow row = sample.plain(NS, KEY, NOW + i * 1_000);
        all.add(row);
        books.journal().append(List.of(BooksWorld.admission(row)));
        if (i % 5 != 0) {
          books.journal().append(List.of(BooksWorld.dispatch(row)));
        }
        if (i % 5 > 1) {
          books.journal().append(List.of(new JournalRecord.Close(row)));
        } else if (i % 10 == 0) {
          books.journal().append(List.of(new JournalRecord.Void(row.requestId())));
        }
      }
      BooksWorld.copy(home.resolve("journal"), died.resolve("journal"));
    }
    for (int start = 0; start < 3; start++) {
      try (Books books = BooksWorld.open(died)) {
        List<RequestRow> rows = BooksWorld.rows(books, NS, 1_000, 0);
        List<RequestRow> lost = rows.stream().filter(r -> r.code().isPresent()).toList();
        assertThat(rows).hasSize(40).doesNotHaveDuplicates();
        assertThat(lost).hasSize(10).allSatisfy(BooksTest::isIndeterminate);
        long nano = rows.stream().mapToLong(RequestRow::chargeNanoUsd).sum();
        long micro = rows.stream().mapToLong(RequestRow::finalChargeMicroUsd).sum();
        assertThat(micro).isEqualTo(nano / 1_000);
        assertThat(BooksWorld.usage(books, NS, 0, 2 * NOW).spendMicroUsd()).isEqualTo(micro);
        for (RequestRow row : lost) {
          RequestRow was =
              all.stream().filter(r -> r.requestId().equals(row.requestId())).findFirst().get();
          assertThat(row.chargeNanoUsd()).isEqualTo(BooksWorld.admission(was).reservedNanoUsd());
          assertThat(row.clientRequestId()).isEqualTo(was.clientRequestId());
        }
      }
    }
    assertThat(BooksWorld.segments(died)).hasSize(1);
  }

  @Test
  void aDeathChargesWhatWasReservedLast() throws Exception {
    Path died = home.resolve("died");
    RequestRow twice = sample.plain(NS, KEY, NOW);
    RequestRow never = sample.plain(NS, KEY, NOW + 1_000);
    RequestRow settled = sample.plain(NS, KEY, NOW + 2_000);
    RequestRow unsent = sample.plain(NS, KEY, NOW + 3_000);
    try (Books books = BooksWorld.open(home)) {
      for (RequestRow row : List.of(twice, never, settled)) {
        books.journal().append(List.of(BooksWorld.admission(row), BooksWorld.dispatch(row)));
      }
      books.journal().append(List.of(BooksWorld.admission(unsent)));
      for (RequestRow row : List.of(twice, settled, unsent)) {
        books.journal().append(List.of(new JournalRecord.Extend(row.requestId(), 7_000_000)));
      }
      books.journal().append(List.of(new JournalRecord.Extend(twice.requestId(), 9_000_001)));
      books.journal().append(List.of(new JournalRecord.Close(settled)));
      BooksWorld.copy(home.resolve("journal"), died.resolve("journal"));
    }
    for (int start = 0; start < 2; start++) {
      try (Books books = BooksWorld.open(died)) {
        Map<String, Long> charges = new HashMap<>();
        BooksWorld.rows(books, NS, 9, 0)
            .forEach(row -> charges.put(row.requestId().toString(), row.chargeNanoUsd()));
        assertThat(charges)
            .isEqualTo(
                Map.of(
                    twice.requestId().toString(), 9_000_001L,
                    never.requestId().toString(), BooksWorld.admission(never).reservedNanoUsd(),
                    settled.requestId().toString(), settled.chargeNanoUsd()));
        long nano = charges.values().stream().mapToLong(each -> each).sum();
        assertThat(BooksWorld.usage(books, NS, 0, 2 * NOW).spendMicroUsd()).isEqualTo(nano / 1_000);
      }
    }
  }

  /** One row, of the place that it was sent to last, at what it held there. */
  @Test
  void aDeathBetweenTwoAttemptsLeavesOneRowOfTheLast() throws Exception {
    Path died = home.resolve("died");
    RequestRow row = sample.plain(NS, KEY, NOW);
    try (Books books = BooksWorld.open(home)) {
      books.journal().append(List.of(BooksWorld.admission(row), BooksWorld.dispatch(row)));
      for (int attempt = 3; attempt <= 4; attempt++) {
        books
            .journal()
            .append(
                List.of(
                    new JournalRecord.Dispatch(
                        row.requestId(),
                        attempt,
                        "other" + attempt,
                        "other" + attempt + "/m",
                        "upstream-m" + attempt,
                        "messages",
                        "price-" + attempt),
                    new JournalRecord.Extend(row.requestId(), 1_000_000L * attempt)));
      }
      BooksWorld.copy(home.resolve("journal"), died.resolve("journal"));
    }
    for (int start = 0; start < 2; start++) {
      try (Books books = BooksWorld.open(died)) {
        List<RequestRow> rows = BooksWorld.rows(books, NS, 9, 0);
        assertThat(rows).hasSize(1);
        RequestRow left = rows.getFirst();
        assertThat(left.code()).contains("node_restarted");
        assertThat(left.chargeState()).isEqualTo(ChargeState.INDETERMINATE);
        assertThat(left.attempts()).isEqualTo(4);
        assertThat(left.providerId()).contains("other4");
        assertThat(left.modelId()).contains("other4/m");
        assertThat(left.upstreamModel()).contains("upstream-m4");
        assertThat(left.upstreamProtocol()).contains("messages");
        assertThat(left.priceVersion()).isEqualTo("price-4");
        assertThat(left.chargeNanoUsd()).isEqualTo(4_000_000);
        assertThat(BooksWorld.usage(books, NS, 0, 2 * NOW).spendMicroUsd()).isEqualTo(4_000);
      }
    }
  }

  private static void isIndeterminate(RequestRow row) {
    assertThat(row.code()).contains("node_restarted");
    assertThat(row.chargeState()).isEqualTo(ChargeState.INDETERMINATE);
    assertThat(row.status()).isEqualTo(RequestStatus.FAILED);
    assertThat(row.attempts()).isEqualTo(2);
  }
}

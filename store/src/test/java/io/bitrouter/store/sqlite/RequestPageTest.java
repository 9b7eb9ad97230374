package io.bitrouter.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.kernel.Ulid;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.RequestQuery;
import io.bitrouter.core.store.UsageQuery.Filter;
import io.bitrouter.core.usage.ChargeState;
import io.bitrouter.core.usage.RequestRow;
import io.bitrouter.core.usage.RequestStatus;
import io.bitrouter.store.BooksWorld;
import io.bitrouter.store.row.SampleRows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages of rows: filters, cursors, offsets. */
class RequestPageTest {

  private static final NamespaceId NS = BooksWorld.NS;

  @TempDir private Path folder;

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  @Test
  void pagesOfAnyFilterAreTheRowsOfThatFilter() {
    System.out.println("seed " + seed);
    SampleRows sample = new SampleRows(random);
    List<RequestRow> rows = new ArrayList<>();
    try (ControlWorld world = new ControlWorld(folder)) {
      SqliteRowSink sink = new SqliteRowSink(world.database, 10, 700);
      for (int batch = 0; batch < 6; batch++) {
        List<RequestRow> made = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
          NamespaceId of = random.nextInt(5) == 0 ? BooksWorld.OTHER : NS;
          KeyId key = new KeyId("key_" + random.nextInt(3));
          made.add(sample.any(of, key, ControlWorld.NOW + random.nextInt(900) * 1_000));
        }
        ControlWorld.commit(sink, made);
        rows.addAll(made);
      }
      List<RequestRow> newestFirst = new ArrayList<>(rows.reversed());
      newestFirst.removeIf(row -> !row.namespace().equals(NS));
      newestFirst.sort(Comparator.comparingLong(RequestRow::startedAtMicros).reversed());
      for (int i = 0; i < 120; i++) {
        RequestQuery query = any();
        List<RequestRow> meant = newestFirst.stream().filter(row -> means(query, row)).toList();
        assertThat(walked(world, query)).as("seed %d, %s", seed, query).isEqualTo(meant);
        int offset = random.nextInt(30);
        assertThat(world.view(NS).requests(with(query, 20, offset, Optional.empty())))
            .as("seed %d, %s", seed, query)
            .isEqualTo(meant.stream().skip(offset).limit(20).toList());
      }
      RequestRow some = newestFirst.get(77);
      assertThat(world.view(NS).request(some.requestId())).contains(some);
      assertThat(world.view(BooksWorld.OTHER).request(some.requestId())).isEmpty();
    }
  }

  @Test
  void aCursorThatNamesNoRowOfTheNamespaceIsItsMomentAlone() {
    SampleRows sample = new SampleRows(random);
    RequestRow older = sample.plain(NS, BooksWorld.KEY, ControlWorld.NOW);
    RequestRow newer = sample.plain(NS, BooksWorld.KEY, ControlWorld.NOW + 1_000);
    RequestRow foreign = sample.plain(BooksWorld.OTHER, BooksWorld.KEY, ControlWorld.NOW + 1_000);
    try (ControlWorld world = new ControlWorld(folder)) {
      ControlWorld.commit(new SqliteRowSink(world.database), List.of(older, newer, foreign));
      for (RequestId id :
          List.of(
              foreign.requestId(), new RequestId(new Ulid(newer.requestId().ulid().high(), 1)))) {
        RequestQuery after = with(RequestQuery.newest(9, 0), 9, 0, Optional.of(id));
        assertThat(world.view(NS).requests(after)).containsExactly(older);
      }
    }
  }

  private List<RequestRow> walked(ControlWorld world, RequestQuery query) {
    List<RequestRow> all = new ArrayList<>();
    int limit = 1 + random.nextInt(100);
    List<RequestRow> page;
    do {
      Optional<RequestId> after =
          all.isEmpty() ? Optional.empty() : Optional.of(all.getLast().requestId());
      page = world.view(NS).requests(with(query, limit, 0, after));
      assertThat(page).hasSizeLessThanOrEqualTo(limit);
      all.addAll(page);
    } while (page.size() == limit);
    return all;
  }

  private static RequestQuery with(
      RequestQuery query, int limit, long offset, Optional<RequestId> after) {
    return new RequestQuery(
        limit,
        offset,
        after,
        query.fromMicros(),
        query.toMicros(),
        query.filter(),
        query.status(),
        query.code(),
        query.chargeState(),
        query.clientRequestId());
  }

  private RequestQuery any() {
    return new RequestQuery(
        1,
        0,
        Optional.empty(),
        random.nextBoolean() ? 0 : ControlWorld.NOW + random.nextInt(900_000),
        random.nextBoolean() ? Long.MAX_VALUE : ControlWorld.NOW + random.nextInt(900_000),
        new Filter(
            maybe("openai/gpt-1", "none"),
            maybe("openai", ""),
            maybe("key_0", "key_1"),
            maybe("key_root", "key_1")),
        maybe(RequestStatus.values()),
        maybe("rate_limited", "own_code"),
        maybe(ChargeState.values()),
        random.nextInt(8) == 0 ? Optional.of("client-7") : Optional.empty());
  }

  @SafeVarargs
  private <T> Optional<T> maybe(T... values) {
    return random.nextInt(5) > 0
        ? Optional.empty()
        : Optional.of(values[random.nextInt(values.length)]);
  }

  private static boolean means(RequestQuery query, RequestRow row) {
    Filter filter = query.filter();
    return row.startedAtMicros() >= query.fromMicros()
        && row.startedAtMicros() < query.toMicros()
        && filter.model().filter(name -> !name.equals(row.modelId().orElse(""))).isEmpty()
        && filter.provider().filter(name -> !name.equals(row.providerId().orElse(""))).isEmpty()
        && filter.key().filter(name -> !name.equals(row.key().text())).isEmpty()
        && filter.rootKey().filter(name -> !name.equals(row.rootKey().text())).isEmpty()
        && query.status().filter(status -> status != row.status()).isEmpty()
        && (query.code().isEmpty() || query.code().equals(row.code()))
        && query.chargeState().filter(state -> state != row.chargeState()).isEmpty()
        && (query.clientRequestId().isEmpty()
            || query.clientRequestId().equals(row.clientRequestId()));
  }
}

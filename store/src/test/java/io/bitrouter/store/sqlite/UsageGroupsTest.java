package io.bitrouter.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.UsageQuery;
import io.bitrouter.core.store.UsageQuery.Filter;
import io.bitrouter.core.store.UsageQuery.Group;
import io.bitrouter.core.store.UsageQuery.Grouping;
import io.bitrouter.core.store.UsageTotals;
import io.bitrouter.core.usage.RequestRow;
import io.bitrouter.store.BooksWorld;
import io.bitrouter.store.row.SampleRows;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Usage in groups, filtered or not, is the fold of the rows, folded into sums or not. */
class UsageGroupsTest {

  private static final long QUARTER = 900_000_000L;
  private static final int QUESTIONS = 150;

  /** Zones whose clocks are odd, each with a day on which they change. */
  private static final Map<ZoneId, String> ZONES =
      Map.of(
          ZoneOffset.UTC,
          "2026-02-28T00:00:00Z",
          ZoneId.of("Asia/Kathmandu"),
          "2026-02-28T00:00:00Z",
          ZoneId.of("Asia/Kolkata"),
          "2026-02-28T00:00:00Z",
          ZoneId.of("Europe/Berlin"),
          "2026-03-29T00:00:00Z",
          ZoneId.of("America/New_York"),
          "2026-11-01T00:00:00Z",
          ZoneId.of("Australia/Lord_Howe"),
          "2026-04-04T06:00:00Z",
          ZoneId.of("Pacific/Chatham"),
          "2026-09-26T06:00:00Z",
          ZoneId.of("America/Havana"),
          "2026-11-01T00:00:00Z",
          ZoneId.of("America/St_Johns"),
          "2010-11-07T00:00:00Z",
          ZoneId.of("+05:37"),
          "2026-02-28T00:00:00Z");

  private static final NamespaceId NS = BooksWorld.NS;
  private static final NamespaceId OTHER = BooksWorld.OTHER;

  @TempDir private Path folder;

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private final List<RequestRow> rows = new ArrayList<>();

  @Test
  void everyGroupIsTheFoldOfItsRows() {
    System.out.println("seed " + seed);
    try (ControlWorld world = new ControlWorld(folder)) {
      int zoneNumber = random.nextInt(ZONES.size());
      for (int shapes : new int[] {4, RowRefs.MOST_SHAPES}) {
        ask(world, shapes, List.copyOf(ZONES.keySet()).get(zoneNumber));
      }
      for (ZoneId zone : ZONES.keySet()) {
        ask(world, RowRefs.MOST_SHAPES, zone);
      }
    }
  }

  private void ask(ControlWorld world, int shapes, ZoneId zone) {
    long day = Instant.parse(ZONES.get(zone)).toEpochMilli() * 1_000;
    SqliteRowSink sink = new SqliteRowSink(world.database, shapes, 70);
    SampleRows sample = new SampleRows(random);
    for (int batch = random.nextInt(2, 9); batch > 0; batch--) {
      List<RequestRow> made = new ArrayList<>();
      for (int i = random.nextInt(60); i >= 0; i--) {
        KeyId key = new KeyId("key_" + random.nextInt(4));
        NamespaceId of = random.nextInt(5) == 0 ? OTHER : NS;
        made.add(sample.any(of, key, day + random.nextLong(130 * QUARTER)));
      }
      ControlWorld.commit(sink, made);
      rows.addAll(made);
    }
    for (int i = 0; i < QUESTIONS; i++) {
      UsageQuery query = new UsageQuery(edge(day), edge(day), filter());
      check(world, query, zone);
    }
    check(world, new UsageQuery(Long.MIN_VALUE, Long.MAX_VALUE, filter()), zone);
  }

  private void check(ControlWorld world, UsageQuery query, ZoneId zone) {
    String what = "seed %d, %s, %s".formatted(seed, query, zone);
    var view = world.view(NS);
    assertThat(view.usage(query)).as(what).isEqualTo(fold(query, row -> "all").get("all"));
    Map<Grouping, Function<RequestRow, String>> names =
        Map.of(
            new Grouping.ByModel(), row -> row.modelId().orElse(""),
            new Grouping.ByProvider(), row -> row.providerId().orElse(""),
            new Grouping.ByKey(), row -> row.key().text(),
            new Grouping.ByRootKey(), row -> row.rootKey().text());
    names.forEach((grouping, name) -> {
      List<Group> groups = view.usage(query, grouping);
      assertThat(named(groups, Group::name)).as(what).isEqualTo(without(fold(query, name)));
      assertThat(groups).extracting(group -> -group.totals().spendMicroUsd()).as(what).isSorted();
    });
    List<Group> hours = view.usage(query, new Grouping.ByHour(zone));
    assertThat(named(hours, group -> hour(group.fromMicros(), zone)))
        .as(what)
        .isEqualTo(without(fold(query, row -> hour(row.startedAtMicros(), zone))));
    List<Group> days = view.usage(query, new Grouping.ByDay(zone));
    assertThat(days.stream().map(Group::totals).reduce(UsageTotals.ZERO, UsageTotals::plus))
        .as(what)
        .isEqualTo(view.usage(query));
    for (Group day : days) {
      assertThat(local(day.fromMicros(), zone).toLocalTime().toSecondOfDay()).isLessThan(2 * 3_600);
      assertThat(day.totals())
          .as("%s, %s", what, day)
          .isEqualTo(
              fold(
                      new UsageQuery(
                          Math.max(query.fromMicros(), day.fromMicros()),
                          Math.min(query.toMicros(), day.toMicros()),
                          query.filter()),
                      row -> "all")
                  .get("all"));
    }
    for (List<Group> timed : List.of(hours, days)) {
      assertThat(timed).as(what).extracting(Group::fromMicros).isSorted().doesNotHaveDuplicates();
      assertThat(timed)
          .allSatisfy(group ->
              assertThat(OffsetDateTime.parse(group.name()).toInstant().toEpochMilli() * 1_000)
                  .isEqualTo(group.fromMicros()));
    }
  }

  /** The hour that the clock of {@code zone} shows, told apart when it comes twice. */
  private static String hour(long micros, ZoneId zone) {
    ZonedDateTime time = Instant.EPOCH.plus(micros, ChronoUnit.MICROS).atZone(zone);
    return time.toLocalDateTime().truncatedTo(ChronoUnit.HOURS) + " " + time.getOffset();
  }

  private static LocalDateTime local(long micros, ZoneId zone) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).atZone(zone).toLocalDateTime();
  }

  private Map<String, UsageTotals> fold(UsageQuery query, Function<RequestRow, String> name) {
    Map<String, UsageTotals> groups = new HashMap<>(Map.of("all", UsageTotals.ZERO));
    rows.stream()
        .filter(row -> means(query.filter(), row))
        .forEach(row -> {
          UsageTotals one = BooksWorld.fold(List.of(row), NS, query.fromMicros(), query.toMicros());
          if (!one.equals(UsageTotals.ZERO)) {
            groups.merge(name.apply(row), one, UsageTotals::plus);
          }
        });
    return groups;
  }

  private static boolean means(Filter filter, RequestRow row) {
    return filter.model().filter(name -> !name.equals(row.modelId().orElse(""))).isEmpty()
        && filter.provider().filter(name -> !name.equals(row.providerId().orElse(""))).isEmpty()
        && filter.key().filter(name -> !name.equals(row.key().text())).isEmpty()
        && filter.rootKey().filter(name -> !name.equals(row.rootKey().text())).isEmpty();
  }

  private static Map<String, UsageTotals> without(Map<String, UsageTotals> groups) {
    groups.remove("all");
    return groups;
  }

  private static Map<String, UsageTotals> named(List<Group> groups, Function<Group, String> name) {
    Map<String, UsageTotals> named = new HashMap<>();
    groups.forEach(
        group -> assertThat(named.put(name.apply(group), group.totals())).as("%s", group).isNull());
    return named;
  }

  private Filter filter() {
    return random.nextInt(3) == 0
        ? Filter.NONE
        : new Filter(
            any("openai/gpt-0", "openai/gpt-1", "", "none"),
            any("openai", "anthropic", "", "none"),
            any("key_0", "key_1", "key_2", "none"),
            any("key_root", "key_0", "key_1", "none"));
  }

  private Optional<String> any(String... values) {
    return random.nextInt(2) == 0
        ? Optional.empty()
        : Optional.of(values[random.nextInt(values.length)]);
  }

  private long edge(long day) {
    long within = day - QUARTER + random.nextLong(132 * QUARTER);
    return switch (random.nextInt(3)) {
      case 0 -> within / QUARTER * QUARTER;
      case 1 -> within / 1_000 * 1_000;
      default -> within;
    };
  }
}

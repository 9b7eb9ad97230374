package io.bitrouter.store.sqlite;

import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.UsageQuery;
import io.bitrouter.core.store.UsageQuery.Group;
import io.bitrouter.core.store.UsageQuery.Grouping;
import io.bitrouter.core.store.UsageTotals;
import io.bitrouter.store.sqlite.CalendarSpans.Span;
import io.bitrouter.store.sqlite.UsageSums.By;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** Usage in groups; together they are exactly the fold of the rows. */
final class UsageGroups {

  private static final String MODELS = "SELECT id, model_id FROM model_ref";

  private static final String PROVIDERS = "SELECT id, provider_id FROM model_ref";

  private static final String KEYS =
      """
      SELECT k.id, k.key_id FROM key_ref k JOIN namespace_ref r ON r.id = k.ns
      WHERE r.namespace_id = :ns
      """;

  private static final String ROOT_KEYS =
      """
      SELECT k.id, CASE k.root_key_id WHEN '' THEN k.key_id ELSE k.root_key_id END
      FROM key_ref k JOIN namespace_ref r ON r.id = k.ns WHERE r.namespace_id = :ns
      """;

  private final Handle handle;
  private final NamespaceId namespace;
  private final UsageQuery query;
  private final SlotInterval interval;

  private UsageGroups(Handle handle, NamespaceId namespace, UsageQuery query) {
    this.handle = handle;
    this.namespace = namespace;
    this.query = query;
    this.interval = SlotInterval.of(query);
  }

  /** The groups of one namespace's usage that have any rows. */
  static List<Group> of(Handle handle, NamespaceId namespace, UsageQuery query, Grouping grouping)
      throws SQLException {
    UsageGroups groups = new UsageGroups(handle, namespace, query);
    return switch (grouping) {
      case Grouping.ByModel unused -> groups.byName(By.MODEL, groups.names(MODELS));
      case Grouping.ByProvider unused -> groups.byName(By.MODEL, groups.names(PROVIDERS));
      case Grouping.ByKey unused -> groups.byName(By.KEY, groups.namesOfKeys(KEYS));
      case Grouping.ByRootKey unused -> groups.byName(By.KEY, groups.namesOfKeys(ROOT_KEYS));
      case Grouping.ByDay(var zone) -> groups.byTime(CalendarSpans.days(zone));
      case Grouping.ByHour(var zone) -> groups.byTime(CalendarSpans.hours(zone));
    };
  }

  private Map<Long, String> names(String sql) {
    Map<Long, String> names = new HashMap<>();
    handle
        .createQuery(sql)
        .map((rows, context) -> names.put(rows.getLong(1), rows.getString(2)) == null)
        .list();
    return names;
  }

  private Map<Long, String> namesOfKeys(String sql) {
    Map<Long, String> names = new HashMap<>();
    handle
        .createQuery(sql)
        .bind("ns", namespace.text())
        .map((rows, context) -> names.put(rows.getLong(1), rows.getString(2)) == null)
        .list();
    return names;
  }

  private List<Group> byName(By by, Map<Long, String> names) throws SQLException {
    UsageSums sums = UsageSql.sums(handle, namespace, query, by);
    Map<String, UsageTotals> groups = new HashMap<>();
    for (Map<Long, UsageTotals> each :
        List.of(
            sums.ofSlots(interval.firstSlot(), interval.lastSlot()),
            sums.ofRows(interval.head()),
            sums.ofRows(interval.tail()))) {
      each.forEach((number, totals) ->
          groups.merge(names.getOrDefault(number, ""), totals, UsageTotals::plus));
    }
    return groups.entrySet().stream()
        .map(
            each -> new Group(each.getKey(), query.fromMicros(), query.toMicros(), each.getValue()))
        .sorted(
            Comparator.comparingLong((Group each) -> each.totals().spendMicroUsd())
                .reversed()
                .thenComparing(Group::name))
        .toList();
  }

  private List<Group> byTime(CalendarSpans spans) throws SQLException {
    UsageSums sums = UsageSql.sums(handle, namespace, query, By.TIME);
    Map<Span, UsageTotals> groups = new TreeMap<>(Comparator.comparingLong(Span::from));
    List<SlotInterval> pieces = new ArrayList<>(List.of(interval.head(), interval.tail()));
    new TreeMap<>(sums.ofSlots(interval.firstSlot(), interval.lastSlot()))
        .forEach((slot, totals) -> {
          long from = slot * SlotInterval.SLOT_MILLIS;
          long to = from + SlotInterval.SLOT_MILLIS;
          Span span = spans.at(from);
          if (span.to() >= to) {
            groups.merge(span, totals, UsageTotals::plus);
          } else {
            pieces.add(new SlotInterval(from, to));
          }
        });
    for (SlotInterval piece : pieces) {
      sums.ofRows(piece)
          .forEach((millis, totals) -> groups.merge(spans.at(millis), totals, UsageTotals::plus));
    }
    return groups.entrySet().stream()
        .map(each -> group(spans, each.getKey(), each.getValue()))
        .toList();
  }

  private static Group group(CalendarSpans spans, Span span, UsageTotals totals) {
    return new Group(spans.name(span), span.from() * 1_000, span.to() * 1_000, totals);
  }
}

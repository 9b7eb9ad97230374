package io.bitrouter.store.sqlite;

import io.bitrouter.core.credential.Reach;
import io.bitrouter.core.namespace.Namespace;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.NodeView.NamespaceUsage;
import io.bitrouter.core.store.UsageQuery;
import io.bitrouter.core.store.UsageTotals;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** Sums of rows, exactly their fold. */
final class UsageSql {

  private static final String EVERYONE =
      """
      SELECT id, owner_id, name, created_at, deleted_at IS NOT NULL AS deleted
      FROM namespace ORDER BY created_at, id
      """;

  private record Listed(Namespace namespace, boolean deleted) {}

  private UsageSql() {}

  /** Sums of one namespace. */
  static UsageTotals totals(Handle handle, NamespaceId namespace, UsageQuery query)
      throws SQLException {
    UsageSums sums = sums(handle, namespace, query, UsageSums.By.NOTHING);
    SlotInterval interval = SlotInterval.of(query).wholeAfter(sums.newestRow());
    return Stream.of(
            sums.ofSlots(interval.firstSlot(), interval.lastSlot()),
            sums.ofRows(interval.head()),
            sums.ofRows(interval.tail()))
        .map(Map::values)
        .flatMap(each -> each.stream())
        .reduce(UsageTotals.ZERO, UsageTotals::plus);
  }

  /** Sums of what a question is about. */
  static UsageSums sums(Handle handle, NamespaceId namespace, UsageQuery query, UsageSums.By by) {
    return new UsageSums(
        handle,
        RowFilter.of(handle, namespace, query.filter()),
        by,
        !query.filter().equals(UsageQuery.Filter.NONE));
  }

  /** The same for every namespace of {@code reach} that there is or was, oldest first. */
  static List<NamespaceUsage> byNamespace(Handle handle, UsageQuery query, Reach reach)
      throws SQLException {
    List<Listed> all =
        handle
            .createQuery(EVERYONE)
            .map((rows, context) ->
                new Listed(NamespaceSql.namespace(rows, context), rows.getBoolean("deleted")))
            .list();
    List<NamespaceUsage> usage = new ArrayList<>();
    for (Listed each : all) {
      if (reach.covers(each.namespace().id())) {
        UsageTotals totals = totals(handle, each.namespace().id(), query);
        usage.add(new NamespaceUsage(each.namespace(), each.deleted(), totals));
      }
    }
    return List.copyOf(usage);
  }
}

package io.bitrouter.store.sqlite;

import io.bitrouter.core.namespace.Namespace;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.NodeView.NamespaceUsage;
import io.bitrouter.core.store.UsageTotals;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * Sums of rows: whole quarter hours from the aggregates, the rest of the interval from the rows
 * themselves, so that the answer is exactly the fold of the rows.
 */
final class UsageSql {

  /** Milliseconds of one aggregate. */
  static final long SLOT_MILLIS = 900_000;

  private static final long THOUSAND = 1_000;

  /** Far beyond any clock, far from overflow. */
  private static final long LAST_MILLI = 1L << 47;

  /** {@code %s} is the condition on the namespace's number. Status 0 is denied. */
  private static final String PARTS =
      """
      SELECT ns, micro_usd, prompt_tokens, completion_tokens, request_count, denied_count
      FROM usage_15m WHERE %1$s AND slot >= :firstSlot AND slot < :lastSlot
      UNION ALL
      SELECT ns, micro_usd, prompt_tokens, completion_tokens,
        CASE WHEN status = 0 THEN 0 ELSE 1 END, CASE WHEN status = 0 THEN repeats ELSE 0 END
      FROM request_row WHERE %1$s AND ts >= :headFrom AND ts < :headTo
      UNION ALL
      SELECT ns, micro_usd, prompt_tokens, completion_tokens,
        CASE WHEN status = 0 THEN 0 ELSE 1 END, CASE WHEN status = 0 THEN repeats ELSE 0 END
      FROM request_row WHERE %1$s AND ts >= :tailFrom AND ts < :tailTo
      """;

  private static final String SUMS =
      """
      SELECT coalesce(sum(micro_usd), 0), coalesce(sum(prompt_tokens), 0),
        coalesce(sum(completion_tokens), 0), coalesce(sum(request_count), 0),
        coalesce(sum(denied_count), 0)
      FROM (
      """;

  private static final String OF_ONE =
      SUMS
          + PARTS.formatted("ns = (SELECT id FROM namespace_ref WHERE namespace_id = :namespace)")
          + ")";

  private static final String EVERYONE =
      """
      SELECT id, owner_id, name, created_at, deleted_at IS NOT NULL AS deleted
      FROM namespace ORDER BY created_at, id
      """;

  private record Listed(Namespace namespace, boolean deleted) {}

  private UsageSql() {}

  /** Sums of one namespace over {@code [fromMicros, toMicros)}. */
  static UsageTotals totals(Handle handle, NamespaceId namespace, long fromMicros, long toMicros) {
    long from = millisAtOrAfter(fromMicros);
    long to = millisAtOrAfter(toMicros);
    if (from >= to) {
      return UsageTotals.ZERO;
    }
    try (Query query = handle.createQuery(OF_ONE)) {
      bindInterval(query, from, to);
      return query.bind("namespace", namespace.text()).map((rows, context) -> totals(rows)).one();
    }
  }

  /** The same for every namespace there is or was, oldest first. */
  static List<NamespaceUsage> byNamespace(Handle handle, long fromMicros, long toMicros) {
    List<Listed> all =
        handle
            .createQuery(EVERYONE)
            .map((rows, context) ->
                new Listed(
                    new Namespace(
                        new NamespaceId(rows.getString("id")),
                        rows.getString("owner_id"),
                        rows.getString("name"),
                        rows.getLong("created_at")),
                    rows.getBoolean("deleted")))
            .list();
    return all.stream()
        .map(each ->
            new NamespaceUsage(
                each.namespace(),
                each.deleted(),
                totals(handle, each.namespace().id(), fromMicros, toMicros)))
        .toList();
  }

  private static void bindInterval(Query query, long from, long to) {
    long firstSlot = Math.ceilDiv(from, SLOT_MILLIS);
    long lastSlot = Math.max(firstSlot, Math.floorDiv(to, SLOT_MILLIS));
    long headTo = Math.min(to, firstSlot * SLOT_MILLIS);
    long tailFrom = Math.max(headTo, lastSlot * SLOT_MILLIS);
    query
        .bind("firstSlot", firstSlot)
        .bind("lastSlot", lastSlot)
        .bind("headFrom", from)
        .bind("headTo", headTo)
        .bind("tailFrom", tailFrom)
        .bind("tailTo", to);
  }

  private static long millisAtOrAfter(long micros) {
    return Math.clamp(Math.ceilDiv(micros, THOUSAND), 0, LAST_MILLI);
  }

  private static UsageTotals totals(ResultSet rows) throws SQLException {
    return new UsageTotals(
        rows.getLong(1), rows.getLong(2), rows.getLong(3), rows.getLong(4), rows.getLong(5));
  }
}

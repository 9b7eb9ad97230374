package io.bitrouter.store.sqlite;

import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.Reconciliation;
import io.bitrouter.core.usage.ChargeState;
import io.bitrouter.store.row.ByteReader;
import io.bitrouter.store.row.EncodedRow;
import io.bitrouter.store.row.RowShape;
import java.util.Arrays;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Ends an indeterminate row: in the row itself and in every sum that it is in. */
final class ReconcileSql {

  private static final String FIND =
      """
      SELECT q.id, q.ns, q.ts / 900000 AS slot, q.key_ref, q.shape, q.nano_usd, q.detail,
        CASE WHEN q.shape > 0 THEN s.model_ref ELSE -q.shape END AS model_ref,
        q.id <= (SELECT row_id FROM key_total_upto) AS folded
      FROM request_row q
      JOIN indeterminate_row i ON i.id = q.id
      LEFT JOIN row_shape s ON s.id = q.shape
      WHERE q.ns = (SELECT id FROM namespace_ref WHERE namespace_id = :namespace)
        AND q.ts = :ts AND q.request_id = :request
      """;

  private static final String CHANGE =
      """
      UPDATE request_row SET nano_usd = nano_usd + :nano, micro_usd = micro_usd + :micro,
        detail = :detail
      WHERE id = :id
      """;

  private static final String SETTLED = "DELETE FROM indeterminate_row WHERE id = :id";

  private static final String USAGE =
      "UPDATE usage_15m SET micro_usd = micro_usd + :micro WHERE ns = :ns AND slot = :slot";

  private static final String KEY_USAGE =
      """
      UPDATE usage_key_15m SET nano_usd = nano_usd + :nano, micro_usd = micro_usd + :micro
      WHERE ns = :ns AND slot = :slot AND key_ref = :key AND model_ref = :model
      """;

  private static final String KEY_TOTAL =
      """
      UPDATE key_total SET nano_usd = nano_usd + :nano, micro_usd = micro_usd + :micro
      WHERE id = :key
      """;

  private record Found(
      long id, long ns, long slot, Counted counted, int shape, long nanoUsd, byte[] detail) {}

  private record Counted(long key, long model, boolean folded) {}

  private ReconcileSql() {}

  /** Applies a change; false when there is no such indeterminate row. */
  static boolean apply(Handle handle, NamespaceId namespace, Reconciliation change) {
    Optional<Found> found = find(handle, namespace, change);
    found.ifPresent(row -> change(handle, row, change));
    return found.isPresent();
  }

  private static Optional<Found> find(Handle handle, NamespaceId namespace, Reconciliation change) {
    return handle
        .createQuery(FIND)
        .bind("namespace", namespace.text())
        .bind("ts", RequestSql.millis(change.request().ulid()))
        .bind("request", RequestSql.idBytes(change.request().ulid()))
        .map((rows, context) ->
            new Found(
                rows.getLong("id"),
                rows.getLong("ns"),
                rows.getLong("slot"),
                new Counted(
                    rows.getLong("key_ref"), rows.getLong("model_ref"), rows.getBoolean("folded")),
                rows.getInt("shape"),
                rows.getLong("nano_usd"),
                rows.getBytes("detail")))
        .findOne();
  }

  private static void change(Handle handle, Found row, Reconciliation change) {
    long nano = Math.subtractExact(change.nanoUsd(), row.nanoUsd());
    handle
        .createUpdate(CHANGE)
        .bind("id", row.id())
        .bind("nano", nano)
        .bind("micro", change.microDelta())
        .bind("detail", detail(row, change.state()))
        .execute();
    handle.createUpdate(SETTLED).bind("id", row.id()).execute();
    handle
        .createUpdate(USAGE)
        .bind("ns", row.ns())
        .bind("slot", row.slot())
        .bind("micro", change.microDelta())
        .execute();
    if (row.counted().folded()) {
      handle
          .createUpdate(KEY_USAGE)
          .bind("ns", row.ns())
          .bind("slot", row.slot())
          .bind("key", row.counted().key())
          .bind("model", row.counted().model())
          .bind("nano", nano)
          .bind("micro", change.microDelta())
          .execute();
      handle
          .createUpdate(KEY_TOTAL)
          .bind("key", row.counted().key())
          .bind("nano", nano)
          .bind("micro", change.microDelta())
          .execute();
    }
  }

  /** The detail with the new state; a row may carry its shape before it. */
  private static byte[] detail(Found row, ChargeState state) {
    int from = 0;
    if (row.shape() <= 0) {
      ByteReader in = new ByteReader(row.detail(), 0, row.detail().length);
      RowShape.read(in);
      from = in.position();
    }
    byte[] changed = EncodedRow.withChargeState(row.detail(), from, state);
    byte[] whole = Arrays.copyOf(row.detail(), from + changed.length);
    System.arraycopy(changed, 0, whole, from, changed.length);
    return whole;
  }
}

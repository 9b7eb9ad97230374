package io.bitrouter.store.sqlite;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.NodeView.KeyTotalConsumer;
import io.bitrouter.core.store.NodeView.SpendConsumer;
import io.bitrouter.store.journal.RowSink.KeySums;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jdbi.v3.core.Handle;

/** Reads keys' totals: what has been folded, and the rows that have come since. */
final class KeyTotalSql {

  private static final String PARTS =
      """
      SELECT id AS key_ref, nano_usd, micro_usd FROM key_total
      UNION ALL
      SELECT key_ref, nano_usd, micro_usd FROM request_row
      WHERE id > (SELECT row_id FROM key_total_upto)
      """;

  private static final String EVERY =
      """
      SELECT r.namespace_id, k.key_id, sum(p.nano_usd)
      FROM (%s) p JOIN key_ref k ON k.id = p.key_ref JOIN namespace_ref r ON r.id = k.ns
      GROUP BY r.namespace_id, k.key_id HAVING sum(p.nano_usd) <> 0
      """
          .formatted(PARTS);

  private static final String ONE =
      """
      SELECT coalesce(sum(p.nano_usd), 0) AS nano, coalesce(sum(p.micro_usd), 0) AS micro
      FROM (%s) p JOIN key_ref k ON k.id = p.key_ref
      WHERE k.key_id = :key AND k.ns = (SELECT id FROM namespace_ref WHERE namespace_id = :ns)
      """
          .formatted(PARTS);

  private static final String SPEND =
      """
      SELECT n.id, k.key_id, u.slot, u.nano_usd
      FROM namespace n
      JOIN namespace_ref r ON r.namespace_id = n.id
      CROSS JOIN usage_key_15m u ON u.ns = r.id AND u.slot >= ?
      JOIN key_ref k ON k.id = u.key_ref
      WHERE n.deleted_at IS NULL AND u.nano_usd <> 0
      UNION ALL
      SELECT n.id, k.key_id, q.ts / 900000, q.nano_usd
      FROM request_row q
      JOIN namespace_ref r ON r.id = q.ns
      JOIN namespace n ON n.id = r.namespace_id
      JOIN key_ref k ON k.id = q.key_ref
      WHERE q.id > (SELECT row_id FROM key_total_upto) AND q.ts >= ? * 900000
        AND n.deleted_at IS NULL AND q.nano_usd <> 0
      """;

  private KeyTotalSql() {}

  /** What keys of live namespaces spent from a quarter hour on, in parts. */
  static void spend(Handle handle, long firstSlot, SpendConsumer consumer) throws SQLException {
    try (PreparedStatement statement = handle.getConnection().prepareStatement(SPEND)) {
      statement.setLong(1, Math.max(0, firstSlot));
      statement.setLong(2, Math.max(0, firstSlot));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          consumer.accept(
              new NamespaceId(rows.getString(1)),
              new KeyId(rows.getString(2)),
              rows.getLong(3),
              rows.getLong(4));
        }
      }
    }
  }

  /** Every key's total that is not 0. */
  static void every(Handle handle, KeyTotalConsumer consumer) throws SQLException {
    try (PreparedStatement statement = handle.getConnection().prepareStatement(EVERY);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        consumer.accept(
            new NamespaceId(rows.getString(1)), new KeyId(rows.getString(2)), rows.getLong(3));
      }
    }
  }

  /** One key's sums. */
  static KeySums one(Handle handle, NamespaceId namespace, KeyId key) {
    return handle
        .createQuery(ONE)
        .bind("ns", namespace.text())
        .bind("key", key.text())
        .map((rows, context) -> new KeySums(rows.getLong("nano"), rows.getLong("micro")))
        .one();
  }
}

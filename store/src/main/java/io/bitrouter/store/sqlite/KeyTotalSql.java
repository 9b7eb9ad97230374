package io.bitrouter.store.sqlite;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.NodeView.KeyTotalConsumer;
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

  private KeyTotalSql() {}

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

package io.bitrouter.store.sqlite;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.kernel.Ulid;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.usage.RequestRow;
import io.bitrouter.store.row.ByteReader;
import io.bitrouter.store.row.EncodedRow;
import io.bitrouter.store.row.RowShape;
import io.bitrouter.store.row.StoredRow;
import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Reads request rows back. */
final class RequestSql {

  /** Most rows of one answer. */
  static final int LIMIT = 10_000;

  /** The page is cut from the index before anything is joined, so that skipped rows cost little. */
  private static final String PAGE =
      """
      SELECT q.ts, q.request_id, k.key_id, k.root_key_id, q.status, q.repeats, q.prompt_tokens,
        q.completion_tokens, q.nano_usd, q.micro_usd, q.detail, q.shape,
        s.protocol, s.upstream_protocol, s.model_id, s.upstream_model, s.provider_id,
        s.price_version
      FROM (
        SELECT id FROM request_row
        WHERE ns = (SELECT id FROM namespace_ref WHERE namespace_id = ?)
        ORDER BY ts DESC, id DESC LIMIT ? OFFSET ?
      ) page
      JOIN request_row q ON q.id = page.id
      JOIN key_ref k ON k.id = q.key_ref
      LEFT JOIN row_shape s ON s.id = q.shape
      ORDER BY q.ts DESC, q.id DESC
      """;

  private static final String HOLDS =
      """
      SELECT count(*) FROM request_row
      WHERE ns = (SELECT id FROM namespace_ref WHERE namespace_id = ?)
        AND ts = ? AND request_id = ?
      """;

  private RequestSql() {}

  /** Rows of one namespace, newest first. */
  static List<RequestRow> page(Handle handle, NamespaceId namespace, int limit, long offset)
      throws SQLException {
    List<RequestRow> page = new ArrayList<>();
    try (PreparedStatement statement = handle.getConnection().prepareStatement(PAGE)) {
      statement.setString(1, namespace.text());
      statement.setInt(2, Math.min(limit, LIMIT));
      statement.setLong(3, offset);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          page.add(row(namespace, rows));
        }
      }
    }
    return List.copyOf(page);
  }

  /** Whether the request has a row. */
  static boolean holds(Handle handle, NamespaceId namespace, RequestId request)
      throws SQLException {
    try (PreparedStatement statement = handle.getConnection().prepareStatement(HOLDS)) {
      statement.setString(1, namespace.text());
      statement.setLong(2, millis(request.ulid()));
      statement.setBytes(3, idBytes(request.ulid()));
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() && rows.getInt(1) > 0;
      }
    }
  }

  /** A request id as it is stored. */
  static byte[] idBytes(Ulid id) {
    return ByteBuffer.allocate(2 * Long.BYTES).putLong(id.high()).putLong(id.low()).array();
  }

  /** The time part of a request id, milliseconds since the epoch. */
  static long millis(Ulid id) {
    return id.high() >>> 16;
  }

  private static RequestRow row(NamespaceId namespace, ResultSet rows) throws SQLException {
    ByteBuffer id = ByteBuffer.wrap(rows.getBytes(2));
    KeyId key = new KeyId(rows.getString(3));
    String root = rows.getString(4);
    StoredRow stored =
        new StoredRow(
            new RequestId(new Ulid(id.getLong(), id.getLong())),
            namespace,
            key,
            root.equals(RowRefs.OWN_ROOT) ? key : new KeyId(root),
            rows.getInt(5),
            rows.getLong(6),
            rows.getLong(7),
            rows.getLong(8),
            rows.getLong(9),
            rows.getLong(10));
    byte[] detail = rows.getBytes(11);
    if (rows.getInt(12) != RowRefs.SHAPE_INSIDE) {
      return EncodedRow.decode(stored, shape(rows), detail);
    }
    ByteReader in = new ByteReader(detail, 0, detail.length);
    RowShape shape = RowShape.read(in);
    return EncodedRow.decode(
        stored, shape, Arrays.copyOfRange(detail, in.position(), detail.length));
  }

  private static RowShape shape(ResultSet rows) throws SQLException {
    return new RowShape(
        rows.getString(13),
        Optional.ofNullable(rows.getString(14)),
        Optional.ofNullable(rows.getString(15)),
        Optional.ofNullable(rows.getString(16)),
        Optional.ofNullable(rows.getString(17)),
        rows.getString(18));
  }
}

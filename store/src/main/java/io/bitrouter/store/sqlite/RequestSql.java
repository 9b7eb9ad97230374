package io.bitrouter.store.sqlite;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.credential.Reach;
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

  /** Columns of a row that {@link #row} reads; {@code q}, {@code k}, {@code s} as in FROM. */
  static final String SELECT =
      """
      SELECT q.ts, q.request_id, k.key_id, k.root_key_id, q.status, q.repeats, q.prompt_tokens,
        q.completion_tokens, q.nano_usd, q.micro_usd, q.detail, q.shape,
        s.protocol, s.upstream_protocol, s.model_id, s.upstream_model, s.provider_id,
        s.price_version, q.id
      """;

  /** What names are joined with. */
  static final String NAMES =
      """
      JOIN key_ref k ON k.id = q.key_ref
      LEFT JOIN row_shape s ON s.id = q.shape
      """;

  private static final String ONE =
      SELECT
          + "FROM request_row q "
          + NAMES
          + """
          WHERE q.ns = (SELECT id FROM namespace_ref WHERE namespace_id = ?)
            AND q.ts = ? AND q.request_id = ?
          """;

  private static final String INDETERMINATE =
      SELECT
          + ", r.namespace_id FROM indeterminate_row i JOIN request_row q ON q.id = i.id "
          + NAMES
          + "JOIN namespace_ref r ON r.id = q.ns WHERE q.ts < ? ORDER BY q.ts, q.id";

  private static final int MOST_INDETERMINATE = 1_000;

  private static final String HOLDS =
      """
      SELECT count(*) FROM request_row
      WHERE ns = (SELECT id FROM namespace_ref WHERE namespace_id = ?)
        AND ts = ? AND request_id = ?
      """;

  private RequestSql() {}

  /** One row. */
  static Optional<RequestRow> one(Handle handle, NamespaceId namespace, RequestId request)
      throws SQLException {
    try (PreparedStatement statement = handle.getConnection().prepareStatement(ONE)) {
      statement.setString(1, namespace.text());
      statement.setLong(2, millis(request.ulid()));
      statement.setBytes(3, idBytes(request.ulid()));
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(row(namespace, rows)) : Optional.empty();
      }
    }
  }

  /** Indeterminate rows of {@code reach} that started before a moment, oldest first. */
  static List<RequestRow> indeterminate(Handle handle, long beforeMicros, Reach reach)
      throws SQLException {
    List<RequestRow> found = new ArrayList<>();
    try (PreparedStatement statement = handle.getConnection().prepareStatement(INDETERMINATE)) {
      statement.setLong(1, SlotInterval.of(0, beforeMicros).to());
      try (ResultSet rows = statement.executeQuery()) {
        while (found.size() < MOST_INDETERMINATE && rows.next()) {
          NamespaceId namespace = new NamespaceId(rows.getString(20));
          if (reach.covers(namespace)) {
            found.add(row(namespace, rows));
          }
        }
      }
    }
    return List.copyOf(found);
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

  /** The row in the columns of {@link #SELECT}. */
  static RequestRow row(NamespaceId namespace, ResultSet rows) throws SQLException {
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
    if (rows.getInt(12) > 0) {
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

package io.bitrouter.store.sqlite;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.store.journal.JournalPosition;
import io.bitrouter.store.journal.RowSink;
import io.bitrouter.store.row.Bytes;
import io.bitrouter.store.row.Codes;
import io.bitrouter.store.row.EncodedRow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes rows from the journal into the tables: rows, quarter-hour sums and the position in one
 * transaction, so that taking the same piece of journal twice is impossible.
 */
public final class SqliteRowSink implements RowSink {

  private record Slot(long namespace, long quarter) {}

  private static final class Sums {
    private long micro;
    private long prompt;
    private long completion;
    private long requests;
    private long denied;
  }

  /** How many rows may wait to be added to the sums by key. */
  private static final int ROWS_PER_TOTALS = 25_000;

  private static final String INSERT =
      """
      INSERT INTO request_row (ns, ts, request_id, key_ref, shape, status, repeats, prompt_tokens,
        completion_tokens, nano_usd, micro_usd, detail)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;

  private static final String FOLD =
      """
      INSERT INTO usage_15m (ns, slot, micro_usd, prompt_tokens, completion_tokens, request_count,
        denied_count)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (ns, slot) DO UPDATE SET
        micro_usd = usage_15m.micro_usd + excluded.micro_usd,
        prompt_tokens = usage_15m.prompt_tokens + excluded.prompt_tokens,
        completion_tokens = usage_15m.completion_tokens + excluded.completion_tokens,
        request_count = usage_15m.request_count + excluded.request_count,
        denied_count = usage_15m.denied_count + excluded.denied_count
      """;

  private static final String ROWS_NOT_IN_TOTALS =
      """
      SELECT coalesce(max(id), 0) - (SELECT row_id FROM key_total_upto) FROM request_row
      """;

  private static final String ADD_TO_TOTALS =
      """
      INSERT INTO key_total (id, nano_usd, micro_usd)
      SELECT key_ref, sum(nano_usd), sum(micro_usd) FROM request_row
      WHERE id > (SELECT row_id FROM key_total_upto) GROUP BY key_ref
      ON CONFLICT (id) DO UPDATE SET
        nano_usd = key_total.nano_usd + excluded.nano_usd,
        micro_usd = key_total.micro_usd + excluded.micro_usd
      """;

  private static final String ADD_TO_USAGE =
      """
      INSERT INTO usage_key_15m (ns, slot, key_ref, model_ref, nano_usd, micro_usd, prompt_tokens,
        completion_tokens, request_count, denied_count)
      SELECT q.ns, q.ts / 900000, q.key_ref, CASE WHEN q.shape > 0 THEN s.model_ref ELSE -q.shape END,
        sum(q.nano_usd), sum(q.micro_usd), sum(q.prompt_tokens), sum(q.completion_tokens),
        sum(q.status <> 0), sum(CASE q.status WHEN 0 THEN q.repeats ELSE 0 END)
      FROM request_row q LEFT JOIN row_shape s ON s.id = q.shape
      WHERE q.id > (SELECT row_id FROM key_total_upto) GROUP BY 1, 2, 3, 4
      ON CONFLICT (ns, slot, key_ref, model_ref) DO UPDATE SET
        nano_usd = usage_key_15m.nano_usd + excluded.nano_usd,
        micro_usd = usage_key_15m.micro_usd + excluded.micro_usd,
        prompt_tokens = usage_key_15m.prompt_tokens + excluded.prompt_tokens,
        completion_tokens = usage_key_15m.completion_tokens + excluded.completion_tokens,
        request_count = usage_key_15m.request_count + excluded.request_count,
        denied_count = usage_key_15m.denied_count + excluded.denied_count
      """;

  private static final String ADD_INDETERMINATE =
      "INSERT INTO indeterminate_row (id) VALUES (last_insert_rowid())";

  private static final String TOTALS_UPTO =
      "UPDATE key_total_upto SET row_id = (SELECT max(id) FROM request_row) WHERE id = 1";

  private static final String MOVE =
      """
      UPDATE journal_position SET segment = ?, byte_offset = ?
      WHERE id = 1 AND segment = ? AND byte_offset = ?
      """;

  private static final String POSITION =
      "SELECT segment, byte_offset FROM journal_position WHERE id = 1";

  private final SqliteDatabase database;
  private final RowRefs refs;
  private final int rowsPerTotals;

  /**
   * Set when a transaction may have been rolled back; {@code refs} is the writer thread's alone.
   */
  private volatile boolean refsMayLie;

  /** A sink for the tables of an open database. */
  public SqliteRowSink(SqliteDatabase database) {
    this(database, RowRefs.MOST_SHAPES, ROWS_PER_TOTALS);
  }

  SqliteRowSink(SqliteDatabase database, int mostShapes, int rowsPerTotals) {
    this.rowsPerTotals = rowsPerTotals;
    this.database = database;
    this.refs = new RowRefs(mostShapes);
  }

  @Override
  public JournalPosition position() {
    return database.read(handle ->
        handle
            .createQuery(POSITION)
            .map((rows, context) -> new JournalPosition(rows.getLong(1), rows.getLong(2)))
            .one());
  }

  @Override
  public boolean commit(List<EncodedRow> rows, JournalPosition expected, JournalPosition reached) {
    boolean sure = false;
    try {
      boolean taken =
          database.write(handle -> {
            Connection connection = handle.getConnection();
            boolean moved = moved(connection, expected, reached);
            if (moved) {
              take(connection, rows);
            }
            return moved;
          });
      sure = true;
      return taken;
    } finally {
      refsMayLie |= !sure;
    }
  }

  private boolean moved(Connection connection, JournalPosition expected, JournalPosition reached)
      throws SQLException {
    PreparedStatement move = refs.statement(connection, MOVE);
    move.setLong(1, reached.segment());
    move.setLong(2, reached.offset());
    move.setLong(3, expected.segment());
    move.setLong(4, expected.offset());
    return move.executeUpdate() == 1;
  }

  private void take(Connection connection, List<EncodedRow> rows) throws SQLException {
    if (refsMayLie) {
      refs.forget();
      refsMayLie = false;
    }
    Map<Slot, Sums> slots = new HashMap<>();
    PreparedStatement insert = refs.statement(connection, INSERT);
    for (EncodedRow row : rows) {
      RowRefs.Ref ref = refs.key(connection, row.who());
      bind(insert, row, ref, refs.shape(connection, row.shape()));
      insert.executeUpdate();
      if (row.indeterminate()) {
        refs.statement(connection, ADD_INDETERMINATE).executeUpdate();
      }
      long quarter = RequestSql.millis(row.id()) / SlotInterval.SLOT_MILLIS;
      add(slots.computeIfAbsent(new Slot(ref.namespace(), quarter), each -> new Sums()), row);
    }
    fold(connection, slots);
    addToTotals(connection);
  }

  private static void bind(PreparedStatement insert, EncodedRow row, RowRefs.Ref ref, int shape)
      throws SQLException {
    insert.setLong(1, ref.namespace());
    insert.setLong(2, RequestSql.millis(row.id()));
    insert.setBytes(3, RequestSql.idBytes(row.id()));
    insert.setLong(4, ref.key());
    insert.setInt(5, shape);
    insert.setInt(6, row.status());
    insert.setLong(7, row.repeats());
    insert.setLong(8, row.promptTokens());
    insert.setLong(9, row.completionTokens());
    insert.setLong(10, row.nanoUsd());
    insert.setLong(11, row.microUsd());
    insert.setBytes(12, shape > 0 ? row.detail() : joined(row.shape(), row));
  }

  private static byte[] joined(Bytes shape, EncodedRow row) {
    byte[] both = new byte[shape.array().length + row.detail().length];
    System.arraycopy(shape.array(), 0, both, 0, shape.array().length);
    System.arraycopy(row.detail(), 0, both, shape.array().length, row.detail().length);
    return both;
  }

  private static void add(Sums sums, EncodedRow row) {
    sums.micro += row.microUsd();
    sums.prompt += row.promptTokens();
    sums.completion += row.completionTokens();
    if (row.status() == Codes.DENIED) {
      sums.denied += row.repeats();
    } else {
      sums.requests++;
    }
  }

  private void fold(Connection connection, Map<Slot, Sums> slots) throws SQLException {
    PreparedStatement fold = refs.statement(connection, FOLD);
    for (Map.Entry<Slot, Sums> each : slots.entrySet()) {
      Sums sums = each.getValue();
      fold.setLong(1, each.getKey().namespace());
      fold.setLong(2, each.getKey().quarter());
      fold.setLong(3, sums.micro);
      fold.setLong(4, sums.prompt);
      fold.setLong(5, sums.completion);
      fold.setLong(6, sums.requests);
      fold.setLong(7, sums.denied);
      fold.executeUpdate();
    }
  }

  private void addToTotals(Connection connection) throws SQLException {
    long waiting;
    try (ResultSet rows = refs.statement(connection, ROWS_NOT_IN_TOTALS).executeQuery()) {
      waiting = rows.next() ? rows.getLong(1) : 0;
    }
    if (waiting >= rowsPerTotals) {
      refs.statement(connection, ADD_TO_USAGE).executeUpdate();
      refs.statement(connection, ADD_TO_TOTALS).executeUpdate();
      refs.statement(connection, TOTALS_UPTO).executeUpdate();
    }
  }

  @Override
  public KeySums sums(NamespaceId namespace, KeyId key) {
    return database.read(handle -> KeyTotalSql.one(handle, namespace, key));
  }

  @Override
  public boolean holds(NamespaceId namespace, RequestId request) {
    return database.read(handle -> RequestSql.holds(handle, namespace, request));
  }
}

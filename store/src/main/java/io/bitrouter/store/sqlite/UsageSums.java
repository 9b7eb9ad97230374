package io.bitrouter.store.sqlite;

import io.bitrouter.core.store.UsageTotals;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/**
 * Sums over one namespace's rows by a number: whole quarter hours from what has been folded and the
 * rows since, anything else from the rows themselves.
 */
final class UsageSums {

  /** By what number; in sums of quarter hours, in whole quarter hours of rows, in other rows. */
  enum By {
    /** All together. */
    NOTHING("0", "0", "0"),
    /** Quarter hours, and milliseconds of what does not lie in whole ones. */
    TIME("slot", "ts / 900000", "ts"),
    /** Numbers of keys. */
    KEY("key_ref", "key_ref", "key_ref"),
    /** Numbers of models. */
    MODEL("model_ref", RowFilter.MODEL_OF_ROW, RowFilter.MODEL_OF_ROW);

    private final String ofSums;
    private final String ofSlots;
    private final String ofRows;

    By(String ofSums, String ofSlots, String ofRows) {
      this.ofSums = ofSums;
      this.ofSlots = ofSlots;
      this.ofRows = ofRows;
    }
  }

  private static final String SUM_SUMS =
      """
      SELECT %s, sum(micro_usd), sum(prompt_tokens), sum(completion_tokens), sum(request_count),
        sum(denied_count)
      FROM %s WHERE ns = ? AND slot >= ? AND slot < ? %s GROUP BY 1
      """;

  /** Status 0 is denied. */
  private static final String SUM_ROWS =
      """
      SELECT %s, sum(micro_usd), sum(prompt_tokens), sum(completion_tokens), sum(status <> 0),
        sum(CASE status WHEN 0 THEN repeats ELSE 0 END)
      FROM request_row WHERE %s ns = ? AND ts >= ? AND ts < ? %s GROUP BY 1
      """;

  private static final String NEWEST = "SELECT max(ts) FROM request_row WHERE ns = ?";

  /** The plus keeps the search to the few rows that have not been folded yet. */
  private static final String SINCE_FOLDED = "id > (SELECT row_id FROM key_total_upto) AND +";

  private final Handle handle;
  private final RowFilter filter;
  private final By by;
  private final boolean filtered;

  /**
   * Sums by {@code by}.
   *
   * @param filtered whether the filter means less than everything
   */
  UsageSums(Handle handle, RowFilter filter, By by, boolean filtered) {
    this.handle = handle;
    this.filter = filter;
    this.by = by;
    this.filtered = filtered;
  }

  /** When the newest row of the namespace began, in milliseconds; 0 when there is none. */
  long newestRow() throws SQLException {
    try (PreparedStatement statement = handle.getConnection().prepareStatement(NEWEST)) {
      statement.setLong(1, filter.namespace());
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? rows.getLong(1) : 0;
      }
    }
  }

  /** Over whole quarter hours. */
  Map<Long, UsageTotals> ofSlots(long first, long last) throws SQLException {
    Map<Long, UsageTotals> sums = new HashMap<>();
    if (first >= last) {
      return sums;
    }
    if (!filtered && (by == By.NOTHING || by == By.TIME)) {
      run(SUM_SUMS.formatted(by.ofSums, "usage_15m", ""), first, last, sums);
      return sums;
    }
    run(SUM_SUMS.formatted(by.ofSums, "usage_key_15m", filter.ofSums()), first, last, sums);
    run(
        SUM_ROWS.formatted(by.ofSlots, SINCE_FOLDED, filter.ofRows()),
        first * SlotInterval.SLOT_MILLIS,
        last * SlotInterval.SLOT_MILLIS,
        sums);
    return sums;
  }

  /** Over any interval, from the rows. */
  Map<Long, UsageTotals> ofRows(SlotInterval interval) throws SQLException {
    Map<Long, UsageTotals> sums = new HashMap<>();
    if (!interval.isEmpty()) {
      String sql = SUM_ROWS.formatted(by.ofRows, "", filter.ofRows());
      run(sql, interval.from(), interval.to(), sums);
    }
    return sums;
  }

  private void run(String sql, long from, long to, Map<Long, UsageTotals> sums)
      throws SQLException {
    try (PreparedStatement statement = handle.getConnection().prepareStatement(sql)) {
      statement.setLong(1, filter.namespace());
      statement.setLong(2, from);
      statement.setLong(3, to);
      filter.bind(statement, 4);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          UsageTotals read =
              new UsageTotals(
                  rows.getLong(2),
                  rows.getLong(3),
                  rows.getLong(4),
                  rows.getLong(5),
                  rows.getLong(6));
          sums.merge(rows.getLong(1), read, UsageTotals::plus);
        }
      }
    }
  }
}

package io.bitrouter.store.sqlite;

import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.RequestQuery;
import io.bitrouter.core.usage.ChargeState;
import io.bitrouter.core.usage.RequestRow;
import io.bitrouter.store.row.Codes;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * A page of request rows, newest first. What stands in columns is searched for in SQL; what is
 * packed in a row's detail is looked at row by row, a thousand at a time.
 */
final class RequestPage {

  /** Most rows of one answer. */
  private static final int MOST = 10_000;

  private static final int LOOKED_AT_ONCE = 1_000;

  /** The page is cut from the index before anything is joined, so that skipped rows cost little. */
  private static final String PAGE =
      RequestSql.SELECT
          + """
          FROM (
            SELECT id FROM request_row
            WHERE ns = ? AND ts >= ? AND ts <= ? AND (ts < ? OR id < ?) %s
            ORDER BY ts DESC, id DESC LIMIT ? OFFSET ?
          ) page
          JOIN request_row q ON q.id = page.id
          """
          + RequestSql.NAMES
          + "ORDER BY q.ts DESC, q.id DESC";

  private static final String PLACE =
      "SELECT id FROM request_row WHERE ns = ? AND ts = ? AND request_id = ?";

  private static final String ONLY_INDETERMINATE =
      " AND id IN (SELECT i.id FROM indeterminate_row i)";

  /** A place in the order; rows come after it that are older, or as old and written earlier. */
  private record Place(long millis, long id) {}

  private record Placed(Place place, RequestRow row) {}

  private final Handle handle;
  private final NamespaceId namespace;
  private final RequestQuery query;
  private final RowFilter filter;
  private final SlotInterval interval;

  private RequestPage(Handle handle, NamespaceId namespace, RequestQuery query) {
    this.handle = handle;
    this.namespace = namespace;
    this.query = query;
    this.filter = RowFilter.of(handle, namespace, query.filter());
    this.interval = SlotInterval.of(query.fromMicros(), query.toMicros());
  }

  /** The rows of one namespace that the query is about. */
  static List<RequestRow> read(Handle handle, NamespaceId namespace, RequestQuery query)
      throws SQLException {
    RequestPage page = new RequestPage(handle, namespace, query);
    int limit = Math.min(query.limit(), MOST);
    Place start = page.start();
    return inDetail(query)
        ? page.search(start, limit)
        : page.part(start, limit, query.offset()).stream().map(Placed::row).toList();
  }

  /** Whether answering may mean to look at many more rows than are answered. */
  static boolean walks(RequestQuery query) {
    return inDetail(query) || query.offset() > LOOKED_AT_ONCE;
  }

  private static boolean inDetail(RequestQuery query) {
    return query.code().isPresent()
        || query.chargeState().isPresent()
        || query.clientRequestId().isPresent();
  }

  private Place start() throws SQLException {
    if (query.after().isEmpty()) {
      return new Place(interval.to() - 1, Long.MAX_VALUE);
    }
    RequestId after = query.after().get();
    long millis = RequestSql.millis(after.ulid());
    long id = 0;
    try (PreparedStatement statement = handle.getConnection().prepareStatement(PLACE)) {
      statement.setLong(1, filter.namespace());
      statement.setLong(2, millis);
      statement.setBytes(3, RequestSql.idBytes(after.ulid()));
      try (ResultSet rows = statement.executeQuery()) {
        id = rows.next() ? rows.getLong(1) : 0;
      }
    }
    return millis < interval.to()
        ? new Place(millis, id)
        : new Place(interval.to() - 1, Long.MAX_VALUE);
  }

  private List<RequestRow> search(Place start, int limit) throws SQLException {
    List<RequestRow> found = new ArrayList<>();
    long passed = 0;
    @Nullable Place place = start;
    while (place != null && found.size() < limit) {
      List<Placed> part = part(place, LOOKED_AT_ONCE, 0);
      for (Placed each : part) {
        if (found.size() < limit && matches(each.row()) && ++passed > query.offset()) {
          found.add(each.row());
        }
      }
      place = part.size() < LOOKED_AT_ONCE ? null : part.getLast().place();
    }
    return List.copyOf(found);
  }

  private boolean matches(RequestRow row) {
    return (query.code().isEmpty() || query.code().equals(row.code()))
        && query.chargeState().filter(state -> state != row.chargeState()).isEmpty()
        && (query.clientRequestId().isEmpty()
            || query.clientRequestId().equals(row.clientRequestId()));
  }

  private List<Placed> part(Place after, int limit, long offset) throws SQLException {
    boolean indeterminate =
        query.chargeState().filter(ChargeState.INDETERMINATE::equals).isPresent();
    Optional<Integer> status = query.status().map(Codes::of);
    String conditions =
        filter.ofRows()
            + (status.isPresent() ? " AND status = ?" : "")
            + (indeterminate ? ONLY_INDETERMINATE : "");
    List<Placed> part = new ArrayList<>();
    try (PreparedStatement statement =
        handle.getConnection().prepareStatement(PAGE.formatted(conditions))) {
      statement.setLong(1, filter.namespace());
      statement.setLong(2, interval.from());
      statement.setLong(3, after.millis());
      statement.setLong(4, after.millis());
      statement.setLong(5, after.id());
      int next = filter.bind(statement, 6);
      if (status.isPresent()) {
        statement.setInt(next++, status.get());
      }
      statement.setInt(next, limit);
      statement.setLong(next + 1, offset);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          Place place = new Place(rows.getLong(1), rows.getLong(19));
          part.add(new Placed(place, RequestSql.row(namespace, rows)));
        }
      }
    }
    return part;
  }
}

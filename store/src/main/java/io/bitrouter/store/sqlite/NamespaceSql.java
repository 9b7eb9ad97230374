package io.bitrouter.store.sqlite;

import io.bitrouter.core.namespace.Namespace;
import io.bitrouter.core.namespace.NamespaceId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** Statements about namespaces. */
final class NamespaceSql {

  private static final String ALL_LIVE =
      """
      SELECT id, owner_id, name, created_at FROM namespace
      WHERE deleted_at IS NULL ORDER BY created_at, id
      """;

  private static final String LIVE =
      """
      SELECT id, owner_id, name, created_at FROM namespace
      WHERE id = :id AND deleted_at IS NULL
      """;

  private static final String LIVE_BY_NAME =
      """
      SELECT id, owner_id, name, created_at FROM namespace
      WHERE owner_id = :owner AND name = :name AND deleted_at IS NULL
      """;

  private static final String LIVE_COUNT =
      "SELECT count(*) FROM namespace WHERE owner_id = :owner AND deleted_at IS NULL";

  private static final String INSERT =
      """
      INSERT INTO namespace (id, owner_id, name, created_at) VALUES (:id, :owner, :name, :at)
      """;

  private static final String RENAME = "UPDATE namespace SET name = :name WHERE id = :id";

  private static final String MARK_DELETED = "UPDATE namespace SET deleted_at = :at WHERE id = :id";

  private static final String SUSPEND =
      """
      UPDATE namespace SET suspended_at = :at
      WHERE id = :id AND (suspended_at IS NULL) <> (:at IS NULL)
      """;

  private NamespaceSql() {}

  /** Live ones, oldest first. */
  static List<Namespace> allLive(Handle handle) {
    return handle.createQuery(ALL_LIVE).map(NamespaceSql::namespace).list();
  }

  /** A live one. */
  static Optional<Namespace> live(Handle handle, NamespaceId id) {
    return handle.createQuery(LIVE).bind("id", id.text()).map(NamespaceSql::namespace).findOne();
  }

  /** The live one of that name. */
  static Optional<Namespace> liveByName(Handle handle, String owner, String name) {
    return handle
        .createQuery(LIVE_BY_NAME)
        .bind("owner", owner)
        .bind("name", name)
        .map(NamespaceSql::namespace)
        .findOne();
  }

  /** How many live ones the owner has. */
  static long liveCount(Handle handle, String owner) {
    return handle.createQuery(LIVE_COUNT).bind("owner", owner).mapTo(long.class).one();
  }

  /** Adds one. */
  static void insert(Handle handle, Namespace namespace) {
    handle
        .createUpdate(INSERT)
        .bind("id", namespace.id().text())
        .bind("owner", namespace.ownerId())
        .bind("name", namespace.name())
        .bind("at", namespace.createdAtMicros())
        .execute();
  }

  /** Renames one. */
  static void rename(Handle handle, NamespaceId id, String name) {
    handle.createUpdate(RENAME).bind("id", id.text()).bind("name", name).execute();
  }

  /** Marks one as deleted; its name is free again. */
  static void markDeleted(Handle handle, NamespaceId id, long atMicros) {
    handle.createUpdate(MARK_DELETED).bind("id", id.text()).bind("at", atMicros).execute();
  }

  /** Suspends one at a moment, or resumes it; false when it is so already. */
  static boolean suspend(Handle handle, NamespaceId id, OptionalLong atMicros) {
    var update = handle.createUpdate(SUSPEND).bind("id", id.text());
    KeySql.bindOptional(update, "at", atMicros);
    return update.execute() == 1;
  }

  static Namespace namespace(ResultSet rows, StatementContext context) throws SQLException {
    return new Namespace(
        new NamespaceId(rows.getString("id")),
        rows.getString("owner_id"),
        rows.getString("name"),
        rows.getLong("created_at"));
  }
}

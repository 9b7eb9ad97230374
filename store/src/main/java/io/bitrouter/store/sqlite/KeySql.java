package io.bitrouter.store.sqlite;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.credential.KeyVerifier;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.AuditEntry;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** Statements about keys; every one but the node's own scan carries a namespace. */
final class KeySql {

  /** When a key was used last. */
  record LastUse(NamespaceId namespace, KeyId key, long atMicros) {}

  private static final String SELECT = "SELECT " + KeyRows.COLUMNS + " FROM api_key k ";

  private static final String ALL =
      SELECT
          + KeyRows.VERIFIERS
          + "WHERE k.namespace_id = ? ORDER BY k.created_at, k.id, v.not_after IS NOT NULL";

  private static final String ONE =
      SELECT
          + KeyRows.VERIFIERS
          + "WHERE k.namespace_id = ? AND k.id = ? ORDER BY v.not_after IS NOT NULL";

  private static final String EVERY_LIVE =
      SELECT
          + "JOIN namespace n ON n.id = k.namespace_id AND n.deleted_at IS NULL "
          + KeyRows.VERIFIERS
          + "ORDER BY k.namespace_id, k.id";

  private static final String LIVE_ONE =
      """
      SELECT count(*) FROM api_key WHERE namespace_id = :ns AND id = :id AND revoked_at IS NULL
      AND (expires_at IS NULL OR expires_at > :now)
      """;

  private static final String INSERT =
      """
      INSERT INTO api_key (namespace_id, id, name, scopes, parent_id, root_id, ancestors,
        created_at, expires_at, revoked_at, last_used_at, created_by_kind, created_by_id)
      VALUES (:ns, :id, :name, :scopes, :parent, :root, :ancestors, :createdAt,
        :expiresAt, :revokedAt, :lastUsedAt, :byKind, :byId)
      """;

  private static final String INSERT_VERIFIER =
      """
      INSERT INTO key_verifier (namespace_id, key_id, token_id, mac, pepper_id, not_after)
      VALUES (:ns, :key, :token, :mac, :pepper, :notAfter)
      """;

  private static final String DELETE_VERIFIERS =
      "DELETE FROM key_verifier WHERE namespace_id = :ns AND key_id = :key";

  /**
   * Descends through revoked keys too: what lives below one that was revoked alone dies as well.
   */
  private static final String REVOKE_TREE =
      """
      WITH RECURSIVE tree (id) AS (
        SELECT id FROM api_key WHERE namespace_id = :ns AND id = :id
        UNION
        SELECT k.id FROM tree t JOIN api_key k ON k.namespace_id = :ns AND k.parent_id = t.id
      )
      UPDATE api_key SET revoked_at = :at
      WHERE namespace_id = :ns AND revoked_at IS NULL AND id IN (SELECT id FROM tree)
      RETURNING id
      """;

  private static final String REVOKE_ONE =
      """
      UPDATE api_key SET revoked_at = :at
      WHERE namespace_id = :ns AND revoked_at IS NULL AND id = :id
      RETURNING id
      """;

  private static final String DELETE_ALL = "DELETE FROM api_key WHERE namespace_id = :ns";

  private static final String TOUCH =
      """
      UPDATE api_key SET last_used_at = ?
      WHERE namespace_id = ? AND id = ? AND (last_used_at IS NULL OR last_used_at < ?)
      """;

  private KeySql() {}

  /** A namespace's keys, oldest first. */
  static List<KeyRecord> all(Handle handle, NamespaceId namespace) throws SQLException {
    try (PreparedStatement statement = handle.getConnection().prepareStatement(ALL)) {
      statement.setString(1, namespace.text());
      try (ResultSet rows = statement.executeQuery()) {
        return KeyRows.list(rows);
      }
    }
  }

  /** One key. */
  static Optional<KeyRecord> one(Handle handle, NamespaceId namespace, KeyId id)
      throws SQLException {
    try (PreparedStatement statement = handle.getConnection().prepareStatement(ONE)) {
      statement.setString(1, namespace.text());
      statement.setString(2, id.text());
      try (ResultSet rows = statement.executeQuery()) {
        return KeyRows.list(rows).stream().findFirst();
      }
    }
  }

  /** Every key of every live namespace. */
  static void everyLive(Handle handle, Consumer<KeyRecord> consumer) throws SQLException {
    try (PreparedStatement statement = handle.getConnection().prepareStatement(EVERY_LIVE);
        ResultSet rows = statement.executeQuery()) {
      KeyRows.each(rows, consumer);
    }
  }

  /** Whether the key's namespace and, if it has one, its parent are alive at {@code now}. */
  static boolean mayBeAdded(Handle handle, KeyRecord key, long now) {
    if (NamespaceSql.live(handle, key.namespace()).isEmpty()) {
      return false;
    }
    return key.parent().isEmpty() || alive(handle, key.namespace(), key.parent().get(), now);
  }

  private static boolean alive(Handle handle, NamespaceId namespace, KeyId key, long now) {
    return handle
            .createQuery(LIVE_ONE)
            .bind("ns", namespace.text())
            .bind("id", key.text())
            .bind("now", now)
            .mapTo(int.class)
            .one()
        == 1;
  }

  /** Adds a key with its verifiers. */
  static void insert(Handle handle, KeyRecord key, AuditEntry by) {
    var update =
        handle
            .createUpdate(INSERT)
            .bind("ns", key.namespace().text())
            .bind("id", key.id().text())
            .bind("name", key.name())
            .bind("scopes", key.scopes().toString())
            .bind("parent", key.parent().map(KeyId::text).orElse(null))
            .bind("root", key.root().text())
            .bind("ancestors", ancestors(key))
            .bind("createdAt", key.createdAtMicros())
            .bind("byKind", by.actorKind())
            .bind("byId", by.actorId());
    bindOptional(update, "expiresAt", key.expiresAtMicros());
    bindOptional(update, "revokedAt", key.revokedAtMicros());
    bindOptional(update, "lastUsedAt", key.lastUsedAtMicros());
    update.execute();
    insertVerifiers(handle, key.namespace(), key.id(), key.verifiers());
  }

  private static String ancestors(KeyRecord key) {
    return key.ancestors().stream().map(KeyId::text).collect(Collectors.joining(" "));
  }

  /** Puts {@code verifiers} in the place of a living key's; false when there is no such key. */
  static boolean replaceVerifiers(
      Handle handle, NamespaceId namespace, KeyId key, List<KeyVerifier> verifiers, long now) {
    if (!alive(handle, namespace, key, now)) {
      return false;
    }
    handle
        .createUpdate(DELETE_VERIFIERS)
        .bind("ns", namespace.text())
        .bind("key", key.text())
        .execute();
    insertVerifiers(handle, namespace, key, verifiers);
    return true;
  }

  private static void insertVerifiers(
      Handle handle, NamespaceId namespace, KeyId key, List<KeyVerifier> verifiers) {
    for (KeyVerifier verifier : verifiers) {
      var insert =
          handle
              .createUpdate(INSERT_VERIFIER)
              .bind("ns", namespace.text())
              .bind("key", key.text())
              .bind("token", verifier.tokenId())
              .bind("mac", verifier.mac())
              .bind("pepper", verifier.pepperId());
      bindOptional(insert, "notAfter", verifier.notAfterMicros());
      insert.execute();
    }
  }

  /** Revokes a key, and with {@code cascade} all below it; returns those that were alive. */
  static List<KeyRecord> revoke(
      Handle handle, NamespaceId namespace, KeyId id, boolean cascade, long atMicros)
      throws SQLException {
    List<String> ids =
        handle
            .createQuery(cascade ? REVOKE_TREE : REVOKE_ONE)
            .bind("ns", namespace.text())
            .bind("id", id.text())
            .bind("at", atMicros)
            .mapTo(String.class)
            .list();
    List<KeyRecord> revoked = new ArrayList<>();
    for (String each : ids) {
      one(handle, namespace, new KeyId(each))
          .ifPresent(key -> revoked.add(key.id().equals(id) ? 0 : revoked.size(), key));
    }
    return List.copyOf(revoked);
  }

  /** Removes a namespace's keys; the verifiers go with them. */
  static void deleteAll(Handle handle, NamespaceId namespace) {
    handle.createUpdate(DELETE_ALL).bind("ns", namespace.text()).execute();
  }

  /** Notes last uses; an older one than what is stored changes nothing. */
  static void touch(Handle handle, List<LastUse> uses) throws SQLException {
    try (PreparedStatement statement = handle.getConnection().prepareStatement(TOUCH)) {
      for (LastUse use : uses) {
        statement.setLong(1, use.atMicros());
        statement.setString(2, use.namespace().text());
        statement.setString(3, use.key().text());
        statement.setLong(4, use.atMicros());
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  /** Binds a number that may be absent. */
  static void bindOptional(SqlStatement<?> statement, String name, OptionalLong value) {
    @Nullable Long boxed = value.isPresent() ? value.getAsLong() : null;
    statement.bind(name, boxed);
  }
}

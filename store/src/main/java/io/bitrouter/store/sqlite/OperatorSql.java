package io.bitrouter.store.sqlite;

import io.bitrouter.core.credential.KeyVerifier;
import io.bitrouter.core.credential.OperatorRecord;
import io.bitrouter.core.credential.Reach;
import io.bitrouter.core.credential.ScopeSet;
import io.bitrouter.core.namespace.NamespaceId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** Statements about operator credentials. */
final class OperatorSql {

  /** How the reach over every namespace is stored: said, never left out. */
  private static final String EVERYTHING = "*";

  private static final String ALL =
      """
      SELECT id, name, scopes, created_at, expires_at, revoked_at, token_id, mac, pepper_id,
        not_after, reach, issued_by
      FROM operator_credential ORDER BY created_at, id
      """;

  private static final String INSERT =
      """
      INSERT INTO operator_credential (id, name, scopes, created_at, expires_at, revoked_at,
        token_id, mac, pepper_id, not_after, reach, issued_by)
      VALUES (:id, :name, :scopes, :createdAt, :expiresAt, :revokedAt,
        :token, :mac, :pepper, :notAfter, :reach, :issuer)
      """;

  /**
   * Descends through revoked ones too: what lives below one that was revoked alone dies as well.
   */
  private static final String REVOKE_TREE =
      """
      WITH RECURSIVE tree (id) AS (
        SELECT id FROM operator_credential WHERE id = :id
        UNION
        SELECT o.id FROM tree t JOIN operator_credential o ON o.issued_by = t.id
      )
      UPDATE operator_credential SET revoked_at = :at
      WHERE revoked_at IS NULL AND id IN (SELECT id FROM tree)
      RETURNING id
      """;

  private OperatorSql() {}

  /** All of them, oldest first. */
  static List<OperatorRecord> all(Handle handle) {
    return handle.createQuery(ALL).map(OperatorSql::operator).list();
  }

  /** Adds one. */
  static void insert(Handle handle, OperatorRecord operator) {
    KeyVerifier verifier = operator.verifier();
    var update =
        handle
            .createUpdate(INSERT)
            .bind("id", operator.id())
            .bind("name", operator.name())
            .bind("scopes", operator.scopes().toString())
            .bind("createdAt", operator.createdAtMicros())
            .bind("token", verifier.tokenId())
            .bind("mac", verifier.mac())
            .bind("pepper", verifier.pepperId())
            .bind("reach", text(operator.reach()))
            .bind("issuer", operator.issuer().orElse(null));
    KeySql.bindOptional(update, "expiresAt", operator.expiresAtMicros());
    KeySql.bindOptional(update, "revokedAt", operator.revokedAtMicros());
    KeySql.bindOptional(update, "notAfter", verifier.notAfterMicros());
    update.execute();
  }

  /** Revokes one and all that it issued, directly or not; returns those that were not revoked. */
  static List<OperatorRecord> revoke(Handle handle, String id, long atMicros) {
    Set<String> ids =
        handle
            .createQuery(REVOKE_TREE)
            .bind("id", id)
            .bind("at", atMicros)
            .mapTo(String.class)
            .set();
    return all(handle).stream().filter(each -> ids.contains(each.id())).toList();
  }

  /** One of them; there are few. */
  static Optional<OperatorRecord> one(Handle handle, String id) {
    return all(handle).stream().filter(each -> each.id().equals(id)).findFirst();
  }

  private static String text(Reach reach) {
    return switch (reach) {
      case Reach.Everything unused -> EVERYTHING;
      case Reach.Only(Set<NamespaceId> namespaces) ->
          namespaces.stream().map(NamespaceId::text).sorted().collect(Collectors.joining(" "));
    };
  }

  private static Reach reach(String text) {
    return text.equals(EVERYTHING)
        ? new Reach.Everything()
        : new Reach.Only(
            Arrays.stream(text.split(" ")).map(NamespaceId::new).collect(Collectors.toSet()));
  }

  private static OperatorRecord operator(ResultSet rows, StatementContext context)
      throws SQLException {
    return new OperatorRecord(
        rows.getString(1),
        rows.getString(2),
        ScopeSet.parse(rows.getString(3)),
        reach(rows.getString(11)),
        Optional.ofNullable(rows.getString(12)),
        rows.getLong(4),
        KeyRows.optionalLong(rows, 5),
        KeyRows.optionalLong(rows, 6),
        new KeyVerifier(
            rows.getString(7),
            rows.getBytes(8),
            rows.getString(9),
            KeyRows.optionalLong(rows, 10)));
  }
}

package io.bitrouter.store.sqlite;

import io.bitrouter.core.credential.KeyVerifier;
import io.bitrouter.core.credential.OperatorRecord;
import io.bitrouter.core.credential.ScopeSet;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** Statements about operator credentials. */
final class OperatorSql {

  private static final String ALL =
      """
      SELECT id, name, scopes, created_at, expires_at, revoked_at, token_id, mac, pepper_id,
        not_after
      FROM operator_credential ORDER BY created_at, id
      """;

  private static final String INSERT =
      """
      INSERT INTO operator_credential (id, name, scopes, created_at, expires_at, revoked_at,
        token_id, mac, pepper_id, not_after)
      VALUES (:id, :name, :scopes, :createdAt, :expiresAt, :revokedAt,
        :token, :mac, :pepper, :notAfter)
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
            .bind("pepper", verifier.pepperId());
    KeySql.bindOptional(update, "expiresAt", operator.expiresAtMicros());
    KeySql.bindOptional(update, "revokedAt", operator.revokedAtMicros());
    KeySql.bindOptional(update, "notAfter", verifier.notAfterMicros());
    update.execute();
  }

  private static OperatorRecord operator(ResultSet rows, StatementContext context)
      throws SQLException {
    return new OperatorRecord(
        rows.getString(1),
        rows.getString(2),
        ScopeSet.parse(rows.getString(3)),
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

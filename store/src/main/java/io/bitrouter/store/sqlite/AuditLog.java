package io.bitrouter.store.sqlite;

import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.kernel.Ulid;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.AuditEntry;
import io.bitrouter.core.store.AuditRow;
import io.bitrouter.core.store.AuditSigner;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/** Audit logs: appended to inside the transaction of the change that is recorded. */
final class AuditLog {

  private static final String HEAD =
      "SELECT seq, hash, sig FROM audit_head WHERE namespace_id = :ns";

  private static final String APPEND =
      """
      INSERT INTO audit (namespace_id, seq, at, actor_kind, actor_id, action, target_kind,
        target_id, state_before, state_after, ip, request_id, prev_hash, hash)
      VALUES (:ns, :seq, :at, :actorKind, :actorId, :action, :targetKind,
        :targetId, :before, :after, :ip, :requestId, :prevHash, :hash)
      """;

  private static final String MOVE_HEAD =
      """
      INSERT INTO audit_head (namespace_id, seq, hash, sig) VALUES (:ns, :seq, :hash, :sig)
      ON CONFLICT (namespace_id) DO UPDATE SET
        seq = excluded.seq, hash = excluded.hash, sig = excluded.sig
      """;

  private static final String ROWS =
      """
      SELECT seq, at, actor_kind, actor_id, action, target_kind, target_id, state_before,
        state_after, ip, request_id, prev_hash, hash
      FROM audit
      """;

  private static final String PAGE =
      ROWS + "WHERE namespace_id = :ns AND seq < :before ORDER BY seq DESC LIMIT :limit";

  private static final String ALL = ROWS + "WHERE namespace_id = ? ORDER BY seq";

  private static final String UNSIGNED =
      "SELECT namespace_id, seq, hash FROM audit_head WHERE sig IS NULL";

  private record Unsigned(NamespaceId namespace, long seq, byte[] hash) {}

  /** What a request id that nobody wrote is read as; the row's hash then shows it. */
  private static final RequestId NO_ID = new RequestId(new Ulid(0, 0));

  private final AuditSigner signer;

  AuditLog(AuditSigner signer) {
    this.signer = signer;
  }

  /** Adds one row, moves the head and signs it. */
  void append(Handle handle, NamespaceId namespace, AuditEntry entry) {
    Optional<AuditRow.Head> head = head(handle, namespace);
    long seq = head.map(AuditRow.Head::seq).orElse(0L) + 1;
    byte[] previous = head.map(AuditRow.Head::hash).orElseGet(() -> AuditChain.genesis(namespace));
    byte[] hash = AuditChain.hash(seq, entry, previous);
    handle
        .createUpdate(APPEND)
        .bind("ns", namespace.text())
        .bind("seq", seq)
        .bind("at", entry.atMicros())
        .bind("actorKind", entry.actorKind())
        .bind("actorId", entry.actorId())
        .bind("action", entry.action())
        .bind("targetKind", entry.targetKind())
        .bind("targetId", entry.targetId())
        .bind("before", entry.before())
        .bind("after", entry.after())
        .bind("ip", entry.ip())
        .bind("requestId", entry.requestId().toString())
        .bind("prevHash", previous)
        .bind("hash", hash)
        .execute();
    moveHead(handle, namespace, seq, hash);
  }

  private void moveHead(Handle handle, NamespaceId namespace, long seq, byte[] hash) {
    handle
        .createUpdate(MOVE_HEAD)
        .bind("ns", namespace.text())
        .bind("seq", seq)
        .bind("hash", hash)
        .bind("sig", signer.sign(AuditChain.headMessage(namespace, seq, hash)))
        .execute();
  }

  /** Signs the heads of a store that was made before heads were signed. */
  void signUnsigned(Handle handle) {
    List<Unsigned> heads =
        handle
            .createQuery(UNSIGNED)
            .map((rows, context) ->
                new Unsigned(new NamespaceId(rows.getString(1)), rows.getLong(2), rows.getBytes(3)))
            .list();
    heads.forEach(each -> moveHead(handle, each.namespace(), each.seq(), each.hash()));
  }

  /** Rows with numbers below {@code before}, newest first. */
  static List<AuditRow> page(Handle handle, NamespaceId namespace, int limit, long before) {
    return handle
        .createQuery(PAGE)
        .bind("ns", namespace.text())
        .bind("before", before)
        .bind("limit", limit)
        .map((rows, context) -> row(rows))
        .list();
  }

  /** Computes the whole log again. */
  AuditRow.Verdict verify(Handle handle, NamespaceId namespace) throws SQLException {
    AuditCheck check = new AuditCheck(namespace, signer);
    each(handle, namespace, check::row);
    return check.verdict(head(handle, namespace));
  }

  private static void each(Handle handle, NamespaceId namespace, Consumer<AuditRow> consumer)
      throws SQLException {
    try (PreparedStatement statement = handle.getConnection().prepareStatement(ALL)) {
      statement.setString(1, namespace.text());
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          consumer.accept(row(rows));
        }
      }
    }
  }

  private static Optional<AuditRow.Head> head(Handle handle, NamespaceId namespace) {
    return handle
        .createQuery(HEAD)
        .bind("ns", namespace.text())
        .map((rows, context) -> new AuditRow.Head(rows.getLong(1), bytes(rows, 2), bytes(rows, 3)))
        .findOne();
  }

  private static byte[] bytes(ResultSet rows, int column) throws SQLException {
    return Optional.ofNullable(rows.getBytes(column)).orElseGet(() -> new byte[0]);
  }

  private static AuditRow row(ResultSet rows) throws SQLException {
    return new AuditRow(
        rows.getLong(1),
        new AuditEntry(
            rows.getLong(2),
            rows.getString(3),
            rows.getString(4),
            rows.getString(5),
            rows.getString(6),
            rows.getString(7),
            rows.getString(8),
            rows.getString(9),
            rows.getString(10),
            RequestId.parse(rows.getString(11)).orElse(NO_ID)),
        bytes(rows, 12),
        bytes(rows, 13));
  }
}

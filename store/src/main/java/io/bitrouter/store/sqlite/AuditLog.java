package io.bitrouter.store.sqlite;

import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.AuditEntry;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Appends to audit logs, inside the transaction of the change that is recorded. */
final class AuditLog {

  private record Head(long seq, byte[] hash) {}

  private static final String HEAD = "SELECT seq, hash FROM audit_head WHERE namespace_id = :ns";

  private static final String APPEND =
      """
      INSERT INTO audit (namespace_id, seq, at, actor_kind, actor_id, action, target_kind,
        target_id, state_before, state_after, ip, request_id, prev_hash, hash)
      VALUES (:ns, :seq, :at, :actorKind, :actorId, :action, :targetKind,
        :targetId, :before, :after, :ip, :requestId, :prevHash, :hash)
      """;

  private static final String MOVE_HEAD =
      """
      INSERT INTO audit_head (namespace_id, seq, hash) VALUES (:ns, :seq, :hash)
      ON CONFLICT (namespace_id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash
      """;

  private AuditLog() {}

  /** Adds one row and moves the head. */
  static void append(Handle handle, NamespaceId namespace, AuditEntry entry) {
    Optional<Head> head =
        handle
            .createQuery(HEAD)
            .bind("ns", namespace.text())
            .map((rows, context) -> new Head(rows.getLong("seq"), rows.getBytes("hash")))
            .findOne();
    long seq = head.map(Head::seq).orElse(0L) + 1;
    byte[] previous = head.map(Head::hash).orElseGet(() -> AuditChain.genesis(namespace));
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
    handle
        .createUpdate(MOVE_HEAD)
        .bind("ns", namespace.text())
        .bind("seq", seq)
        .bind("hash", hash)
        .execute();
  }
}

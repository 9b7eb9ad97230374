package io.bitrouter.store.sqlite;

import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.StoredResponse;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Statements about stored responses; every one but the removal of old ones carries a namespace. */
final class StoredResponseSql {

  private static final String SWITCH =
      """
      UPDATE namespace SET responses_since = CASE WHEN :on THEN :now END
      WHERE id = :ns AND deleted_at IS NULL
      """;

  private static final String KEEP =
      """
      INSERT OR REPLACE INTO stored_response (namespace_id, response_id, key_id, created_at,
        expires_at, bytes, sealed)
      SELECT id, :id, :key, :createdAt, :expiresAt, :bytes, :sealed FROM namespace
      WHERE id = :ns AND responses_since <= :createdAt AND deleted_at IS NULL
      """;

  private static final String TRIM =
      """
      DELETE FROM stored_response WHERE namespace_id = :ns AND response_id IN (
        SELECT response_id FROM (
          SELECT response_id, sum(bytes) OVER newest AS held, row_number() OVER newest AS place
          FROM stored_response WHERE namespace_id = :ns
          WINDOW newest AS (ORDER BY created_at DESC, response_id DESC))
        WHERE held > :bytes OR place > :most)
      """;

  private static final String BYTES =
      """
      SELECT bytes FROM stored_response
      WHERE namespace_id = :ns AND response_id = :id AND expires_at > :now
      """;

  private static final String FIND =
      """
      SELECT sealed FROM stored_response
      WHERE namespace_id = :ns AND response_id = :id AND expires_at > :now
      """;

  private static final String DELETE =
      """
      DELETE FROM stored_response
      WHERE namespace_id = :ns AND response_id = :id AND expires_at > :now
      """;

  private static final String DELETE_ALL = "DELETE FROM stored_response WHERE namespace_id = :ns";

  private static final String EXPIRE = "DELETE FROM stored_response WHERE expires_at <= :now";

  private StoredResponseSql() {}

  /** Lets a namespace store, or forgets what it has stored; false when it is gone. */
  static boolean allow(Handle handle, NamespaceId namespace, boolean on, long nowMicros) {
    if (!on) {
      deleteAll(handle, namespace);
    }
    return handle
            .createUpdate(SWITCH)
            .bind("ns", namespace.text())
            .bind("on", on)
            .bind("now", nowMicros)
            .execute()
        == 1;
  }

  /** Stores some. */
  static void keep(Handle handle, NamespaceId namespace, List<StoredResponse> responses) {
    for (StoredResponse each : responses) {
      handle
          .createUpdate(KEEP)
          .bind("ns", namespace.text())
          .bind("id", each.id())
          .bind("key", each.key().text())
          .bind("createdAt", each.createdAtMicros())
          .bind("expiresAt", each.expiresAtMicros())
          .bind("bytes", each.sealed().length)
          .bind("sealed", each.sealed())
          .execute();
    }
  }

  /** Forgets the oldest beyond a number of bytes, or of responses. */
  static void trim(Handle handle, NamespaceId namespace, long mostBytes, int most) {
    handle
        .createUpdate(TRIM)
        .bind("ns", namespace.text())
        .bind("bytes", mostBytes)
        .bind("most", most)
        .execute();
  }

  /** How many bytes one has that is in time. */
  static Optional<Long> bytes(Handle handle, NamespaceId namespace, String id, long nowMicros) {
    return handle
        .createQuery(BYTES)
        .bind("ns", namespace.text())
        .bind("id", id)
        .bind("now", nowMicros)
        .mapTo(Long.class)
        .findOne();
  }

  /** The content of one that is in time. */
  static Optional<byte[]> find(Handle handle, NamespaceId namespace, String id, long nowMicros) {
    return handle
        .createQuery(FIND)
        .bind("ns", namespace.text())
        .bind("id", id)
        .bind("now", nowMicros)
        .mapTo(byte[].class)
        .findOne();
  }

  /** Forgets one that is in time. */
  static boolean delete(Handle handle, NamespaceId namespace, String id, long nowMicros) {
    return handle
            .createUpdate(DELETE)
            .bind("ns", namespace.text())
            .bind("id", id)
            .bind("now", nowMicros)
            .execute()
        == 1;
  }

  /** Forgets all of a namespace's. */
  static void deleteAll(Handle handle, NamespaceId namespace) {
    handle.createUpdate(DELETE_ALL).bind("ns", namespace.text()).execute();
  }

  /** Forgets everybody's whose time is over. */
  static void expire(Handle handle, long nowMicros) {
    handle.createUpdate(EXPIRE).bind("now", nowMicros).execute();
  }
}

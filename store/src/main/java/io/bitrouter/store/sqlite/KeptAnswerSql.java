package io.bitrouter.store.sqlite;

import io.bitrouter.core.store.AlreadyAnsweredException;
import io.bitrouter.core.store.KeptAnswer;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Statements about kept answers; every one but the removal of expired ones carries an owner. */
final class KeptAnswerSql {

  /** Stands for the namespace of what operators were answered. */
  static final String NODE = "node";

  private static final String EXPIRE = "DELETE FROM kept_answer WHERE expires_at <= :now";

  private static final String INSERT =
      """
      INSERT INTO kept_answer (namespace_id, credential_id, name_hash, request_hash, sealed,
        expires_at)
      VALUES (:ns, :credential, :name, :request, :sealed, :expiresAt)
      ON CONFLICT (namespace_id, credential_id, name_hash) DO NOTHING
      """;

  private static final String FIND =
      """
      SELECT credential_id, name_hash, request_hash, sealed, expires_at FROM kept_answer
      WHERE namespace_id = :ns AND credential_id = :credential AND name_hash = :name
        AND expires_at > :now
      """;

  private static final String DELETE_ALL = "DELETE FROM kept_answer WHERE namespace_id = :ns";

  private KeptAnswerSql() {}

  /**
   * Keeps an answer, if there is one, and forgets those that have expired.
   *
   * @throws AlreadyAnsweredException when one is kept already
   */
  static void insert(Handle handle, String owner, Optional<KeptAnswer> answer, long nowMicros) {
    if (answer.isEmpty()) {
      return;
    }
    KeptAnswer kept = answer.get();
    handle.createUpdate(EXPIRE).bind("now", nowMicros).execute();
    int inserted =
        handle
            .createUpdate(INSERT)
            .bind("ns", owner)
            .bind("credential", kept.credentialId())
            .bind("name", kept.nameHash())
            .bind("request", kept.requestHash())
            .bind("sealed", kept.sealed())
            .bind("expiresAt", kept.expiresAtMicros())
            .execute();
    if (inserted == 0) {
      throw new AlreadyAnsweredException();
    }
  }

  /** The answer under that name that has not expired. */
  static Optional<KeptAnswer> find(
      Handle handle, String owner, String credentialId, byte[] nameHash, long nowMicros) {
    return handle
        .createQuery(FIND)
        .bind("ns", owner)
        .bind("credential", credentialId)
        .bind("name", nameHash)
        .bind("now", nowMicros)
        .map((rows, context) ->
            new KeptAnswer(
                rows.getString(1),
                rows.getBytes(2),
                rows.getBytes(3),
                rows.getBytes(4),
                rows.getLong(5)))
        .findOne();
  }

  /** Forgets all of an owner's. */
  static void deleteAll(Handle handle, String owner) {
    handle.createUpdate(DELETE_ALL).bind("ns", owner).execute();
  }
}

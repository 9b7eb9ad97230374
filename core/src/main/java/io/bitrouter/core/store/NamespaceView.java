package io.bitrouter.core.store;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.credential.KeyVerifier;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.namespace.Namespace;
import io.bitrouter.core.usage.RequestRow;
import java.util.List;
import java.util.Optional;

/**
 * Everything of one namespace and nothing else: no method takes a namespace. Methods throw {@link
 * StoreUnavailableException} when the store cannot answer; those that take a {@link Recorded} with
 * an answer throw {@link AlreadyAnsweredException} when there is one already. Thread-safe.
 */
public interface NamespaceView {

  /** The namespace; empty once it has been deleted. */
  Optional<Namespace> namespace();

  /** All keys, revoked ones too, oldest first. */
  List<KeyRecord> keys();

  /** One key. */
  Optional<KeyRecord> key(KeyId id);

  /**
   * Stores a new key.
   *
   * @return false, with nothing stored, when its parent is not a live key of this namespace any
   *     more
   */
  boolean addKey(KeyRecord key, Recorded record);

  /**
   * Revokes a key and, if {@code cascade}, its living descendants, with one audit row.
   *
   * @return the keys that this call revoked, the named one first if it was alive; empty optional
   *     when there is no such key
   */
  Optional<List<KeyRecord>> revokeKey(KeyId id, boolean cascade, AuditEntry audit);

  /**
   * Replaces a key's verifiers.
   *
   * @return the key as it is now; empty when there is no such living key
   */
  Optional<KeyRecord> rotateKey(KeyId id, List<KeyVerifier> verifiers, Recorded record);

  /**
   * Stores a change of rules.
   *
   * @return false, with nothing stored, when the namespace is gone
   */
  boolean changeRules(PolicyChange change, Recorded record);

  /**
   * Lets responses be stored from the moment of the audit row on, or forgets all that are stored
   * and stores no more.
   *
   * @return false, with nothing changed, when the namespace is gone
   */
  boolean storeResponses(boolean on, AuditEntry audit);

  /**
   * Stores responses, each in the place of one of the same id, and forgets the oldest of all beyond
   * {@code mostBytes} sealed bytes or {@code most} responses. Those from a time in which the
   * namespace did not store any are passed over.
   */
  void keepResponses(List<StoredResponse> responses, long mostBytes, int most);

  /** Bytes of a stored response as it was sealed, if it is in time. */
  Optional<Long> responseBytes(String id, long nowMicros);

  /** A stored response as it was sealed, if it is in time. */
  Optional<byte[]> response(String id, long nowMicros);

  /** Forgets a stored response; false when there is none in time. */
  boolean forgetResponse(String id, long nowMicros);

  /** Sums over requests. */
  UsageTotals usage(UsageQuery query);

  /**
   * Sums over requests in groups, those without any left out: days and hours in order of time,
   * others by spend, falling.
   */
  List<UsageQuery.Group> usage(UsageQuery query, UsageQuery.Grouping grouping);

  /** Rows, newest first; of a cursor that names no row of the namespace its moment alone counts. */
  List<RequestRow> requests(RequestQuery query);

  /** One row. */
  Optional<RequestRow> request(RequestId id);

  /**
   * Ends an indeterminate request.
   *
   * @return the row as it is now; empty, with nothing changed, when there is no such row or it is
   *     not indeterminate any more
   */
  Optional<RequestRow> reconcile(Reconciliation change, AuditEntry audit);

  /** The answer kept for a credential under the SHA-256 of an idempotency key, if it is in time. */
  Optional<KeptAnswer> keptAnswer(String credentialId, byte[] nameHash, long nowMicros);

  /** Audit rows, newest first, with numbers below {@code before}. */
  List<AuditRow> audit(int limit, long before);

  /** Checks the whole audit log. */
  AuditRow.Verdict verifyAudit();

  /** Writes an audit row that belongs to no change. */
  void audit(AuditEntry audit);
}

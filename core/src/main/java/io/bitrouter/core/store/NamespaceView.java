package io.bitrouter.core.store;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.namespace.Namespace;
import io.bitrouter.core.usage.RequestRow;
import java.util.List;
import java.util.Optional;

/**
 * Everything of one namespace and nothing else: no method takes a namespace. Methods throw {@link
 * StoreUnavailableException} when the store cannot answer. Thread-safe.
 */
public interface NamespaceView {

  /** The namespace; empty once it has been deleted. */
  Optional<Namespace> namespace();

  /** All keys, revoked ones too, oldest first. */
  List<KeyRecord> keys();

  /** One key. */
  Optional<KeyRecord> key(KeyId id);

  /**
   * Stores a new key with its audit row.
   *
   * @return false, with nothing stored, when its parent is not a live key of this namespace any
   *     more
   */
  boolean addKey(KeyRecord key, AuditEntry audit);

  /**
   * Revokes a key and, if {@code cascade}, its living descendants, with one audit row.
   *
   * @return the keys that this call revoked, the named one first if it was alive; empty optional
   *     when there is no such key
   */
  Optional<List<KeyRecord>> revokeKey(KeyId id, boolean cascade, AuditEntry audit);

  /** Sums over the requests that started in {@code [fromMicros, toMicros)}. */
  UsageTotals usage(long fromMicros, long toMicros);

  /** Rows, newest first. */
  List<RequestRow> requests(int limit, long offset);
}

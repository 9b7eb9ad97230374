package io.bitrouter.core.store;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.credential.OperatorRecord;
import io.bitrouter.core.namespace.Namespace;
import io.bitrouter.core.namespace.NamespaceId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What only the node and its operators see: all namespaces. Methods throw {@link
 * StoreUnavailableException} when the store cannot answer. Thread-safe.
 */
public interface NodeView {

  /** How creating or renaming went. */
  sealed interface Named {
    /** Done. */
    record Ok(Namespace namespace) implements Named {}

    /** Another live namespace of the owner has the name. */
    record NameTaken() implements Named {}

    /** No such live namespace. */
    record Unknown() implements Named {}
  }

  /** How deleting went. */
  sealed interface Deleted {
    /** Done; the keys that died with it. */
    record Ok(List<KeyRecord> keys) implements Deleted {}

    /** It is the last one. */
    record LastOne() implements Deleted {}

    /** No such live namespace. */
    record Unknown() implements Deleted {}
  }

  /**
   * Usage of one namespace, deleted ones included.
   *
   * @param namespace id, name and date
   * @param deleted whether it is gone
   * @param totals its sums
   */
  record NamespaceUsage(Namespace namespace, boolean deleted, UsageTotals totals) {}

  /** Live namespaces, oldest first. */
  List<Namespace> namespaces();

  /** One live namespace. */
  Optional<Namespace> namespace(NamespaceId id);

  /** Creates a namespace and its audit row. */
  Named createNamespace(Namespace namespace, AuditEntry audit);

  /** Renames one. */
  Named renameNamespace(NamespaceId id, String name, AuditEntry audit);

  /** Deletes one with its keys; its usage stays. */
  Deleted deleteNamespace(NamespaceId id, AuditEntry audit);

  /** Hands over every key of every live namespace, with verifiers. */
  void forEachKey(Consumer<KeyRecord> consumer);

  /** Hands over each key's charges so far in nano-USD, keys without any left out. */
  void forEachKeyTotal(KeyTotalConsumer consumer);

  /** Takes one key's running total. */
  interface KeyTotalConsumer {
    /** One key and its total, nano-USD. */
    void accept(NamespaceId namespace, KeyId key, long nanoUsd);
  }

  /** Stores last uses, microseconds since the epoch by key. */
  void storeLastUse(Map<NamespaceId, Map<KeyId, Long>> lastUses);

  /** Sums per namespace over the requests that started in {@code [fromMicros, toMicros)}. */
  List<NamespaceUsage> usageByNamespace(long fromMicros, long toMicros);

  /** Operator credentials, revoked ones too. */
  List<OperatorRecord> operators();

  /** Stores an operator credential. */
  void addOperator(OperatorRecord operator);
}

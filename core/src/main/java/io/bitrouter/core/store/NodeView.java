package io.bitrouter.core.store;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.credential.OperatorRecord;
import io.bitrouter.core.namespace.Namespace;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.usage.RequestRow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What only the node and its operators see: all namespaces that their grant reaches. What concerns
 * one of them is as if the others did not exist; what goes over all of them ({@code forEach…},
 * {@link #storeLastUse}, {@link #forgetOldResponses}), makes a new one or a credential that reaches
 * further is an {@link IllegalArgumentException} for a grant that does not reach so far. Methods
 * throw {@link StoreUnavailableException} when the store cannot answer. Thread-safe.
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
  Named createNamespace(Namespace namespace, Recorded record);

  /** Renames one. */
  Named renameNamespace(NamespaceId id, String name, AuditEntry audit);

  /** Deletes one with its keys; its usage stays. */
  Deleted deleteNamespace(NamespaceId id, AuditEntry audit);

  /**
   * Stops or resumes a namespace's inference; without an audit row when it is so already.
   *
   * @return false when there is no such live namespace
   */
  boolean suspendNamespace(NamespaceId id, boolean suspended, AuditEntry audit);

  /** Hands over the rules of every live namespace. */
  void forEachRules(Consumer<NamespaceRules> consumer);

  /**
   * Hands over the spend of each key of each live namespace since a quarter hour, by quarter, in
   * parts: several of the same key and quarter add up.
   */
  void forEachSpend(long firstSlot, SpendConsumer consumer);

  /** Takes a part of what one key spent in one quarter hour. */
  interface SpendConsumer {
    /** One key, one quarter hour since the epoch, nano-USD. */
    void accept(NamespaceId namespace, KeyId key, long slot, long nanoUsd);
  }

  /** Indeterminate requests of all namespaces that started before, oldest first, at most 1,000. */
  List<RequestRow> indeterminate(long beforeMicros);

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

  /** Forgets the stored responses of all namespaces whose time is over. */
  void forgetOldResponses(long nowMicros);

  /** Sums per namespace over the requests that started in {@code [fromMicros, toMicros)}. */
  List<NamespaceUsage> usageByNamespace(long fromMicros, long toMicros);

  /** Operator credentials that reach no further than the grant, revoked ones too. */
  List<OperatorRecord> operators();

  /**
   * Stores an operator credential, with the answer to whoever asked for it, if one is kept.
   *
   * @return false, with nothing stored, when its issuer is not alive any more
   */
  boolean addOperator(OperatorRecord operator, Optional<KeptAnswer> answer);

  /**
   * Revokes an operator credential and those that it issued, directly or not.
   *
   * @return those that this call revoked; empty optional when there is none of that id
   */
  Optional<List<OperatorRecord>> revokeOperator(String id, long atMicros);

  /** The answer kept for an operator credential, as {@link NamespaceView#keptAnswer}. */
  Optional<KeptAnswer> keptAnswer(String credentialId, byte[] nameHash, long nowMicros);
}

package io.bitrouter.core.snapshot;

import io.bitrouter.core.credential.NamespaceGrant;
import io.bitrouter.core.namespace.NamespaceId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** The current snapshot of every namespace: one map read for a request. Thread-safe. */
public final class SnapshotRegistry {

  private final ConcurrentHashMap<NamespaceId, NamespaceSnapshot> current =
      new ConcurrentHashMap<>();

  private final ConcurrentHashMap<NamespaceId, ReentrantLock> changes = new ConcurrentHashMap<>();

  /**
   * Runs a change of a namespace's stored rules together with its publication, one at a time for
   * each namespace: what is stored last is also published last.
   */
  public <T> T change(NamespaceId namespace, Supplier<T> storeThenPublish) {
    ReentrantLock lock = changes.computeIfAbsent(namespace, unused -> new ReentrantLock());
    lock.lock();
    try {
      return storeThenPublish.get();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The rules that hold now where {@code grant} holds. A namespace whose rules are not known, as
   * one that has just been deleted, is a suspended one: nothing runs without rules.
   */
  public NamespaceSnapshot current(NamespaceGrant grant) {
    NamespaceSnapshot known = current.get(grant.namespace());
    return known != null
        ? known
        : current.computeIfAbsent(grant.namespace(), NamespaceSnapshot::unknown);
  }

  /** Puts a newer snapshot in place; every request from now on is judged by it. */
  public void publish(NamespaceSnapshot next) {
    current.put(next.namespace(), next);
  }

  /** Forgets a namespace that is gone. */
  public void remove(NamespaceId namespace) {
    current.put(namespace, NamespaceSnapshot.unknown(namespace));
  }
}

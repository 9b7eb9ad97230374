package io.bitrouter.core.credential;

import io.bitrouter.core.namespace.NamespaceId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Every key and operator credential of the node by token id: authenticating is one map read, with 1
 * key or 400,000. Entries are immutable and replaced whole, so a change holds from the next read
 * on. Thread-safe.
 */
public final class KeyIndex {

  private static final long MINUTE_MICROS = 60_000_000L;

  private final ConcurrentHashMap<String, KeyEntry> keys = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, OperatorRecord> operators = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<ScopeSet, ScopeSet> scopeSets = new ConcurrentHashMap<>();

  private final ConcurrentHashMap<NamespaceId, ReentrantLock> changes = new ConcurrentHashMap<>();
  private final ReentrantLock operatorChanges = new ReentrantLock();

  /**
   * Runs a change of a namespace's stored keys together with its change of this index, one at a
   * time for each namespace: what is stored last is also indexed last, so that no race brings a
   * revoked key back.
   */
  public <T> T change(NamespaceId namespace, Supplier<T> storeThenIndex) {
    return locked(
        changes.computeIfAbsent(namespace, unused -> new ReentrantLock()), storeThenIndex);
  }

  /** The same for operator credentials. */
  public <T> T changeOperators(Supplier<T> storeThenIndex) {
    return locked(operatorChanges, storeThenIndex);
  }

  private static <T> T locked(ReentrantLock lock, Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  /** A key, one of its verifiers, and when it was last used. */
  record KeyEntry(KeyRecord key, NamespaceGrant grant, KeyVerifier verifier, AtomicLong lastUse) {}

  /** Adds a key or replaces it, under each of its token ids. */
  public void put(KeyRecord key) {
    ScopeSet scopes = scopeSets.computeIfAbsent(key.scopes(), same -> same);
    NamespaceGrant grant = new NamespaceGrant(key.namespace(), scopes);
    AtomicLong lastUse = lastUseOf(key);
    for (KeyVerifier verifier : key.verifiers()) {
      keys.put(verifier.tokenId(), new KeyEntry(key, grant, verifier, lastUse));
    }
  }

  /** Puts these keys in the place of all that are known of the namespace. */
  public void replace(NamespaceId namespace, Collection<KeyRecord> present) {
    Set<String> tokens = new HashSet<>();
    for (KeyRecord key : present) {
      put(key);
      key.verifiers().forEach(verifier -> tokens.add(verifier.tokenId()));
    }
    keys.entrySet()
        .removeIf(entry ->
            entry.getValue().key().namespace().equals(namespace)
                && !tokens.contains(entry.getKey()));
  }

  /** Forgets keys: their tokens are then as unknown as any other. */
  public void remove(Collection<KeyRecord> gone) {
    gone.forEach(key -> key.verifiers().forEach(verifier -> keys.remove(verifier.tokenId())));
  }

  /** Adds an operator credential or replaces it. */
  public void put(OperatorRecord operator) {
    operators.put(operator.verifier().tokenId(), operator);
  }

  /** When a key was last used, to the minute. */
  public Optional<Long> lastUse(KeyRecord key) {
    return key.verifiers().stream()
        .map(verifier -> keys.get(verifier.tokenId()))
        .filter(entry -> entry != null && entry.lastUse().get() > 0)
        .map(entry -> entry.lastUse().get())
        .max(Long::compare);
  }

  /** Last uses that are newer than what the store was told, by namespace and key. */
  public Map<NamespaceId, Map<KeyId, Long>> lastUsesAfter(long sinceMicros) {
    Map<NamespaceId, Map<KeyId, Long>> uses = new HashMap<>();
    for (KeyEntry entry : keys.values()) {
      long last = entry.lastUse().get();
      if (last >= sinceMicros) {
        uses.computeIfAbsent(entry.key().namespace(), unused -> new HashMap<>())
            .merge(entry.key().id(), last, Math::max);
      }
    }
    return uses;
  }

  /** Number of token ids of keys. */
  public int size() {
    return keys.size();
  }

  Optional<KeyEntry> key(String tokenId) {
    return Optional.ofNullable(keys.get(tokenId));
  }

  Optional<OperatorRecord> operator(String tokenId) {
    return Optional.ofNullable(operators.get(tokenId));
  }

  /** Notes a use: a plain write once a minute and key. */
  static void used(KeyEntry entry, long nowMicros) {
    long minute = nowMicros - nowMicros % MINUTE_MICROS;
    if (entry.lastUse().getPlain() < minute) {
      entry.lastUse().set(minute);
    }
  }

  private AtomicLong lastUseOf(KeyRecord key) {
    for (KeyVerifier verifier : key.verifiers()) {
      KeyEntry present = keys.get(verifier.tokenId());
      if (present != null) {
        return present.lastUse();
      }
    }
    return new AtomicLong(key.lastUsedAtMicros().orElse(0));
  }
}

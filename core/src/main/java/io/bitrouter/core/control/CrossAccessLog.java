package io.bitrouter.core.control;

import io.bitrouter.core.credential.Caller;
import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.credential.NamespaceGrant;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.store.AuditEntry;
import io.bitrouter.core.store.ControlStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Attempts of keys on namespaces that are not theirs, one audit row a key and minute in the log of
 * the key's own namespace. What one namespace does cannot push out what is noted of another. {@link
 * #note} takes no longer than a map access; {@link #write} writes. Thread-safe.
 */
public final class CrossAccessLog {

  /** Keys of one namespace noted at a time; attempts of more are not told apart in that minute. */
  static final int MOST_KEYS = 256;

  private static final long MINUTE_MICROS = 60_000_000L;
  private static final int LONGEST_TARGET = 64;

  private final ConcurrentHashMap<NamespaceId, Map<KeyId, Attempts>> noted =
      new ConcurrentHashMap<>();
  private final ControlStore store;
  private final Audits audits;

  private record Attempts(NamespaceGrant grant, AuditEntry first, long endsAtMicros, long count) {}

  public CrossAccessLog(ControlStore store, Ticker ticker) {
    this.store = store;
    this.audits = new Audits(ticker);
  }

  /** Notes that {@code key} named {@code target}, which is not its namespace. */
  public void note(Caller.Key key, String target, Origin origin) {
    String shown =
        target.length() <= LONGEST_TARGET ? target : target.substring(0, LONGEST_TARGET) + "…";
    AuditEntry entry = audits.entry(key, "namespace.cross_access", "namespace", shown, origin);
    long end = (entry.atMicros() / MINUTE_MICROS + 1) * MINUTE_MICROS;
    noted.compute(
        key.grant().namespace(),
        (namespace, present) -> {
          Map<KeyId, Attempts> keys = present == null ? new HashMap<>() : present;
          if (keys.size() < MOST_KEYS || keys.containsKey(key.key().id())) {
            keys.merge(
                key.key().id(),
                new Attempts(key.grant(), entry, end, 1),
                (old, one) ->
                    new Attempts(old.grant(), old.first(), old.endsAtMicros(), old.count() + 1));
          }
          return keys;
        });
  }

  /** Writes what was noted in minutes that are over, or everything if {@code all}. */
  public void write(boolean all) {
    long now = audits.ticker().epochMicros();
    List<Attempts> due = new ArrayList<>();
    for (NamespaceId namespace : noted.keySet()) {
      noted.computeIfPresent(
          namespace,
          (unused, keys) -> {
            keys.values().removeIf(one -> (all || one.endsAtMicros() <= now) && due.add(one));
            return keys.isEmpty() ? null : keys;
          });
    }
    for (Attempts one : due) {
      store
          .open(one.grant())
          .audit(one.first().after(new AuditText().with("attempts", one.count()).toString()));
    }
  }
}

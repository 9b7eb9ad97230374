package io.bitrouter.core.admission;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.kernel.Money;
import io.bitrouter.core.namespace.NamespaceId;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Each key's running total of charges in nano-USD.
 *
 * <p>Amounts shown are whole micro-USD. A row gets the increment of the whole micro-USD in its
 * key's total, so that rows always add up to the total and no fraction of a micro-USD is ever lost.
 * Thread-safe; one short lock per key, never held across I/O.
 */
public final class KeyTotals {

  private final ConcurrentHashMap<Principal, Total> totals = new ConcurrentHashMap<>();

  private record Principal(NamespaceId namespace, KeyId key) {}

  private static final class Total {
    private long nanos;

    synchronized long book(long cost) {
      long before = nanos;
      nanos = Math.addExact(nanos, cost);
      return Money.wholeMicros(nanos) - Money.wholeMicros(before);
    }

    synchronized void preset(long stored) {
      nanos = stored;
    }
  }

  /** Sets what a key was charged before this process started. */
  public void preset(NamespaceId namespace, KeyId key, long nanoUsd) {
    total(namespace, key).preset(nanoUsd);
  }

  /**
   * Books a charge.
   *
   * @param nanoUsd the charge, at least 0
   * @return the increment of the key's whole micro-USD, the row's {@code final_charge_micro_usd}
   */
  public long book(NamespaceId namespace, KeyId key, long nanoUsd) {
    return nanoUsd == 0 ? 0 : total(namespace, key).book(nanoUsd);
  }

  private Total total(NamespaceId namespace, KeyId key) {
    return totals.computeIfAbsent(new Principal(namespace, key), unused -> new Total());
  }
}

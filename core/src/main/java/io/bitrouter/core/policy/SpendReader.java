package io.bitrouter.core.policy;

import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.core.policy.PolicySpec.Budget;

/** What principals have spent, as the door counts it. Thread-safe. */
public interface SpendReader {

  /**
   * How a budget stands at one principal.
   *
   * @param settledNanoUsd spend that its window counts
   * @param reservedNanoUsd what requests in flight hold of it
   * @param fromMicros where its window begins, 0 for a total
   * @param freeingMicros when the first of the spend stops counting, {@link Long#MAX_VALUE} when
   *     nothing will
   * @param lastHourNanoUsd spend of about the last hour
   */
  record Standing(
      long settledNanoUsd,
      long reservedNanoUsd,
      long fromMicros,
      long freeingMicros,
      long lastHourNanoUsd) {}

  /** How {@code budget} stands where it is bound. */
  Standing standing(NamespaceId namespace, Metered<Budget> budget);

  /** Everything a principal has ever spent, nano-USD. */
  long lifetimeNanos(NamespaceId namespace, Principal principal);
}

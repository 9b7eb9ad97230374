package io.bitrouter.wire.control;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Answer of {@code GET ns/budgets/{id}/status}. The figures are those of the binding with the least
 * remaining, all zero for an unbound budget.
 *
 * @param settledMicroUsd spent in the window
 * @param reservedMicroUsd held by requests in flight
 * @param worstCaseMicroUsd settled and reserved together
 * @param remainingMicroUsd what is left of the limit in that worst case, never below zero
 * @param burnRateMicroUsdPerHour spend of the last hour
 * @param projectedExhaustionAt when nothing is left if that goes on; absent if it never happens
 * @param nextFreeAt when spend next leaves the window; absent for a total and without spend
 * @param warnings sentences for people; absent when there is nothing to say
 */
@ControlBody
public record BudgetStatus(
    String id,
    String name,
    String window,
    Optional<BudgetPeriod> period,
    String mode,
    long limitMicroUsd,
    long settledMicroUsd,
    long reservedMicroUsd,
    long worstCaseMicroUsd,
    long remainingMicroUsd,
    long burnRateMicroUsdPerHour,
    Optional<Instant> projectedExhaustionAt,
    Optional<Instant> nextFreeAt,
    List<Binding> bindings,
    Optional<List<String>> warnings) {

  /**
   * The figures of one binding.
   *
   * @param windowFrom spend since then counts
   */
  @ControlBody
  public record Binding(
      String bindingId,
      String principalType,
      String principalId,
      Instant windowFrom,
      long settledMicroUsd,
      long reservedMicroUsd,
      long worstCaseMicroUsd,
      long remainingMicroUsd,
      long burnRateMicroUsdPerHour,
      Optional<Instant> projectedExhaustionAt,
      Optional<Instant> nextFreeAt) {}
}

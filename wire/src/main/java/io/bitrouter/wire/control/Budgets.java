package io.bitrouter.wire.control;

import io.bitrouter.wire.control.Policies.PrincipalRef;
import io.bitrouter.wire.control.Usage.RequestRow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Budgets, and how they stand. */
public interface Budgets {
  /**
   * A policy of the kind budget with the members of its spec; the others are as in {@link
   * Policies.PolicyInfo PolicyInfo}.
   *
   * @param window day, month or total
   * @param limitMicroUsd the limit in millionths of a US dollar
   * @param period the true window when it is none of the three
   * @param mode metered or strict
   * @param unpricedModel deny, ceiling or allow
   */
  record BudgetInfo(
      String id,
      String name,
      String window,
      long limitMicroUsd,
      Optional<BudgetPeriod> period,
      String mode,
      String unpricedModel,
      Optional<Instant> disabledAt,
      long revision,
      boolean locked,
      long bindingCount,
      Instant createdAt,
      Instant updatedAt,
      Optional<String> bindingId,
      Optional<List<String>> warnings) {}

  /** Answer of {@code GET ns/budgets}. */
  record BudgetList(List<BudgetInfo> data) {}

  /** A budget to be created; without {@code bind} it is unbound, so without effect. */
  record BudgetDraft(
      String name,
      String window,
      long limitMicroUsd,
      Optional<BudgetPeriod> period,
      Optional<String> mode,
      Optional<String> unpricedModel,
      Optional<PrincipalRef> bind) {}

  /** Body of {@code PUT ns/budgets/{id}}; an absent member stays as it is. */
  record BudgetChange(
      Optional<String> name,
      Optional<String> window,
      Optional<Long> limitMicroUsd,
      Optional<BudgetPeriod> period,
      Optional<String> mode,
      Optional<String> unpricedModel) {}

  /**
   * A budget's window where {@code day}, {@code month} and {@code total} do not say enough.
   *
   * @param unit hour, day, week or month
   * @param align rolling or calendar
   * @param timeZone IANA name, such as Europe/Berlin; absent for rolling ones, UTC for calendar
   *     ones
   */
  record BudgetPeriod(String unit, String align, Optional<String> timeZone) {}

  /**
   * Answer of {@code GET ns/budgets/{id}/status}. The figures are those of the binding with the
   * least remaining, all zero for an unbound budget.
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
  record BudgetStatus(
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

  /**
   * Answer of {@code GET ns/budgets/{id}/explain}: the requests whose charges make up what one
   * binding of the budget has settled.
   *
   * @param windowFrom requests that started at or after count
   * @param windowTo the moment of the question
   * @param settledNanoUsd the exact sum in billionths of a US dollar
   * @param data one page of the rows, newest first
   * @param nextCursor for the next page; absent on the last
   */
  record BudgetExplanation(
      String id,
      String name,
      String principalType,
      String principalId,
      Instant windowFrom,
      Instant windowTo,
      long settledNanoUsd,
      long settledMicroUsd,
      List<RequestRow> data,
      Optional<String> nextCursor) {}

  /**
   * Answer of {@code GET /v1/billing/balance}, reckoned from the namespace's total budget.
   *
   * @param balanceMicroUsd the limit less what is settled
   * @param pendingDebitsMicroUsd what requests in flight hold
   * @param availableMicroUsd balance less pending, never below zero
   * @param currency always USD
   */
  record BillingBalance(
      long balanceMicroUsd, long pendingDebitsMicroUsd, long availableMicroUsd, String currency) {}
}

package io.bitrouter.wire.control;

/**
 * Answer of {@code GET /v1/billing/balance}, reckoned from the namespace's total budget.
 *
 * @param balanceMicroUsd the limit less what is settled
 * @param pendingDebitsMicroUsd what requests in flight hold
 * @param availableMicroUsd balance less pending, never below zero
 * @param currency always USD
 */
@ControlBody
public record BillingBalance(
    long balanceMicroUsd, long pendingDebitsMicroUsd, long availableMicroUsd, String currency) {}

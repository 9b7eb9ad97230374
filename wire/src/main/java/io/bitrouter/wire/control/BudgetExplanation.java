package io.bitrouter.wire.control;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

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
@ControlBody
public record BudgetExplanation(
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

package io.bitrouter.wire.control;

import java.util.Optional;

/** Body of {@code PUT ns/budgets/{id}}; an absent member stays as it is. */
@ControlBody
public record BudgetChange(
    Optional<String> name,
    Optional<String> window,
    Optional<Long> limitMicroUsd,
    Optional<BudgetPeriod> period,
    Optional<String> mode,
    Optional<String> unpricedModel) {}

package io.bitrouter.wire.control;

import java.util.Optional;

/**
 * Body of {@code POST ns/budgets}; words as in {@link BudgetInfo}.
 *
 * @param bind what to bind it to at once; absent leaves it unbound, so without effect
 */
@ControlBody
public record BudgetDraft(
    String name,
    String window,
    long limitMicroUsd,
    Optional<BudgetPeriod> period,
    Optional<String> mode,
    Optional<String> unpricedModel,
    Optional<PrincipalRef> bind) {}

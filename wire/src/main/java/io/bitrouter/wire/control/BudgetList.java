package io.bitrouter.wire.control;

import java.util.List;

/** Answer of {@code GET ns/budgets}. */
@ControlBody
public record BudgetList(List<BudgetInfo> data) {}

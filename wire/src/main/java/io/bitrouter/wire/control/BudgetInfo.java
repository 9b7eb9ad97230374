package io.bitrouter.wire.control;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A policy of the kind budget with the members of its spec; the others are as in {@link
 * PolicyInfo}.
 *
 * @param window day, month or total
 * @param limitMicroUsd the limit in millionths of a US dollar
 * @param period the true window when it is none of the three
 * @param mode metered or strict
 * @param unpricedModel deny, ceiling or allow
 */
@ControlBody
public record BudgetInfo(
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

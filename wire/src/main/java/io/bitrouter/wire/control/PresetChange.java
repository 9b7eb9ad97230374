package io.bitrouter.wire.control;

import java.util.Optional;

/**
 * Body of {@code PUT ns/presets/{id}}; an absent member stays as it is, a given clause replaces the
 * whole clause, and only {@code clear_…} takes one out.
 */
@ControlBody
public record PresetChange(
    Optional<String> name,
    Optional<RawJson> guardrail,
    Optional<RawJson> budget,
    Optional<RawJson> rateLimit,
    Optional<Boolean> clearGuardrail,
    Optional<Boolean> clearBudget,
    Optional<Boolean> clearRateLimit) {}

package io.bitrouter.wire.control;

import java.util.Optional;

/**
 * Body of {@code POST ns/presets}.
 *
 * @param bind what to bind it to at once; absent leaves it unbound, so without effect
 */
@ControlBody
public record PresetDraft(
    String name,
    Optional<RawJson> guardrail,
    Optional<RawJson> budget,
    Optional<RawJson> rateLimit,
    Optional<PrincipalRef> bind) {}

package io.bitrouter.wire.control;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A policy of the kind preset: a bundle of up to three specs, each of which acts where the bundle
 * is bound. The other members are as in {@link PolicyInfo}.
 */
@ControlBody
public record PresetInfo(
    String id,
    String name,
    Optional<RawJson> guardrail,
    Optional<RawJson> budget,
    Optional<RawJson> rateLimit,
    Optional<Instant> disabledAt,
    long revision,
    boolean locked,
    long bindingCount,
    Instant createdAt,
    Instant updatedAt,
    Optional<String> bindingId,
    Optional<List<String>> warnings) {}

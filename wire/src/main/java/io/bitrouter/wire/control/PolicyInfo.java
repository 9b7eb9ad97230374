package io.bitrouter.wire.control;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One policy.
 *
 * @param id {@code pol_…}
 * @param kind budget, rate_limit, guardrail or preset
 * @param spec what it says; its members depend on the kind
 * @param disabledAt since when it says nothing; absent while it is enabled
 * @param revision grows with every change; the {@code ETag} of single answers
 * @param locked whether only an operator may change it
 * @param bindingCount how many principals it is bound to; without any it has no effect
 * @param bindingId the binding that was made with it; only in the answer to a create with {@code
 *     bind}
 * @param warnings sentences for the person who wrote it; absent when there is nothing to say
 */
@ControlBody
public record PolicyInfo(
    String id,
    String name,
    String kind,
    RawJson spec,
    Optional<Instant> disabledAt,
    long revision,
    boolean locked,
    long bindingCount,
    Instant createdAt,
    Instant updatedAt,
    Optional<String> bindingId,
    Optional<List<String>> warnings) {}

package io.bitrouter.wire.control;

import java.time.Instant;
import java.util.Optional;

/**
 * One group of a {@link UsageReport}.
 *
 * @param group model, provider or key, empty for requests without one; of a day or hour its start
 * @param from start of the day or hour; absent for other groups
 * @param to its end, likewise
 * @param requestCount admitted requests
 * @param deniedCount refused requests, which {@code requestCount} does not contain
 */
@ControlBody
public record UsageGroup(
    String group,
    Optional<Instant> from,
    Optional<Instant> to,
    long spendMicroUsd,
    long promptTokens,
    long completionTokens,
    long requestCount,
    long deniedCount) {}

package io.bitrouter.wire.control;

import java.time.Instant;

/**
 * Answer of {@code GET /v1/namespaces/{nsid}/usage}: totals of one namespace over {@code [from,
 * to)}.
 *
 * @param requestCount admitted requests
 * @param deniedCount refused requests, which {@code requestCount} does not contain
 */
@ControlBody
public record UsageReport(
    Instant from,
    Instant to,
    long spendMicroUsd,
    long promptTokens,
    long completionTokens,
    long requestCount,
    long deniedCount) {}

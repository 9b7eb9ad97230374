package io.bitrouter.wire.control;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Answer of {@code GET /v1/namespaces/{nsid}/usage}: totals of one namespace over {@code [from,
 * to)}.
 *
 * @param requestCount admitted requests
 * @param deniedCount refused requests, which {@code requestCount} does not contain
 * @param groups the same told apart as {@code group_by} asked; absent when it did not
 */
@ControlBody
public record UsageReport(
    Instant from,
    Instant to,
    long spendMicroUsd,
    long promptTokens,
    long completionTokens,
    long requestCount,
    long deniedCount,
    Optional<List<UsageGroup>> groups) {}

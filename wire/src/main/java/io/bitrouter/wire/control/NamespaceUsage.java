package io.bitrouter.wire.control;

/**
 * One namespace's line in a {@link NodeUsageReport}.
 *
 * @param namespaceId {@code ns_…}
 * @param name its present or, when it is deleted, last name
 * @param requestCount admitted requests
 * @param deniedCount refused requests, which {@code requestCount} does not contain
 */
@ControlBody
public record NamespaceUsage(
    String namespaceId,
    String name,
    boolean deleted,
    long spendMicroUsd,
    long promptTokens,
    long completionTokens,
    long requestCount,
    long deniedCount) {}

package io.bitrouter.wire.control;

/**
 * One namespace's line in a {@link NodeUsageReport}.
 *
 * @param namespaceId {@code ns_…}
 * @param name its present or, when it is deleted, last name
 * @param deleted whether the namespace no longer exists
 * @param spendMicroUsd sum of the charges in millionths of a US dollar
 * @param promptTokens sum of all input token buckets
 * @param completionTokens sum of output tokens
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
    long deniedCount) {
  /** Checks that the required members are there. */
  public NamespaceUsage {
    Required.member("namespace_id", namespaceId);
    Required.member("name", name);
  }
}

package io.bitrouter.wire.control;

import java.time.Instant;

/**
 * Answer of {@code GET /v1/namespaces/{nsid}/usage}: totals of one namespace over {@code [from,
 * to)}.
 *
 * @param from effective start, inclusive
 * @param to effective end, exclusive
 * @param spendMicroUsd sum of the charges in millionths of a US dollar
 * @param promptTokens sum of all input token buckets
 * @param completionTokens sum of output tokens
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
    long deniedCount) {
  /** Checks that the required members are there. */
  public UsageReport {
    Required.member("from", from);
    Required.member("to", to);
  }
}

package io.bitrouter.wire.control;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What was used: sums, requests and their charges. */
public interface Usage {
  /**
   * Answer of {@code GET /v1/namespaces/{nsid}/usage}: totals of one namespace over {@code [from,
   * to)}.
   *
   * @param requestCount admitted requests
   * @param deniedCount refused requests, which {@code requestCount} does not contain
   * @param groups the same told apart as {@code group_by} asked; absent when it did not
   */
  record UsageReport(
      Instant from,
      Instant to,
      long spendMicroUsd,
      long promptTokens,
      long completionTokens,
      long requestCount,
      long deniedCount,
      Optional<List<UsageGroup>> groups) {}

  /**
   * One group of a {@link UsageReport}.
   *
   * @param group model, provider or key, empty for requests without one; of a day or hour its start
   * @param from start of the day or hour; absent for other groups
   * @param to its end, likewise
   * @param requestCount admitted requests
   * @param deniedCount refused requests, which {@code requestCount} does not contain
   */
  record UsageGroup(
      String group,
      Optional<Instant> from,
      Optional<Instant> to,
      long spendMicroUsd,
      long promptTokens,
      long completionTokens,
      long requestCount,
      long deniedCount) {}

  /** Totals of every namespace over {@code [from, to)}. */
  record NodeUsageReport(Instant from, Instant to, List<NamespaceUsage> groups) {}

  /**
   * One namespace's line in a {@link NodeUsageReport}.
   *
   * @param namespaceId {@code ns_…}
   * @param name its present or, when it is deleted, last name
   * @param requestCount admitted requests
   * @param deniedCount refused requests, which {@code requestCount} does not contain
   */
  record NamespaceUsage(
      String namespaceId,
      String name,
      boolean deleted,
      long spendMicroUsd,
      long promptTokens,
      long completionTokens,
      long requestCount,
      long deniedCount) {}

  /**
   * One request in the log of its namespace. Never contains prompt or answer.
   *
   * @param id the row's id; equal to {@code requestId}
   * @param requestId {@code req_…}, as in the {@code x-request-id} header
   * @param status pending, streaming, succeeded, failed, denied or cancelled
   * @param promptTokens sum of the input buckets of {@code usage}
   * @param finalChargeMicroUsd charge in millionths of a US dollar; rows add up to the usage totals
   * @param createdAt when it began; equal to {@code startedAt}
   * @param rootKeyId the first key of that key's line
   * @param clientRequestId the caller's own {@code x-request-id}; absent when none was sent
   * @param protocol protocol the caller spoke: chat, messages, responses or gemini
   * @param requestedModel the model as the caller wrote it; absent when the body was not read
   * @param ttftMs milliseconds until the first content of the answer; absent without content
   * @param totalMs milliseconds from the first byte of the request to the last of the answer
   * @param overheadUs microseconds of that spent in this gateway
   * @param usageOrigin reported, estimated or none
   * @param chargeState computed, estimated, indeterminate or not_charged
   * @param chargeNanoUsd exact charge in billionths of a US dollar
   * @param repeatCount how many equal refusals this row stands for; 1 otherwise
   */
  record RequestRow(
      String id,
      String requestId,
      String status,
      Optional<String> modelId,
      Optional<String> providerId,
      long promptTokens,
      long completionTokens,
      Optional<Long> finalChargeMicroUsd,
      Optional<Boolean> streamed,
      Instant createdAt,
      Optional<Instant> completedAt,
      Instant startedAt,
      String namespaceId,
      String keyId,
      String rootKeyId,
      Optional<String> clientRequestId,
      String protocol,
      Optional<String> upstreamProtocol,
      Optional<String> requestedModel,
      Optional<String> upstreamModel,
      int httpStatus,
      Optional<String> code,
      Optional<String> policyId,
      Optional<String> finishReason,
      int attempts,
      Optional<Long> ttftMs,
      long totalMs,
      long overheadUs,
      RequestTokens usage,
      String usageOrigin,
      String chargeState,
      long chargeNanoUsd,
      Optional<String> priceVersion,
      Optional<RequestDecision> decision,
      long repeatCount) {}

  /**
   * Token counts of one request in buckets that never overlap, except that {@code reasoning} is the
   * part of {@code output} that was reasoning.
   */
  record RequestTokens(
      long uncachedInput,
      long cacheRead,
      @JsonProperty("cache_write_5m") long cacheWrite5m,
      @JsonProperty("cache_write_1h") long cacheWrite1h,
      long output,
      long reasoning) {}

  /**
   * What a request was judged by.
   *
   * @param declaredOutput the output limit in tokens that the caller declared; absent when none
   * @param toolsSha256 hash of the tool definitions in hex; absent without tools
   */
  record RequestDecision(
      long inputBytes,
      Optional<Long> declaredOutput,
      long n,
      @JsonProperty("tools_sha256") Optional<String> toolsSha256) {}

  /**
   * Answer of {@code GET /v1/namespaces/{nsid}/requests}.
   *
   * @param data rows, newest first
   * @param limit effective page size, 1 to 100
   * @param nextCursor for the next page; absent on the last
   */
  record RequestPage(List<RequestRow> data, long limit, long offset, Optional<String> nextCursor) {}

  /** What an indeterminate request truly cost, in millionths of a US dollar. */
  record ReconcileRequest(long chargeMicroUsd) {}

  /**
   * Answer of {@code GET /v1/requests/{request_id}/settlement}, for the key that made the request.
   *
   * @param state pending, computed, not_charged or unknown
   * @param finalChargeMicroUsd the charge in millionths of a US dollar; present exactly when the
   *     state is computed
   */
  record SettlementReceipt(
      String requestId,
      String state,
      Optional<String> modelId,
      Optional<String> providerId,
      Tokens usage,
      Optional<Long> finalChargeMicroUsd) {

    /**
     * Token counts; {@code reasoningTokens} is the part of {@code outputTokens} that was reasoning.
     */
    public record Tokens(
        long uncachedInputTokens,
        long cacheReadTokens,
        long cacheWriteTokens,
        long outputTokens,
        long reasoningTokens) {}
  }
}

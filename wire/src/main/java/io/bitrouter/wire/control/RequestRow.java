package io.bitrouter.wire.control;

import java.time.Instant;
import java.util.Optional;

/**
 * One request in the log of its namespace. Never contains prompt or answer.
 *
 * @param id the row's id; equal to {@code requestId}
 * @param requestId {@code req_…}, as in the {@code x-request-id} header
 * @param status pending, streaming, succeeded, failed, denied or cancelled
 * @param modelId the model that served it; absent when none did
 * @param providerId the provider that served it; absent when none did
 * @param promptTokens sum of the input buckets of {@code usage}
 * @param completionTokens output tokens
 * @param finalChargeMicroUsd charge in millionths of a US dollar; rows add up to the usage totals
 * @param streamed whether the answer was streamed
 * @param createdAt when it began; equal to {@code startedAt}
 * @param completedAt when it ended; absent while it runs
 * @param startedAt when it began
 * @param namespaceId the namespace it belongs to
 * @param keyId the key that made it
 * @param rootKeyId the first key of that key's line
 * @param clientRequestId the caller's own {@code x-request-id}; absent when none was sent
 * @param protocol protocol the caller spoke: chat, messages, responses or gemini
 * @param upstreamProtocol protocol spoken to the provider; absent when none was called
 * @param requestedModel the model as the caller wrote it; absent when the body was not read
 * @param upstreamModel the provider's own name of the model; absent when none was called
 * @param httpStatus status the caller got
 * @param code refusal or failure code; absent on success
 * @param policyId the policy that refused it; absent when none did
 * @param finishReason why the answer ended; absent when unknown
 * @param attempts how many upstream calls were made
 * @param ttftMs milliseconds until the first content of the answer; absent without content
 * @param totalMs milliseconds from the first byte of the request to the last of the answer
 * @param overheadUs microseconds of that spent in this gateway
 * @param usage token buckets
 * @param usageOrigin reported, estimated or none
 * @param chargeState computed, estimated, indeterminate or not_charged
 * @param chargeNanoUsd exact charge in billionths of a US dollar
 * @param priceVersion date and version of the price list used; absent when nothing was priced
 * @param decision what the request was judged by; absent when it was refused before that
 * @param repeatCount how many equal refusals this row stands for; 1 otherwise
 */
@ControlBody
public record RequestRow(
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
    long repeatCount) {
  /** Checks that the required members are there. */
  public RequestRow {
    Required.member("id", id);
    Required.member("request_id", requestId);
    Required.member("status", status);
    Required.member("created_at", createdAt);
    Required.member("started_at", startedAt);
    Required.member("namespace_id", namespaceId);
    Required.member("key_id", keyId);
    Required.member("root_key_id", rootKeyId);
    Required.member("protocol", protocol);
    Required.member("usage", usage);
    Required.member("usage_origin", usageOrigin);
    Required.member("charge_state", chargeState);
  }
}

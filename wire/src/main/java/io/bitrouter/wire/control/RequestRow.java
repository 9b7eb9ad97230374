package io.bitrouter.wire.control;

import java.time.Instant;
import java.util.Optional;

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
    long repeatCount) {}

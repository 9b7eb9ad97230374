package io.bitrouter.core.usage;

import io.bitrouter.core.credential.KeyId;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.namespace.NamespaceId;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The books' entry for one authenticated request; never holds a prompt or an answer.
 *
 * @param requestId the node's id; its time part is when the request started
 * @param namespace whose request it was
 * @param key the key that made it
 * @param rootKey the first key of that key's lineage
 * @param clientRequestId the client's own id, at most 128 characters
 * @param protocol protocol name the client spoke
 * @param upstreamProtocol protocol name the upstream spoke, when one was called
 * @param requestedModel the model as asked, at most 256 characters, empty when none was read
 * @param modelId canonical {@code provider/model}, when it was resolved
 * @param upstreamModel the model name sent upstream
 * @param providerId the provider called
 * @param status how it ended
 * @param httpStatus the status the client got, 499 when it left before one was sent
 * @param code refusal code, when it was refused or failed
 * @param policyId the policy that refused it, when one did
 * @param finishReason the upstream's own word
 * @param streamed whether the client asked for a stream
 * @param attempts upstream calls made
 * @param ttftMillis from decoded head to the first forwarded content, milliseconds
 * @param totalMillis from decoded head to settle, milliseconds
 * @param overheadMicros the part of the total spent in the node, microseconds
 * @param usage tokens and where the figures come from
 * @param chargeState how sure the charge is
 * @param chargeNanoUsd cost in nano-USD
 * @param finalChargeMicroUsd increment of the whole micro-USD in the key's running total; rows add
 *     up to usage exactly
 * @param priceVersion version of the price table, empty when nothing was priced
 * @param decision inputs that policies judged
 * @param repeatCount how many equal denials this row stands for, at least 1
 */
public record RequestRow(
    RequestId requestId,
    NamespaceId namespace,
    KeyId key,
    KeyId rootKey,
    Optional<String> clientRequestId,
    String protocol,
    Optional<String> upstreamProtocol,
    String requestedModel,
    Optional<String> modelId,
    Optional<String> upstreamModel,
    Optional<String> providerId,
    RequestStatus status,
    int httpStatus,
    Optional<String> code,
    Optional<String> policyId,
    Optional<String> finishReason,
    boolean streamed,
    int attempts,
    OptionalLong ttftMillis,
    long totalMillis,
    long overheadMicros,
    MeasuredUsage usage,
    ChargeState chargeState,
    long chargeNanoUsd,
    long finalChargeMicroUsd,
    String priceVersion,
    Decision decision,
    long repeatCount) {

  /**
   * What a decision about the request was made on, so that policies can be tried on the past.
   *
   * @param inputBytes length of the request body
   * @param declaredOutput output tokens the client allowed, when it said so
   * @param choices answers asked for ({@code n}), at least 1
   * @param toolsSha256 hex SHA-256 of the tools member, when there is one
   */
  public record Decision(
      long inputBytes, OptionalLong declaredOutput, int choices, Optional<String> toolsSha256) {

    /** Nothing was decoded. */
    public static final Decision NONE = new Decision(0, OptionalLong.empty(), 1, Optional.empty());
  }

  /** The same row, standing for {@code count} equal denials. */
  public RequestRow withRepeatCount(long count) {
    return new RequestRow(
        requestId,
        namespace,
        key,
        rootKey,
        clientRequestId,
        protocol,
        upstreamProtocol,
        requestedModel,
        modelId,
        upstreamModel,
        providerId,
        status,
        httpStatus,
        code,
        policyId,
        finishReason,
        streamed,
        attempts,
        ttftMillis,
        totalMillis,
        overheadMicros,
        usage,
        chargeState,
        chargeNanoUsd,
        finalChargeMicroUsd,
        priceVersion,
        decision,
        count);
  }

  /** When the request started, microseconds since the epoch with millisecond resolution. */
  public long startedAtMicros() {
    return requestId.startedAtMicros();
  }
}

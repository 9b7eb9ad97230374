package io.bitrouter.wire.control;

import java.util.Optional;

/**
 * Answer of {@code GET /v1/requests/{request_id}/settlement}, for the key that made the request.
 *
 * @param state pending, computed, not_charged or unknown
 * @param finalChargeMicroUsd the charge in millionths of a US dollar; present exactly when the
 *     state is computed
 */
@ControlBody
public record SettlementReceipt(
    String requestId,
    String state,
    Optional<String> modelId,
    Optional<String> providerId,
    Tokens usage,
    Optional<Long> finalChargeMicroUsd) {

  /**
   * Token counts; {@code reasoningTokens} is the part of {@code outputTokens} that was reasoning.
   */
  @ControlBody
  public record Tokens(
      long uncachedInputTokens,
      long cacheReadTokens,
      long cacheWriteTokens,
      long outputTokens,
      long reasoningTokens) {}
}

package io.bitrouter.wire.control;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Answer of {@code GET ns/keys/{id}/blast-radius}: what whoever holds this key can reach, and what
 * it has done.
 *
 * @param descendants keys minted from it, directly or not
 * @param models models it may call
 * @param providers providers those go to
 * @param worstRemainingMicroUsd the most it can still spend; absent when no budget applies
 * @param since start of what {@code usage} counts
 * @param usage what it and its descendants have done since
 */
@ControlBody
public record BlastRadius(
    ApiKeyInfo key,
    List<ApiKeyInfo> descendants,
    List<String> models,
    List<String> providers,
    Optional<Long> worstRemainingMicroUsd,
    Instant since,
    Usage usage) {

  /**
   * Totals.
   *
   * @param requestCount admitted requests
   * @param deniedCount refused requests, which {@code requestCount} does not contain
   */
  @ControlBody
  public record Usage(
      long spendMicroUsd,
      long promptTokens,
      long completionTokens,
      long requestCount,
      long deniedCount) {}
}

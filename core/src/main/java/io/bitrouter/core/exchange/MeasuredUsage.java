package io.bitrouter.core.exchange;

/**
 * Token figures with their origin.
 *
 * @param tokens the buckets
 * @param origin whether the upstream said so
 */
public record MeasuredUsage(TokenUsage tokens, UsageOrigin origin) {

  /** Nothing was used. */
  public static final MeasuredUsage NONE = new MeasuredUsage(TokenUsage.NONE, UsageOrigin.NONE);
}

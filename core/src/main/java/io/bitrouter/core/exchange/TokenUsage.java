package io.bitrouter.core.exchange;

/**
 * Tokens of one attempt in buckets that never overlap, each at least 0.
 *
 * @param uncachedInput prompt tokens neither read from nor written to a cache
 * @param cacheRead prompt tokens read from a cache
 * @param cacheWrite5m prompt tokens written to a cache for five minutes
 * @param cacheWrite1h prompt tokens written to a cache for an hour
 * @param output generated tokens except reasoning
 * @param reasoning generated tokens the model thought with
 */
public record TokenUsage(
    long uncachedInput,
    long cacheRead,
    long cacheWrite5m,
    long cacheWrite1h,
    long output,
    long reasoning) {

  /** Nothing used. */
  public static final TokenUsage NONE = new TokenUsage(0, 0, 0, 0, 0, 0);

  /** Most tokens one bucket can hold; a provider that reports more is not believed. */
  public static final long BUCKET_LIMIT = 1_000_000_000L;

  /** Clamps every bucket into 0 to {@link #BUCKET_LIMIT}, so that no report can overflow a sum. */
  public TokenUsage {
    uncachedInput = clamp(uncachedInput);
    cacheRead = clamp(cacheRead);
    cacheWrite5m = clamp(cacheWrite5m);
    cacheWrite1h = clamp(cacheWrite1h);
    output = clamp(output);
    reasoning = clamp(reasoning);
  }

  /** All prompt tokens: the sum of the input buckets. */
  public long promptTokens() {
    return uncachedInput + cacheRead + cacheWrite5m + cacheWrite1h;
  }

  /** All generated tokens. */
  public long completionTokens() {
    return output + reasoning;
  }

  /** The same without what was generated. */
  public TokenUsage withoutOutput() {
    return new TokenUsage(uncachedInput, cacheRead, cacheWrite5m, cacheWrite1h, 0, 0);
  }

  private static long clamp(long tokens) {
    return Math.clamp(tokens, 0, BUCKET_LIMIT);
  }
}

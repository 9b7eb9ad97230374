package io.bitrouter.it.sdk;

/**
 * What an upstream says it used, in buckets that do not overlap.
 *
 * @param uncached prompt tokens neither read from nor written to a cache
 * @param cacheRead prompt tokens read from a cache
 * @param cacheWrite prompt tokens written to a cache
 * @param output generated tokens except reasoning
 * @param reasoning tokens of thought
 */
public record Tokens(long uncached, long cacheRead, long cacheWrite, long output, long reasoning) {

  /** Nothing cached. */
  public static final Tokens PLAIN = new Tokens(101, 0, 0, 23, 7);

  /** Some read from a cache, some written to one. */
  public static final Tokens CACHED = new Tokens(61, 41, 13, 23, 7);

  /** All of the prompt. */
  long prompt() {
    return uncached + cacheRead + cacheWrite;
  }

  /** All that was generated. */
  long completion() {
    return output + reasoning;
  }

  /** The price of it at the models of {@link Vendor#configuration}, in nano-USD. */
  public long nanoUsd() {
    return uncached * 2_000 + cacheRead * 200 + cacheWrite * 2_500 + completion() * 10_000;
  }
}

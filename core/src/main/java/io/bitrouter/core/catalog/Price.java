package io.bitrouter.core.catalog;

import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.core.kernel.Money;
import java.util.Optional;

/**
 * Price of a model, pico-USD per token of each bucket; $1 per million tokens is 1,000,000.
 *
 * @param uncachedInput per uncached prompt token
 * @param cacheRead per prompt token read from a cache
 * @param cacheWrite5m per prompt token written to a five-minute cache
 * @param cacheWrite1h per prompt token written to a one-hour cache
 * @param output per generated token, reasoning included
 * @param longPrompt what holds instead for requests with a long prompt, where there is a difference
 */
public record Price(
    long uncachedInput,
    long cacheRead,
    long cacheWrite5m,
    long cacheWrite1h,
    long output,
    Optional<LongPrompt> longPrompt) {

  /**
   * The price of whole requests with a long prompt.
   *
   * @param aboveTokens it holds when the prompt, cached parts included, has more tokens than this
   * @param price that price
   */
  public record LongPrompt(long aboveTokens, Price price) {}

  /** A price that is the same for prompts of every length. */
  public Price(
      long uncachedInput, long cacheRead, long cacheWrite5m, long cacheWrite1h, long output) {
    this(uncachedInput, cacheRead, cacheWrite5m, cacheWrite1h, output, Optional.empty());
  }

  /** Cost of an attempt in nano-USD, rounded up once. */
  public long costNanos(TokenUsage usage) {
    if (longPrompt.isPresent() && usage.promptTokens() > longPrompt.get().aboveTokens()) {
      return longPrompt.get().price().costNanos(usage);
    }
    long pico = Money.pico(usage.uncachedInput(), uncachedInput);
    pico = Math.addExact(pico, Money.pico(usage.cacheRead(), cacheRead));
    pico = Math.addExact(pico, Money.pico(usage.cacheWrite5m(), cacheWrite5m));
    pico = Math.addExact(pico, Money.pico(usage.cacheWrite1h(), cacheWrite1h));
    pico = Math.addExact(pico, Money.pico(usage.output(), output));
    pico = Math.addExact(pico, Money.pico(usage.reasoning(), output));
    return Money.picoToNanoRoundedUp(pico);
  }
}

package io.bitrouter.core.store;

/**
 * Sums over request rows.
 *
 * @param spendMicroUsd sum of the rows' {@code final_charge_micro_usd}
 * @param promptTokens sum of the input buckets
 * @param completionTokens output and reasoning
 * @param requestCount admitted requests
 * @param deniedCount refused ones, repetitions counted
 */
public record UsageTotals(
    long spendMicroUsd,
    long promptTokens,
    long completionTokens,
    long requestCount,
    long deniedCount) {

  /** Nothing. */
  public static final UsageTotals ZERO = new UsageTotals(0, 0, 0, 0, 0);

  /** Both together. */
  public UsageTotals plus(UsageTotals other) {
    return new UsageTotals(
        spendMicroUsd + other.spendMicroUsd,
        promptTokens + other.promptTokens,
        completionTokens + other.completionTokens,
        requestCount + other.requestCount,
        deniedCount + other.deniedCount);
  }
}

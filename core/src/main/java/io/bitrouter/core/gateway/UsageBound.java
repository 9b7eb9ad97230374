package io.bitrouter.core.gateway;

import io.bitrouter.core.catalog.Model;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.core.exchange.UsageOrigin;
import io.bitrouter.core.usage.RequestRow.Decision;

/**
 * Bounds on tokens where nobody reported them. A token stands for at least one byte of text, so
 * bytes bound tokens from above and an estimate is never below the upstream's bill.
 */
final class UsageBound {

  /** Least allowance for text that the upstream sent and we did not read any more, bytes. */
  private static final long LEAST_UNREAD_CHUNK = 256;

  /** Output taken as possible when neither the request nor the catalogue bounds it, tokens. */
  private static final long UNDECLARED_OUTPUT = 4_096;

  private UsageBound() {}

  /** The most a request can use, when nothing has come back. */
  static TokenUsage atMost(Decision decision, Model model) {
    return of(decision.inputBytes(), outputAtMost(decision, model));
  }

  /**
   * What a broken-off stream may have used: the reported input or the body's bytes, and the output
   * received plus one chunk that was on its way.
   */
  static MeasuredUsage brokenOff(Decision decision, StreamTap.StreamReport report, Model model) {
    long unread = Math.max(report.largestChunkBytes(), LEAST_UNREAD_CHUNK);
    long output = Math.min(report.outputBytes() + unread, outputCap(decision, model));
    return atLeast(report, decision.inputBytes(), output);
  }

  /**
   * What an answer used that the node itself cut short. Its budgets watched it flow by what a byte
   * has been at most so far, and it is charged by the same measure: by the looser bound of a token
   * a byte, ending an answer at a limit would pass the limit.
   *
   * @param input tokens of the input, where the upstream has not said
   * @param perMillionBytes tokens of a million bytes of output at most
   */
  static MeasuredUsage cut(StreamTap.StreamReport report, long input, long perMillionBytes) {
    long unread = Math.max(report.largestChunkBytes(), LEAST_UNREAD_CHUNK);
    return atLeast(
        report, input, TokenCeilings.tokens(report.outputBytes() + unread, perMillionBytes));
  }

  private static MeasuredUsage atLeast(StreamTap.StreamReport report, long input, long output) {
    TokenUsage bound =
        report
            .usage()
            .map(MeasuredUsage::tokens)
            .map(usage ->
                new TokenUsage(
                    usage.uncachedInput(),
                    usage.cacheRead(),
                    usage.cacheWrite5m(),
                    usage.cacheWrite1h(),
                    Math.max(usage.output(), output - usage.reasoning()),
                    usage.reasoning()))
            .orElseGet(() -> of(input, output));
    return new MeasuredUsage(bound, UsageOrigin.ESTIMATED);
  }

  /** What a whole answer without a report used at most. */
  static MeasuredUsage unreported(Decision decision, long outputBytes) {
    return new MeasuredUsage(of(decision.inputBytes(), outputBytes), UsageOrigin.ESTIMATED);
  }

  /** What a whole answer that was never read may have used. */
  static MeasuredUsage unread(Decision decision, Model model) {
    return new MeasuredUsage(atMost(decision, model), UsageOrigin.ESTIMATED);
  }

  private static long outputAtMost(Decision decision, Model model) {
    long perChoice =
        decision.declaredOutput().orElse(model.maxOutputTokens().orElse(UNDECLARED_OUTPUT));
    return saturatingMultiply(perChoice, decision.choices());
  }

  private static long outputCap(Decision decision, Model model) {
    return decision.declaredOutput().isPresent() || model.maxOutputTokens().isPresent()
        ? outputAtMost(decision, model)
        : Long.MAX_VALUE;
  }

  private static long saturatingMultiply(long a, int b) {
    return a > TokenUsage.BUCKET_LIMIT ? TokenUsage.BUCKET_LIMIT : a * b;
  }

  private static TokenUsage of(long input, long output) {
    return new TokenUsage(input, 0, 0, 0, output, 0);
  }
}

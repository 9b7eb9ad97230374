package io.bitrouter.node.config;

import java.util.OptionalLong;

/**
 * Reads prices as people write them, decimal dollars per million tokens, into pico-USD per token.
 * One is exactly the other times 1,000,000; no floating point is involved.
 */
public final class UsdPerMillion {

  /**
   * Largest price, dollars per million tokens; keeps every product with a token count in a long.
   */
  public static final long LARGEST = 1_000;

  /** The rule in words, for error messages. */
  public static final String RULE =
      "must be dollars per million tokens, 0 to 1000 with at most 6 decimal places, like 2.50";

  private static final int DECIMALS = 6;
  private static final long SCALE = 1_000_000;

  private UsdPerMillion() {}

  /** Parses a price into pico-USD per token; empty when {@code text} breaks the rule. */
  public static OptionalLong parse(String text) {
    int point = text.indexOf('.');
    String whole = point < 0 ? text : text.substring(0, point);
    String fraction = point < 0 ? "" : withoutTrailingZeros(text.substring(point + 1));
    boolean good =
        digits(whole)
            && whole.length() <= 4
            && (fraction.isEmpty() || digits(fraction))
            && fraction.length() <= DECIMALS
            && point != text.length() - 1;
    if (!good) {
      return OptionalLong.empty();
    }
    long pico = Long.parseLong(whole) * SCALE;
    if (!fraction.isEmpty()) {
      pico += Long.parseLong(fraction + "0".repeat(DECIMALS - fraction.length()));
    }
    return pico > LARGEST * SCALE ? OptionalLong.empty() : OptionalLong.of(pico);
  }

  private static String withoutTrailingZeros(String fraction) {
    int end = fraction.length();
    while (end > 0 && fraction.charAt(end - 1) == '0') {
      end--;
    }
    return fraction.substring(0, end);
  }

  private static boolean digits(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}

package io.bitrouter.core.kernel;

/**
 * Arithmetic of money. Prices are integer pico-USD per token, costs integer nano-USD, amounts shown
 * to people integer micro-USD; there is no floating point and an overflow is an error.
 */
public final class Money {

  /** Pico-USD in one nano-USD, and nano-USD in one micro-USD. */
  public static final long THOUSAND = 1_000;

  private Money() {}

  /** Cost of {@code units} at {@code picoPerUnit}, in pico-USD. */
  public static long pico(long units, long picoPerUnit) {
    return Math.multiplyExact(units, picoPerUnit);
  }

  /** Pico-USD to nano-USD, any fraction counted as a whole one. */
  public static long picoToNanoRoundedUp(long pico) {
    return Math.ceilDiv(pico, THOUSAND);
  }

  /** Whole micro-USD in {@code nano}. */
  public static long wholeMicros(long nano) {
    return Math.floorDiv(nano, THOUSAND);
  }

  /** {@code nano} nano-USD as decimal dollars, exact, without an exponent: {@code 0.0000425}. */
  public static String usdText(long nano) {
    long whole = nano / 1_000_000_000L;
    long rest = Math.abs(nano % 1_000_000_000L);
    String fraction = String.valueOf(1_000_000_000L + rest).substring(1);
    int end = fraction.length();
    while (end > 1 && fraction.charAt(end - 1) == '0') {
      end--;
    }
    String sign = nano < 0 && whole == 0 ? "-" : "";
    return sign + whole + "." + fraction.substring(0, end);
  }
}

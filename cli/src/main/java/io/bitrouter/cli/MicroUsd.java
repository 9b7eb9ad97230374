package io.bitrouter.cli;

/** Shows amounts of money. Integers only: no amount is ever a floating-point number. */
final class MicroUsd {
  private static final long MICROS = 1_000_000;

  private MicroUsd() {}

  /** For example {@code $0.42}: at least two and at most six decimals, nothing rounded. */
  static String show(long microUsd) {
    String sign = microUsd < 0 ? "-" : "";
    // The magnitude of the smallest long is no long; as an unsigned number it is.
    long magnitude = microUsd < 0 ? -microUsd : microUsd;
    long whole = Long.divideUnsigned(magnitude, MICROS);
    String decimals =
        Long.toString(MICROS + Long.remainderUnsigned(magnitude, MICROS)).substring(1);
    int end = decimals.length();
    while (end > 2 && decimals.charAt(end - 1) == '0') {
      end--;
    }
    return sign + "$" + whole + "." + decimals.substring(0, end);
  }
}

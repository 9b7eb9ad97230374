package io.bitrouter.cli;

import java.math.BigDecimal;
import picocli.CommandLine.TypeConversionException;

/**
 * An amount that somebody typed.
 *
 * @param microUsd millionths of a US dollar, never negative
 */
record Money(long microUsd) {
  /**
   * Reads {@code $5} or {@code $0.02}. The sign is obligatory: a shell makes another number of
   * {@code "$510"}, and without the sign nobody would notice.
   */
  static Money of(String text) {
    if (!text.matches("\\$[0-9]{1,10}(\\.[0-9]{1,6})?")) {
      throw new TypeConversionException(
          "'"
              + text
              + "' is not an amount such as '$5' or '$0.02' with at most six decimals, in single"
              + " quotes so that the shell leaves the $ alone");
    }
    return new Money(new BigDecimal(text.substring(1)).movePointRight(6).longValueExact());
  }
}

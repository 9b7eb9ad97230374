package io.bitrouter.node.config;

import java.util.OptionalLong;

/** Sizes as people write them: {@code 16MiB}, {@code 64KiB}, {@code 1GiB} or a number of bytes. */
final class ByteSize {

  private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB"};
  private static final int MOST_DIGITS = 15;

  private ByteSize() {}

  /** Parses a size; empty when {@code text} is none. */
  static OptionalLong parse(String text) {
    String number = text;
    int shift = 0;
    for (int i = 0; i < UNITS.length; i++) {
      if (text.endsWith(UNITS[i])) {
        number = text.substring(0, text.length() - UNITS[i].length()).stripTrailing();
        shift = 10 * (i + 1);
      }
    }
    boolean digits =
        !number.isEmpty()
            && number.length() <= MOST_DIGITS
            && number.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!digits) {
      return OptionalLong.empty();
    }
    long value = Long.parseLong(number);
    return value > Long.MAX_VALUE >> shift ? OptionalLong.empty() : OptionalLong.of(value << shift);
  }

  /** The shortest text that means {@code bytes}. */
  static String text(long bytes) {
    long value = bytes;
    String unit = "";
    for (int i = 0; i < UNITS.length && value >= 1024 && value % 1024 == 0; i++) {
      value /= 1024;
      unit = UNITS[i];
    }
    return value + (unit.isEmpty() ? " bytes" : unit);
  }
}

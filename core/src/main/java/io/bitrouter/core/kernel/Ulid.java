package io.bitrouter.core.kernel;

import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A 128-bit identifier whose first 48 bits are milliseconds since the epoch, written as 26
 * lowercase Crockford base-32 characters (the ULID specification, in lower case).
 *
 * @param high the 48 bits of time and the first 16 random bits
 * @param low the last 64 random bits
 */
public record Ulid(long high, long low) implements Comparable<Ulid> {

  /** Number of characters of the text form. */
  public static final int LENGTH = 26;

  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

  /** A new identifier for the given moment. */
  public static Ulid next(long epochMicros, RandomGenerator random) {
    long bits = random.nextLong();
    return new Ulid((epochMicros / 1_000 << 16) | (bits & 0xFFFF), random.nextLong());
  }

  /** Parses the text form; empty when {@code text} is not one. */
  public static Optional<Ulid> parse(CharSequence text) {
    if (text.length() != LENGTH || text.charAt(0) > '7') {
      return Optional.empty();
    }
    long high = 0;
    long low = 0;
    for (int i = 0; i < LENGTH; i++) {
      int digit = ALPHABET.indexOf(text.charAt(i));
      if (digit < 0) {
        return Optional.empty();
      }
      high = (high << 5) | (low >>> 59);
      low = (low << 5) | digit;
    }
    return Optional.of(new Ulid(high, low));
  }

  /** The time part, microseconds since the epoch with millisecond resolution. */
  public long epochMicros() {
    return (high >>> 16) * 1_000;
  }

  @Override
  public int compareTo(Ulid other) {
    int first = Long.compareUnsigned(high, other.high);
    return first != 0 ? first : Long.compareUnsigned(low, other.low);
  }

  @Override
  public String toString() {
    char[] text = new char[LENGTH];
    long upper = high;
    long lower = low;
    for (int i = LENGTH - 1; i >= 0; i--) {
      text[i] = ALPHABET.charAt((int) (lower & 31));
      lower = (lower >>> 5) | (upper << 59);
      upper >>>= 5;
    }
    return new String(text);
  }
}

package io.bitrouter.cli;

import io.bitrouter.wire.control.Rfc3339;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

/** Reads the times that people type. */
final class Times {
  private static final int MAX_DIGITS = 9;

  private Times() {}

  /** The instant of an RFC 3339 text given for the option {@code option}. */
  static Instant instant(String option, String text) {
    try {
      return Rfc3339.parse(text);
    } catch (IllegalArgumentException e) {
      throw Failure.of(Exit.USAGE, option + " is " + e.getMessage());
    }
  }

  /** The same in UTC, as text. */
  static String canonical(String option, String text) {
    return Rfc3339.format(instant(option, text));
  }

  /** The instant that lies a span such as {@code 30d} after {@code now}. */
  static Instant after(Instant now, String option, String span) {
    int last = span.length() - 1;
    Duration unit =
        switch (last < 1 || last > MAX_DIGITS ? ' ' : span.charAt(last)) {
          case 's' -> Duration.ofSeconds(1);
          case 'm' -> Duration.ofMinutes(1);
          case 'h' -> Duration.ofHours(1);
          case 'd' -> Duration.ofDays(1);
          case 'w' -> Duration.ofDays(7);
          default -> Duration.ZERO;
        };
    boolean digits = span.chars().limit(Math.max(last, 0)).allMatch(c -> c >= '0' && c <= '9');
    if (unit.isZero() || !digits || Long.parseLong(span, 0, last, 10) == 0) {
      throw Failure.of(Exit.USAGE, option + " is not a span such as 90m, 12h, 30d or 4w");
    }
    try {
      Instant end = now.plus(unit.multipliedBy(Long.parseLong(span, 0, last, 10)));
      Rfc3339.format(end);
      return end;
    } catch (DateTimeException | ArithmeticException | IllegalArgumentException e) {
      throw Failure.of(Exit.USAGE, option + " ends after the year 9999");
    }
  }
}

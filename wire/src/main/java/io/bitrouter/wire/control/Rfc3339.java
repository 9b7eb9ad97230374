package io.bitrouter.wire.control;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * RFC 3339 date-times: written in UTC with {@code Z}, with milliseconds only when they are not
 * zero; read with any offset and up to nine fractional digits.
 *
 * <p>Written by hand because the formatters of {@code java.time} load some hundred classes, which
 * is a noticeable part of a terminal command's run time. Stateless and thread-safe.
 */
public final class Rfc3339 {
  private Rfc3339() {}

  /**
   * For example {@code 2026-05-01T00:00:00Z} or {@code 2026-05-01T00:00:00.250Z}. Anything finer
   * than a millisecond is cut off.
   *
   * @throws IllegalArgumentException for years outside 0000 to 9999, which RFC 3339 cannot express
   */
  public static String format(Instant time) {
    LocalDateTime utc =
        LocalDateTime.ofEpochSecond(time.getEpochSecond(), time.getNano(), ZoneOffset.UTC);
    if (utc.getYear() < 0 || utc.getYear() > 9999) {
      throw new IllegalArgumentException("year " + utc.getYear() + " is outside 0000 to 9999");
    }
    StringBuilder text = new StringBuilder(24);
    digits(text, utc.getYear(), 4);
    digits(text, utc.getMonthValue(), 2, '-');
    digits(text, utc.getDayOfMonth(), 2, '-');
    digits(text, utc.getHour(), 2, 'T');
    digits(text, utc.getMinute(), 2, ':');
    digits(text, utc.getSecond(), 2, ':');
    int millis = utc.getNano() / 1_000_000;
    if (millis != 0) {
      digits(text, millis, 3, '.');
    }
    return text.append('Z').toString();
  }

  /**
   * The instant that the text names.
   *
   * @throws IllegalArgumentException when the text is not an RFC 3339 date-time, with a sentence
   *     that says what one looks like
   */
  public static Instant parse(String text) {
    try {
      return new Reader(text).instant();
    } catch (DateTimeException | IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("not an RFC 3339 time such as 2026-05-01T00:00:00Z", e);
    }
  }

  private static void digits(StringBuilder text, int value, int width, char before) {
    digits(text.append(before), value, width);
  }

  private static void digits(StringBuilder text, int value, int width) {
    String plain = Integer.toString(value);
    text.repeat('0', Math.max(0, width - plain.length())).append(plain);
  }

  /** One pass over one text. */
  private static final class Reader {
    private final String text;
    private int at;

    Reader(String text) {
      this.text = text;
    }

    Instant instant() {
      int year = number(4);
      expect("-");
      int month = number(2);
      expect("-");
      int day = number(2);
      expect("Tt ");
      int hour = number(2);
      expect(":");
      int minute = number(2);
      expect(":");
      int second = number(2);
      int nano = fraction();
      ZoneOffset offset = offset();
      if (at != text.length()) {
        throw new DateTimeException("trailing characters");
      }
      return LocalDateTime.of(year, month, day, hour, minute, second, nano).toInstant(offset);
    }

    private int fraction() {
      if (text.charAt(at) != '.') {
        return 0;
      }
      at++;
      int start = at;
      while (isDigit(text.charAt(at))) {
        at++;
      }
      int width = at - start;
      if (width == 0 || width > 9) {
        throw new DateTimeException("fraction of " + width + " digits");
      }
      at = start;
      int value = number(width);
      for (int i = width; i < 9; i++) {
        value *= 10;
      }
      return value;
    }

    private ZoneOffset offset() {
      char sign = text.charAt(at++);
      if (sign == 'Z' || sign == 'z') {
        return ZoneOffset.UTC;
      }
      if (sign != '+' && sign != '-') {
        throw new DateTimeException("no offset");
      }
      int hours = number(2);
      expect(":");
      int minutes = number(2);
      return sign == '+'
          ? ZoneOffset.ofHoursMinutes(hours, minutes)
          : ZoneOffset.ofHoursMinutes(-hours, -minutes);
    }

    private int number(int width) {
      int value = 0;
      for (int i = 0; i < width; i++) {
        char c = text.charAt(at++);
        if (!isDigit(c)) {
          throw new DateTimeException("not a digit");
        }
        value = value * 10 + (c - '0');
      }
      return value;
    }

    private void expect(String oneOf) {
      if (oneOf.indexOf(text.charAt(at++)) < 0) {
        throw new DateTimeException("unexpected character");
      }
    }

    private static boolean isDigit(char c) {
      return c >= '0' && c <= '9';
    }
  }
}

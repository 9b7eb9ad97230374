package io.bitrouter.wire.control;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;

/**
 * RFC 3339 date-times: written in UTC with {@code Z}, with milliseconds only when they are not
 * zero; read with any offset and up to nine fractional digits. Stateless and thread-safe.
 */
public final class Rfc3339 {

  /** What the platform's parser takes beyond this is not RFC 3339: hour 24, a bare point. */
  private static final Pattern FORM =
      Pattern.compile(
          "\\d{4}-\\d\\d-\\d\\d[Tt]([01]\\d|2[0-3]):\\d\\d:\\d\\d(\\.\\d{1,9})?"
              + "([Zz]|[+-]\\d\\d:\\d\\d)");

  private Rfc3339() {}

  /**
   * For example {@code 2026-05-01T00:00:00Z} or {@code 2026-05-01T00:00:00.250Z}. Anything finer
   * than a millisecond is cut off.
   *
   * @throws IllegalArgumentException for years outside 0000 to 9999, which RFC 3339 cannot express
   */
  public static String format(Instant time) {
    String text = time.truncatedTo(ChronoUnit.MILLIS).toString();
    if (text.charAt(0) == '+' || text.charAt(0) == '-') {
      throw new IllegalArgumentException("the year of " + text + " is outside 0000 to 9999");
    }
    return text;
  }

  /**
   * The instant that the text names.
   *
   * @throws IllegalArgumentException when the text is not an RFC 3339 date-time, with a sentence
   *     that says what one looks like
   */
  public static Instant parse(String text) {
    try {
      if (FORM.matcher(text).matches()) {
        return Instant.parse(text);
      }
    } catch (DateTimeException e) {
      // A date that does not exist: refused as well.
    }
    throw new IllegalArgumentException("not an RFC 3339 time such as 2026-05-01T00:00:00Z");
  }
}

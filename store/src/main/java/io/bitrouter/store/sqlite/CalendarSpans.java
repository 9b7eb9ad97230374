package io.bitrouter.store.sqlite;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.zone.ZoneOffsetTransition;
import org.jspecify.annotations.Nullable;

/**
 * The days or hours of a time zone, one after the other without gaps. A day has 23 to 25 hours when
 * clocks change; an hour is cut where they do. Not thread-safe.
 */
final class CalendarSpans {

  /** One of them, milliseconds since the epoch. */
  record Span(long from, long to) {}

  private static final long HOUR_MILLIS = 3_600_000;
  private static final long THOUSAND = 1_000;

  private final ZoneId zone;
  private final boolean days;
  private Span last = new Span(0, 0);

  private CalendarSpans(ZoneId zone, boolean days) {
    this.zone = zone;
    this.days = days;
  }

  /** Calendar days. */
  static CalendarSpans days(ZoneId zone) {
    return new CalendarSpans(zone, true);
  }

  /** Hours of the clock. */
  static CalendarSpans hours(ZoneId zone) {
    return new CalendarSpans(zone, false);
  }

  /** The one that {@code millis} lies in; cheap when it is the one asked for last. */
  Span at(long millis) {
    if (millis < last.from() || millis >= last.to()) {
      last = days ? day(millis) : hour(millis);
    }
    return last;
  }

  private Span day(long millis) {
    LocalDate date = Instant.ofEpochMilli(millis).atZone(zone).toLocalDate();
    // Where clocks go back over midnight a date comes twice; the later day has begun by then.
    while (start(date.plusDays(1)) <= millis) {
      date = date.plusDays(1);
    }
    return new Span(start(date), start(date.plusDays(1)));
  }

  private long start(LocalDate date) {
    return date.atStartOfDay(zone).toInstant().toEpochMilli();
  }

  private Span hour(long millis) {
    Instant now = Instant.ofEpochMilli(millis);
    ZoneOffset offset = zone.getRules().getOffset(now);
    long ahead = offset.getTotalSeconds() * THOUSAND;
    long from = Math.floorDiv(millis + ahead, HOUR_MILLIS) * HOUR_MILLIS - ahead;
    long to = from + HOUR_MILLIS;
    @Nullable ZoneOffsetTransition before = zone.getRules().previousTransition(now.plusMillis(1));
    @Nullable ZoneOffsetTransition after = zone.getRules().nextTransition(now);
    return new Span(
        before == null ? from : Math.max(from, before.getInstant().toEpochMilli()),
        after == null ? to : Math.min(to, after.getInstant().toEpochMilli()));
  }

  /** The start of {@code span} in RFC 3339, in the time of the zone. */
  String name(Span span) {
    ZonedDateTime start = Instant.ofEpochMilli(span.from()).atZone(zone);
    return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(start);
  }
}

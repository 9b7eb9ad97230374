package io.bitrouter.core.policy;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;

/**
 * The time a budget counts over. Where a window begins is a function of the present moment alone:
 * nothing is reset, nothing is anchored to a first use.
 */
public sealed interface BudgetWindow {

  /** Length of the quarter hours that spend is kept in; every window begins at one. */
  long SLOT_MICROS = 900_000_000L;

  /** The units of a window. */
  enum Unit {
    /** Sixty minutes. */
    HOUR(3_600L),
    /** 24 hours, or a calendar day of 23 to 25. */
    DAY(86_400L),
    /** Seven days; calendar weeks begin on Monday. */
    WEEK(7 * 86_400L),
    /** Thirty days, or a calendar month. */
    MONTH(30 * 86_400L);

    private final long seconds;

    Unit(long seconds) {
      this.seconds = seconds;
    }

    /** Length of a rolling window, microseconds. */
    long micros() {
      return seconds * 1_000_000L;
    }
  }

  /** The last hour, day, week or month up to now. */
  record Rolling(Unit unit) implements BudgetWindow {}

  /** The hour, day, week or month of the calendar that now lies in. */
  record Calendar(Unit unit, ZoneId zone) implements BudgetWindow {}

  /**
   * The same in a time zone that this Java does not know any more. Nobody can say where it begins:
   * whatever such a budget applies to is refused.
   */
  record UnknownZone(Unit unit, String zone) implements BudgetWindow {}

  /** Everything since the first such budget was bound to the principal. */
  record Total() implements BudgetWindow {}

  /**
   * The first slot that counts at {@code nowMicros}: all of a rolling window and at most one slot
   * more, exactly a calendar's. {@link Long#MIN_VALUE} for a total, and where nobody can say.
   */
  default long firstSlot(long nowMicros) {
    return switch (this) {
      case Rolling(Unit unit) -> Math.floorDiv(nowMicros - unit.micros(), SLOT_MICROS);
      case Calendar(Unit unit, ZoneId zone) ->
          Math.floorDiv(micros(start(unit, local(zone, nowMicros))), SLOT_MICROS);
      case UnknownZone unused -> Long.MIN_VALUE;
      case Total unused -> Long.MIN_VALUE;
    };
  }

  /**
   * When spend of {@code slot} stops counting, microseconds since the epoch; {@link Long#MAX_VALUE}
   * for a total, where it never does, and where nobody can say.
   */
  default long endOf(long slot) {
    return switch (this) {
      case Rolling(Unit unit) -> (slot + 1) * SLOT_MICROS + unit.micros();
      case Calendar(Unit unit, ZoneId zone) ->
          micros(end(unit, local(zone, (slot + 1) * SLOT_MICROS - 1)));
      case UnknownZone unused -> Long.MAX_VALUE;
      case Total unused -> Long.MAX_VALUE;
    };
  }

  private static ZonedDateTime local(ZoneId zone, long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).atZone(zone);
  }

  private static ZonedDateTime start(Unit unit, ZonedDateTime at) {
    return unit == Unit.HOUR
        ? at.truncatedTo(ChronoUnit.HOURS)
        : firstDay(unit, at).atStartOfDay(at.getZone());
  }

  /**
   * Where the unit that {@code at} lies in ends. By dates, because a day that begins at one o'clock
   * is followed by one that begins at midnight.
   */
  private static ZonedDateTime end(Unit unit, ZonedDateTime at) {
    LocalDate first = firstDay(unit, at);
    ZoneId zone = at.getZone();
    return switch (unit) {
      case HOUR -> endOfHour(at.truncatedTo(ChronoUnit.HOURS));
      case DAY -> first.plusDays(1).atStartOfDay(zone);
      case WEEK -> first.plusWeeks(1).atStartOfDay(zone);
      case MONTH -> first.plusMonths(1).atStartOfDay(zone);
    };
  }

  /** An hour in which the clocks change by thirty minutes has thirty minutes or ninety. */
  private static ZonedDateTime endOfHour(ZonedDateTime start) {
    ZonedDateTime next = start.plusHours(1);
    while (!next.truncatedTo(ChronoUnit.HOURS).isAfter(start)) {
      next = next.plusMinutes(15);
    }
    return next.truncatedTo(ChronoUnit.HOURS);
  }

  private static LocalDate firstDay(Unit unit, ZonedDateTime at) {
    LocalDate day = at.toLocalDate();
    return switch (unit) {
      case HOUR, DAY -> day;
      case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
      case MONTH -> day.withDayOfMonth(1);
    };
  }

  private static long micros(ZonedDateTime time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time.toInstant());
  }
}

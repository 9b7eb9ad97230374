package io.bitrouter.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.Seeds;
import io.bitrouter.core.policy.BudgetWindow.Calendar;
import io.bitrouter.core.policy.BudgetWindow.Rolling;
import io.bitrouter.core.policy.BudgetWindow.Total;
import io.bitrouter.core.policy.BudgetWindow.Unit;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetWindowTest {

  private static final long SLOT = BudgetWindow.SLOT_MICROS;
  private static final Instant FROM = Instant.parse("2024-01-01T00:00:00Z");
  private static final Instant TO = Instant.parse("2031-01-01T00:00:00Z");

  /** Every window by hand: when it begins and ends, as people of that place would say. */
  @ParameterizedTest
  @CsvSource({
    // Clocks go forward and back at two and three in the morning.
    "DAY,Europe/Berlin,2026-03-29T12:00:00Z,2026-03-28T23:00:00Z,2026-03-29T22:00:00Z",
    "DAY,Europe/Berlin,2026-10-25T12:00:00Z,2026-10-24T22:00:00Z,2026-10-25T23:00:00Z",
    "HOUR,Europe/Berlin,2026-10-25T00:30:00Z,2026-10-25T00:00:00Z,2026-10-25T01:00:00Z",
    "HOUR,Europe/Berlin,2026-10-25T01:30:00Z,2026-10-25T01:00:00Z,2026-10-25T02:00:00Z",
    "HOUR,Europe/Berlin,2026-03-29T00:30:00Z,2026-03-29T00:00:00Z,2026-03-29T01:00:00Z",
    "WEEK,Europe/Berlin,2026-03-29T12:00:00Z,2026-03-22T23:00:00Z,2026-03-29T22:00:00Z",
    "MONTH,Europe/Berlin,2026-03-29T12:00:00Z,2026-02-28T23:00:00Z,2026-03-31T22:00:00Z",
    "DAY,America/New_York,2026-03-08T12:00:00Z,2026-03-08T05:00:00Z,2026-03-09T04:00:00Z",
    "DAY,America/New_York,2026-11-01T12:00:00Z,2026-11-01T04:00:00Z,2026-11-02T05:00:00Z",
    // Thirty minutes only: an hour of ninety minutes, and one of thirty.
    "HOUR,Australia/Lord_Howe,2026-04-04T15:15:00Z,2026-04-04T14:00:00Z,2026-04-04T15:30:00Z",
    "HOUR,Australia/Lord_Howe,2026-04-04T14:15:00Z,2026-04-04T14:00:00Z,2026-04-04T15:30:00Z",
    "HOUR,Australia/Lord_Howe,2026-10-03T15:45:00Z,2026-10-03T15:30:00Z,2026-10-03T16:00:00Z",
    "DAY,Australia/Lord_Howe,2026-10-03T18:00:00Z,2026-10-03T13:30:00Z,2026-10-04T13:00:00Z",
    // A quarter of an hour.
    "DAY,Asia/Kathmandu,2026-05-05T12:00:00Z,2026-05-04T18:15:00Z,2026-05-05T18:15:00Z",
    "HOUR,Asia/Kathmandu,2026-05-05T12:20:00Z,2026-05-05T12:15:00Z,2026-05-05T13:15:00Z",
    // A day that never was: the 30th of December 2011.
    "DAY,Pacific/Apia,2011-12-30T09:00:00Z,2011-12-29T10:00:00Z,2011-12-30T10:00:00Z",
    "DAY,Pacific/Apia,2011-12-30T11:00:00Z,2011-12-30T10:00:00Z,2011-12-31T10:00:00Z",
    "WEEK,Pacific/Apia,2011-12-30T11:00:00Z,2011-12-26T10:00:00Z,2012-01-01T10:00:00Z",
    // Clocks change at midnight: the day begins at one; the day before has 25 hours.
    "DAY,Africa/Cairo,2026-04-24T12:00:00Z,2026-04-23T22:00:00Z,2026-04-24T21:00:00Z",
    "DAY,Africa/Cairo,2026-10-29T12:00:00Z,2026-10-28T21:00:00Z,2026-10-29T22:00:00Z",
    "DAY,America/Asuncion,2023-10-01T12:00:00Z,2023-10-01T04:00:00Z,2023-10-02T03:00:00Z",
    "DAY,America/Asuncion,2024-03-23T12:00:00Z,2024-03-23T03:00:00Z,2024-03-24T04:00:00Z",
    "MONTH,America/Asuncion,2023-10-15T12:00:00Z,2023-10-01T04:00:00Z,2023-11-01T03:00:00Z",
    "DAY,America/Havana,2026-11-01T04:30:00Z,2026-11-01T04:00:00Z,2026-11-02T05:00:00Z",
    "DAY,America/Havana,2026-11-01T05:30:00Z,2026-11-01T04:00:00Z,2026-11-02T05:00:00Z",
    // Leap days and the ends of years.
    "MONTH,UTC,2028-02-29T12:00:00Z,2028-02-01T00:00:00Z,2028-03-01T00:00:00Z",
    "DAY,UTC,2028-02-29T12:00:00Z,2028-02-29T00:00:00Z,2028-03-01T00:00:00Z",
    "MONTH,UTC,2027-02-28T23:59:59Z,2027-02-01T00:00:00Z,2027-03-01T00:00:00Z",
    "MONTH,Asia/Tokyo,2026-12-31T15:00:00Z,2026-12-31T15:00:00Z,2027-01-31T15:00:00Z",
    "WEEK,UTC,2026-12-31T23:59:59Z,2026-12-28T00:00:00Z,2027-01-04T00:00:00Z",
  })
  void aCalendarWindowIsThatOfThePlace(
      Unit unit, ZoneId zone, Instant now, Instant start, Instant end) {
    BudgetWindow window = new Calendar(unit, zone);
    assertThat(instant(window.firstSlot(micros(now)) * SLOT)).isEqualTo(start);
    assertThat(instant(window.endOf(Math.floorDiv(micros(now), SLOT)))).isEqualTo(end);
    assertThat(instant(window.endOf(micros(start) / SLOT))).isEqualTo(end);
    assertThat(instant(window.endOf(micros(end) / SLOT - 1))).isEqualTo(end);
  }

  @Test
  void endOfIsExactlyWhenASlotStopsCounting() {
    List<String> zones = ZoneId.getAvailableZoneIds().stream().sorted().toList();
    Seeds.check(
        20_000,
        random -> {
          ZoneId zone = ZoneId.of(zones.get(random.nextInt(zones.size())));
          Unit unit = List.of(Unit.values()).get(random.nextInt(Unit.values().length));
          BudgetWindow window =
              random.nextInt(4) == 0 ? new Rolling(unit) : new Calendar(unit, zone);
          long slot = Math.floorDiv(micros(moment(zone, random)), SLOT);
          String what = window + " slot " + instant(slot * SLOT);
          long end = window.endOf(slot);
          assertThat(window.firstSlot(slot * SLOT)).as(what).isLessThanOrEqualTo(slot);
          assertThat(window.firstSlot(end - 1)).as(what).isLessThanOrEqualTo(slot);
          assertThat(window.firstSlot(end)).as(what).isGreaterThan(slot);
          long between = slot * SLOT + random.nextLong(end - slot * SLOT);
          assertThat(window.firstSlot(between)).as(what).isLessThanOrEqualTo(slot);
        });
  }

  @Test
  void aCalendarWindowBeginsAtASlot() {
    Seeds.check(
        5_000,
        random -> {
          List<String> zones = ZoneId.getAvailableZoneIds().stream().sorted().toList();
          ZoneId zone = ZoneId.of(zones.get(random.nextInt(zones.size())));
          Instant now = moment(zone, random);
          Instant first = instant(new Calendar(Unit.DAY, zone).firstSlot(micros(now)) * SLOT);
          LocalDateTime start = LocalDateTime.ofInstant(first, zone);
          assertThat(start.toLocalDate())
              .isEqualTo(LocalDateTime.ofInstant(now, zone).toLocalDate());
          assertThat(first.atZone(zone).toLocalDate().atStartOfDay(zone).toInstant())
              .isEqualTo(first);
        });
  }

  @Test
  void aRollingWindowIsNeverShortAndLongByLessThanASlot() {
    Seeds.check(
        5_000,
        random -> {
          Unit unit = List.of(Unit.values()).get(random.nextInt(Unit.values().length));
          long now = micros(FROM) + random.nextLong(micros(TO) - micros(FROM));
          long begins = now - length(unit).toNanos() / 1_000;
          long first = new Rolling(unit).firstSlot(now) * SLOT;
          assertThat(first).isLessThanOrEqualTo(begins).isGreaterThan(begins - SLOT);
        });
  }

  @Test
  void aTotalCountsEverythingForEver() {
    assertThat(new Total().firstSlot(micros(FROM))).isEqualTo(Long.MIN_VALUE);
    assertThat(new Total().endOf(0)).isEqualTo(Long.MAX_VALUE);
  }

  private static Duration length(Unit unit) {
    return switch (unit) {
      case HOUR -> Duration.ofHours(1);
      case DAY -> Duration.ofDays(1);
      case WEEK -> Duration.ofDays(7);
      case MONTH -> Duration.ofDays(30);
    };
  }

  /** A moment of these years, every other time one within a day of a change of clocks. */
  private static Instant moment(ZoneId zone, RandomGenerator random) {
    Instant any = FROM.plusSeconds(random.nextLong(ChronoUnit.SECONDS.between(FROM, TO)));
    ZoneOffsetTransition change = zone.getRules().nextTransition(any);
    return change == null || random.nextBoolean()
        ? any
        : change.getInstant().plusSeconds(random.nextInt(-86_400, 86_400));
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}

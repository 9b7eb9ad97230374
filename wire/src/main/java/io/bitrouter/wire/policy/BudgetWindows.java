package io.bitrouter.wire.policy;

import io.bitrouter.core.policy.BudgetWindow;
import io.bitrouter.core.policy.BudgetWindow.Unit;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A budget's window as the members {@code window} and {@code period}. {@code window} is one of
 * three words for ever, because clients decode a closed set; what they cannot say is in {@code
 * period}.
 */
final class BudgetWindows {

  private static final List<String> WORDS = List.of("day", "month", "total");
  private static final List<String> PERIOD = List.of("unit", "align", "time_zone");

  private enum Align {
    ROLLING,
    CALENDAR
  }

  private BudgetWindows() {}

  static BudgetWindow read(SpecObject spec) {
    String word = spec.text("window").orElseThrow(() -> spec.fault("window", "is required"));
    if (!WORDS.contains(word)) {
      throw spec.fault("window", "must be one of " + String.join(", ", WORDS));
    }
    Optional<JsonNode> period = spec.member("period");
    if (period.isEmpty()) {
      return switch (word) {
        case "day" -> new BudgetWindow.Rolling(Unit.DAY);
        case "month" -> new BudgetWindow.Rolling(Unit.MONTH);
        default -> new BudgetWindow.Total();
      };
    }
    BudgetWindow window = period(SpecObject.of(period.get(), spec.pathOf("period"), PERIOD));
    if (!word(window).equals(word)) {
      throw spec.fault("window", "must be \"" + word(window) + "\" with this period");
    }
    return window;
  }

  private static BudgetWindow period(SpecObject period) {
    Unit unit =
        period.word("unit", Unit.class).orElseThrow(() -> period.fault("unit", "is required"));
    Align align =
        period.word("align", Align.class).orElseThrow(() -> period.fault("align", "is required"));
    Optional<String> zone = period.text("time_zone");
    return switch (align) {
      case ROLLING -> {
        if (zone.isPresent()) {
          throw period.fault("time_zone", "means nothing to a rolling period; leave it out");
        }
        yield new BudgetWindow.Rolling(unit);
      }
      case CALENDAR -> calendar(unit, zone.orElse("UTC"));
    };
  }

  private static BudgetWindow calendar(Unit unit, String zone) {
    return ZoneId.getAvailableZoneIds().contains(zone)
        ? new BudgetWindow.Calendar(unit, ZoneId.of(zone))
        : new BudgetWindow.UnknownZone(unit, zone);
  }

  /** The one of the three words that is closest. */
  static String word(BudgetWindow window) {
    return switch (window) {
      case BudgetWindow.Rolling(Unit unit) -> word(unit);
      case BudgetWindow.Calendar(Unit unit, ZoneId unused) -> word(unit);
      case BudgetWindow.UnknownZone(Unit unit, String unused) -> word(unit);
      case BudgetWindow.Total unused -> "total";
    };
  }

  private static String word(Unit unit) {
    return switch (unit) {
      case HOUR, DAY -> "day";
      case WEEK, MONTH -> "month";
    };
  }

  static void write(BudgetWindow window, ObjectNode spec) {
    spec.put("window", word(window));
    switch (window) {
      case BudgetWindow.Rolling(Unit unit) -> {
        if (unit == Unit.HOUR || unit == Unit.WEEK) {
          spec.putObject("period").put("unit", Words.of(unit)).put("align", "rolling");
        }
      }
      case BudgetWindow.Calendar(Unit unit, ZoneId zone) -> write(unit, zone.getId(), spec);
      case BudgetWindow.UnknownZone(Unit unit, String zone) -> write(unit, zone, spec);
      case BudgetWindow.Total unused -> {
        // The word says it all.
      }
    }
  }

  private static void write(Unit unit, String zone, ObjectNode spec) {
    spec.putObject("period")
        .put("unit", Words.of(unit))
        .put("align", "calendar")
        .put("time_zone", zone);
  }
}

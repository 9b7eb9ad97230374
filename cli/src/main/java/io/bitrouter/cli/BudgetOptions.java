package io.bitrouter.cli;

import io.bitrouter.wire.control.Budgets.BudgetPeriod;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/**
 * What a budget says, as people type it. Everything is optional here; a create needs some of it.
 */
final class BudgetOptions {
  enum Window {
    day,
    month,
    total
  }

  enum Unit {
    hour,
    day,
    week,
    month
  }

  enum Mode {
    metered,
    strict
  }

  enum Unpriced {
    deny,
    ceiling,
    allow
  }

  /** The limit in either form. */
  static final class Limit {
    @Option(
        names = "--limit",
        paramLabel = "'$AMOUNT'",
        description = "The limit in dollars, such as '$5' or '$0.02', in single quotes.")
    @Nullable Money dollars;

    @Option(
        names = "--limit-micro-usd",
        paramLabel = "N",
        description = "The limit in millionths of a dollar.")
    @Nullable Long microUsd;
  }

  @ArgGroup(exclusive = true)
  @Nullable Limit limit;

  @Option(
      names = "--window",
      paramLabel = "WINDOW",
      description = "day (the last 24 hours), month (the last 30 days) or total (for ever).")
  @Nullable Window window;

  @Option(
      names = {"--per", "--period"},
      paramLabel = "UNIT",
      description = "Instead of --window: ${COMPLETION-CANDIDATES}.")
  @Nullable Unit per;

  @Option(
      names = "--calendar",
      description = "With --per: the calendar's, not the last so and so many hours.")
  boolean calendar;

  @Option(
      names = "--tz",
      paramLabel = "ZONE",
      description = "With --calendar: time zone, such as Europe/Berlin (default UTC).")
  Optional<String> zone = Optional.empty();

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description =
          "metered (default: holds what a request is likely to need) or strict (holds the worst it"
              + " can cost: never overspent).")
  @Nullable Mode mode;

  @Option(
      names = "--unpriced",
      paramLabel = "WORD",
      description =
          "Models without a price: deny (default), ceiling (charge the dearest) or allow (free).")
  @Nullable Unpriced unpriced;

  Optional<Long> limitMicroUsd() {
    if (limit == null) {
      return Optional.empty();
    }
    return limit.dollars == null
        ? Optional.ofNullable(limit.microUsd)
        : Optional.of(limit.dollars.microUsd());
  }

  /**
   * The window on the wire, which beside a period is the nearest of the three that all clients
   * know.
   *
   * @throws Failure when the options contradict each other
   */
  Optional<String> window() {
    if (window != null && per != null) {
      throw Failure.of(Exit.USAGE, "give --window or --per, not both");
    }
    if (per == null && calendar) {
      throw Failure.of(Exit.USAGE, "--calendar needs --per hour, day, week or month");
    }
    if (zone.isPresent() && !calendar) {
      throw Failure.of(
          Exit.USAGE, "--tz needs --calendar: a rolling window is the same in every time zone");
    }
    if (per == null) {
      return Optional.ofNullable(window).map(Window::name);
    }
    return Optional.of(
        switch (per) {
          case hour, day -> "day";
          case week, month -> "month";
        });
  }

  Optional<BudgetPeriod> period() {
    return Optional.ofNullable(per)
        .map(unit -> new BudgetPeriod(unit.name(), calendar ? "calendar" : "rolling", zone));
  }

  Optional<String> mode() {
    return Optional.ofNullable(mode).map(Mode::name);
  }

  Optional<String> unpriced() {
    return Optional.ofNullable(unpriced).map(Unpriced::name);
  }
}

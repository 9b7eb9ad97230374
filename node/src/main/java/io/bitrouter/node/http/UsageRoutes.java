package io.bitrouter.node.http;

import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.store.ControlStore;
import io.bitrouter.core.store.NamespaceView;
import io.bitrouter.core.store.NodeView;
import io.bitrouter.core.store.UsageQuery;
import io.bitrouter.core.store.UsageQuery.Grouping;
import io.bitrouter.core.store.UsageTotals;
import io.bitrouter.wire.control.Usage.NamespaceUsage;
import io.bitrouter.wire.control.Usage.NodeUsageReport;
import io.bitrouter.wire.control.Usage.UsageGroup;
import io.bitrouter.wire.control.Usage.UsageReport;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/** Sums of what was used: of a namespace, of all of them for operators. */
record UsageRoutes(ControlStore store, Ticker ticker) {

  private static final Duration DEFAULT_RANGE = Duration.ofDays(30);
  private static final Duration LONGEST_RANGE = Duration.ofDays(3_660);
  private static final Duration LONGEST_BY_HOUR = Duration.ofDays(100);

  /** From one moment to another, the second left out. */
  record Range(Instant from, Instant to) {
    long fromMicros() {
      return Bodies.micros(from);
    }

    long toMicros() {
      return Bodies.micros(to);
    }
  }

  Outcome<Object> usage(ControlRequest request) {
    return range(request, ticker)
        .then(range ->
            grouping(request, range)
                .map(grouping -> {
                  NamespaceView view = store.open(request.key().grant());
                  UsageQuery query =
                      new UsageQuery(range.fromMicros(), range.toMicros(), filter(request));
                  return report(
                      range,
                      view.usage(query),
                      grouping.map(by ->
                          view.usage(query, by).stream().map(one -> group(one, by)).toList()));
                }));
  }

  Outcome<Object> byNamespace(ControlRequest request) {
    String group = request.exchange().query("group_by").orElse("namespace");
    if (!group.equals("namespace")) {
      return ControlRequest.invalid("group_by", "group_by can be namespace");
    }
    return range(request, ticker)
        .map(range ->
            new NodeUsageReport(
                range.from(),
                range.to(),
                store
                    .openNode(request.operator().grant())
                    .usageByNamespace(range.fromMicros(), range.toMicros())
                    .stream()
                    .map(UsageRoutes::line)
                    .toList()));
  }

  /** The requests that the query parameters mean. */
  static UsageQuery.Filter filter(ControlRequest request) {
    return new UsageQuery.Filter(
        request.exchange().query("model"),
        request.exchange().query("provider"),
        request.exchange().query("key"),
        request.exchange().query("root_key"));
  }

  private static Outcome<Optional<Grouping>> grouping(ControlRequest request, Range range) {
    String zoneName = request.exchange().query("tz").orElse("UTC");
    if (!ZoneId.getAvailableZoneIds().contains(zoneName)) {
      return ControlRequest.invalid("tz", "tz must be an IANA time zone such as Europe/Berlin");
    }
    ZoneId zone = ZoneId.of(zoneName);
    Optional<String> word = request.exchange().query("group_by");
    if (word.isEmpty()) {
      return Outcome.done(Optional.empty());
    }
    return switch (word.get()) {
      case "model" -> Outcome.done(Optional.of(new Grouping.ByModel()));
      case "provider" -> Outcome.done(Optional.of(new Grouping.ByProvider()));
      case "key" -> Outcome.done(Optional.of(new Grouping.ByKey()));
      case "root_key" -> Outcome.done(Optional.of(new Grouping.ByRootKey()));
      case "day" -> Outcome.done(Optional.of(new Grouping.ByDay(zone)));
      case "hour" ->
          range.from().plus(LONGEST_BY_HOUR).isBefore(range.to())
              ? ControlRequest.invalid(
                  "group_by", "from and to may be 100 days apart with group_by=hour")
              : Outcome.done(Optional.of(new Grouping.ByHour(zone)));
      default ->
          ControlRequest.invalid(
              "group_by", "group_by must be one of model, provider, key, root_key, day, hour");
    };
  }

  /** The range that {@code from} and {@code to} ask for, the last 30 days without them. */
  static Outcome<Range> range(ControlRequest request, Ticker ticker) {
    Instant now = Bodies.instant(ticker.epochMicros()).plusMillis(1);
    return request
        .time("to", now)
        .then(to -> request.time("from", to.minus(DEFAULT_RANGE)).then(from -> checked(from, to)));
  }

  private static Outcome<Range> checked(Instant from, Instant to) {
    if (!from.isBefore(to)) {
      return ControlRequest.invalid("from", "from is not before to");
    }
    if (from.plus(LONGEST_RANGE).isBefore(to)) {
      return ControlRequest.invalid("from", "from and to are more than ten years apart");
    }
    return Outcome.done(new Range(from, to));
  }

  private static UsageReport report(
      Range range, UsageTotals totals, Optional<List<UsageGroup>> groups) {
    return new UsageReport(
        range.from(),
        range.to(),
        totals.spendMicroUsd(),
        totals.promptTokens(),
        totals.completionTokens(),
        totals.requestCount(),
        totals.deniedCount(),
        groups);
  }

  private static UsageGroup group(UsageQuery.Group group, Grouping by) {
    boolean timed = by instanceof Grouping.ByDay || by instanceof Grouping.ByHour;
    UsageTotals totals = group.totals();
    return new UsageGroup(
        group.name(),
        timed ? Optional.of(Bodies.instant(group.fromMicros())) : Optional.empty(),
        timed ? Optional.of(Bodies.instant(group.toMicros())) : Optional.empty(),
        totals.spendMicroUsd(),
        totals.promptTokens(),
        totals.completionTokens(),
        totals.requestCount(),
        totals.deniedCount());
  }

  private static NamespaceUsage line(NodeView.NamespaceUsage usage) {
    UsageTotals totals = usage.totals();
    return new NamespaceUsage(
        usage.namespace().id().text(),
        usage.namespace().name(),
        usage.deleted(),
        totals.spendMicroUsd(),
        totals.promptTokens(),
        totals.completionTokens(),
        totals.requestCount(),
        totals.deniedCount());
  }
}

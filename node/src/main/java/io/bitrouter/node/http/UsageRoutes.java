package io.bitrouter.node.http;

import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.core.store.ControlStore;
import io.bitrouter.core.store.NodeView;
import io.bitrouter.core.store.UsageTotals;
import io.bitrouter.wire.control.NamespaceUsage;
import io.bitrouter.wire.control.NodeUsageReport;
import io.bitrouter.wire.control.RequestPage;
import io.bitrouter.wire.control.UsageReport;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What was used: sums and rows of a namespace, sums of all for operators. */
final class UsageRoutes {

  private static final Duration DEFAULT_RANGE = Duration.ofDays(30);
  private static final Duration LONGEST_RANGE = Duration.ofDays(3_660);
  private static final long DEFAULT_LIMIT = 25;
  private static final long LARGEST_LIMIT = 100;
  private static final long LARGEST_OFFSET = 1_000_000_000L;

  private final ControlStore store;
  private final Ticker ticker;

  UsageRoutes(ControlStore store, Ticker ticker) {
    this.store = store;
    this.ticker = ticker;
  }

  private record Range(Instant from, Instant to) {
    long fromMicros() {
      return Bodies.micros(from);
    }

    long toMicros() {
      return Bodies.micros(to);
    }
  }

  Outcome<Object> usage(ControlRequest request) {
    return range(request)
        .map(range -> {
          UsageTotals totals =
              store.open(request.key().grant()).usage(range.fromMicros(), range.toMicros());
          return new UsageReport(
              range.from(),
              range.to(),
              totals.spendMicroUsd(),
              totals.promptTokens(),
              totals.completionTokens(),
              totals.requestCount(),
              totals.deniedCount(),
              Optional.empty());
        });
  }

  Outcome<Object> requests(ControlRequest request) {
    return request
        .number("limit", DEFAULT_LIMIT)
        .then(limit -> request.number("offset", 0).map(offset -> page(request, limit, offset)));
  }

  Outcome<Object> byNamespace(ControlRequest request) {
    String group = request.exchange().query("group_by").orElse("namespace");
    if (!group.equals("namespace")) {
      return ControlRequest.invalid("group_by", "group_by can be namespace");
    }
    return range(request)
        .map(range ->
            new NodeUsageReport(
                range.from(),
                range.to(),
                store
                    .openNode(request.operator().grant())
                    .usageByNamespace(range.fromMicros(), range.toMicros())
                    .stream()
                    .map(UsageRoutes::group)
                    .toList()));
  }

  private RequestPage page(ControlRequest request, long asked, long askedOffset) {
    long limit = Math.clamp(asked, 1, LARGEST_LIMIT);
    long offset = Math.min(askedOffset, LARGEST_OFFSET);
    return new RequestPage(
        store.open(request.key().grant()).requests((int) limit, offset).stream()
            .map(Bodies::row)
            .toList(),
        limit,
        offset,
        Optional.empty());
  }

  private Outcome<Range> range(ControlRequest request) {
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

  private static NamespaceUsage group(NodeView.NamespaceUsage usage) {
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

package io.bitrouter.core.admission;

import io.bitrouter.core.admission.RateWindow.Counted;
import io.bitrouter.core.kernel.Money;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.policy.BudgetWindow;
import io.bitrouter.core.policy.Metered;
import io.bitrouter.core.policy.PolicySpec.Budget;
import io.bitrouter.core.policy.PolicySpec.RateLimit;
import io.bitrouter.core.policy.Source;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The words for a request that a limit keeps out. Amounts of a policy that is bound elsewhere than
 * to the caller's own key are told only to those who may read policies.
 */
final class LimitRefusals {

  private LimitRefusals() {}

  static Refusal budget(
      Metered<Budget> budget, AdmissionRequest request, long settled, long need, long freeMicros) {
    Source source = budget.source();
    String figures =
        mayTell(source, request)
            ? ": $%s of $%s %s, and this request needs $%s"
                .formatted(
                    Money.usdText(settled),
                    Money.usdText(budget.clause().limitNanoUsd()),
                    spoken(budget.clause().window()),
                    Money.usdText(need))
            : "";
    String later =
        freeMicros == Long.MAX_VALUE
            ? "nothing frees by itself"
            : "room frees at " + Instant.EPOCH.plus(freeMicros, ChronoUnit.MICROS);
    return Refusal.of(
            RefusalCode.BUDGET_EXCEEDED, "budget '" + source.policyName() + "' is spent" + figures)
        .withHint(
            later
                + "; to raise it: bitrouter cloud budget update "
                + source.policy()
                + " --limit '$…'")
        .withPolicy(source.policy().text());
  }

  static Refusal largerThanBudget(Metered<Budget> budget, AdmissionRequest request, long need) {
    Source source = budget.source();
    String figures =
        mayTell(source, request)
            ? " (it may cost $%s, the limit is $%s)"
                .formatted(Money.usdText(need), Money.usdText(budget.clause().limitNanoUsd()))
            : "";
    return Refusal.of(
            RefusalCode.EXCEEDS_LIMIT,
            "this request alone is more than all of budget '" + source.policyName() + "'" + figures)
        .withHint("send a smaller max_tokens or a shorter prompt, or raise the budget")
        .withPolicy(source.policy().text());
  }

  static Refusal unknownZone(Metered<Budget> budget, BudgetWindow.UnknownZone window) {
    Source source = budget.source();
    return Refusal.of(
            RefusalCode.BUDGET_EXCEEDED,
            "budget '"
                + source.policyName()
                + "' counts by the calendar of '"
                + window.zone()
                + "', a time zone that this node's Java does not know any more: nothing can be spent"
                + " under it")
        .withHint(
            "give the budget another time zone, or run the node on a Java that knows this one")
        .withPolicy(source.policy().text());
  }

  static Refusal contended(Metered<Budget> budget) {
    return Refusal.of(
            RefusalCode.BUDGET_CONTENDED,
            "requests in flight hold what is left of budget '"
                + budget.source().policyName()
                + "'; what they do not use is free again when they end")
        .withRetryAfter(1)
        .withPolicy(budget.source().policy().text());
  }

  static Refusal rate(
      Metered<RateLimit> limit, AdmissionRequest request, Counted what, long freeMicros) {
    Source source = limit.source();
    long most =
        (what == Counted.REQUESTS ? limit.clause().maxRequests() : limit.clause().maxTokens())
            .orElse(0);
    String figures =
        mayTell(source, request)
            ? ": %d %s in %d seconds"
                .formatted(
                    most,
                    switch (what) {
                      case REQUESTS -> "requests";
                      case DECLARED_TOKENS -> "declared output tokens";
                      case ACTUAL_TOKENS -> "tokens";
                    },
                    limit.clause().windowSecs())
            : "";
    return Refusal.of(
            RefusalCode.RATE_LIMITED,
            "rate limit '" + source.policyName() + "' is reached" + figures)
        .withRetryAfterMillis(Math.ceilDiv(freeMicros, 1_000))
        .withPolicy(source.policy().text());
  }

  static Refusal concurrency(Metered<RateLimit> limit, AdmissionRequest request) {
    Source source = limit.source();
    String figures =
        mayTell(source, request)
            ? ": %d requests in flight".formatted(limit.clause().maxConcurrent().orElse(0))
            : "";
    return Refusal.of(
            RefusalCode.CONCURRENCY_LIMITED,
            "rate limit '" + source.policyName() + "' is reached" + figures)
        .withHint("wait until one of the requests in flight has ended")
        .withRetryAfter(1)
        .withPolicy(source.policy().text());
  }

  static Refusal largerThanWindow(Metered<RateLimit> limit, AdmissionRequest request, long asked) {
    Source source = limit.source();
    String figures =
        mayTell(source, request)
            ? " (%d tokens declared, %d allowed in %d seconds)"
                .formatted(asked, limit.clause().maxTokens().orElse(0), limit.clause().windowSecs())
            : "";
    return Refusal.of(
            RefusalCode.EXCEEDS_LIMIT,
            "this request alone is more than rate limit '"
                + source.policyName()
                + "' allows in a whole window"
                + figures)
        .withHint("send a smaller max_tokens")
        .withParam("max_tokens")
        .withPolicy(source.policy().text());
  }

  /** Whether the caller may know the amounts of a policy. */
  static boolean mayTell(Source source, AdmissionRequest request) {
    return source.tellsAmounts(request.key(), request.showAmounts());
  }

  private static String spoken(BudgetWindow window) {
    return switch (window) {
      case BudgetWindow.Rolling(BudgetWindow.Unit unit) ->
          switch (unit) {
            case HOUR -> "in the last hour";
            case DAY -> "in the last 24 hours";
            case WEEK -> "in the last 7 days";
            case MONTH -> "in the last 30 days";
          };
      case BudgetWindow.Calendar(BudgetWindow.Unit unit, java.time.ZoneId zone) ->
          "this %s (%s)".formatted(unit.name().toLowerCase(java.util.Locale.ROOT), zone);
      case BudgetWindow.UnknownZone(BudgetWindow.Unit unit, String zone) ->
          "this %s (%s)".formatted(unit.name().toLowerCase(java.util.Locale.ROOT), zone);
      case BudgetWindow.Total unused -> "in all";
    };
  }
}

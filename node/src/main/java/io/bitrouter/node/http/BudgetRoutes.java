package io.bitrouter.node.http;

import io.bitrouter.core.control.BudgetService;
import io.bitrouter.core.control.BudgetService.Explanation;
import io.bitrouter.core.control.BudgetService.Standing;
import io.bitrouter.core.control.BudgetService.Status;
import io.bitrouter.core.control.PolicyService;
import io.bitrouter.core.credential.NamespaceGrant;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.policy.PolicyId;
import io.bitrouter.core.policy.Principal;
import io.bitrouter.wire.control.Budgets.BillingBalance;
import io.bitrouter.wire.control.Budgets.BudgetExplanation;
import io.bitrouter.wire.control.Budgets.BudgetStatus;
import io.bitrouter.wire.policy.PolicySpecs;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** How budgets stand. */
record BudgetRoutes(BudgetService budgets, PolicyService policies) {

  Outcome<Object> status(ControlRequest request) {
    return budgets
        .status(request.key().grant(), new PolicyId(request.param("id")))
        .map(BudgetRoutes::status);
  }

  Outcome<Object> explain(ControlRequest request) {
    NamespaceGrant grant = request.key().grant();
    return principal(request)
        .then(principal ->
            request
                .limit()
                .then(limit ->
                    request
                        .cursor()
                        .then(cursor ->
                            budgets.explain(
                                grant,
                                new PolicyId(request.param("id")),
                                principal,
                                limit,
                                cursor))))
        .map(BudgetRoutes::explanation);
  }

  Outcome<Object> balance(ControlRequest request) {
    Optional<Status> total = budgets.total(request.key().grant());
    if (total.isEmpty()) {
      return Outcome.refused(
          Refusal.of(RefusalCode.NOT_FOUND, "this namespace has no total budget to reckon against")
              .withHint(
                  "'bitrouter cloud budget create --name all --window total --limit-micro-usd"
                      + " 100000000' makes one"));
    }
    Standing standing = total.get().standings().getFirst();
    long balance = total.get().budget().limitMicroUsd() - standing.settled();
    return Outcome.done(
        new BillingBalance(
            balance, standing.reserved(), Math.max(0, balance - standing.reserved()), "USD"));
  }

  private Outcome<Optional<Principal>> principal(ControlRequest request) {
    Optional<String> type = request.exchange().query("principal_type");
    Optional<String> id = request.exchange().query("principal_id");
    if (type.isEmpty() && id.isEmpty()) {
      return Outcome.done(Optional.empty());
    }
    if (type.isEmpty() || id.isEmpty()) {
      return ControlRequest.invalid(
          "principal_type", "principal_type and principal_id are given together or not at all");
    }
    return policies.principal(request.key().grant(), type.get(), id.get()).map(Optional::of);
  }

  private static BudgetStatus status(Status status) {
    JsonNode spec = PolicySpecs.tree(status.budget());
    long limit = status.budget().limitMicroUsd();
    List<BudgetStatus.Binding> bindings =
        status.standings().stream().map(BudgetRoutes::binding).toList();
    Optional<BudgetStatus.Binding> worst = bindings.stream().findFirst();
    return new BudgetStatus(
        status.policy().id().text(),
        status.policy().name(),
        spec.path("window").asString(),
        PolicyBodies.period(spec),
        spec.path("mode").asString(),
        limit,
        worst.map(BudgetStatus.Binding::settledMicroUsd).orElse(0L),
        worst.map(BudgetStatus.Binding::reservedMicroUsd).orElse(0L),
        worst.map(BudgetStatus.Binding::worstCaseMicroUsd).orElse(0L),
        worst.map(BudgetStatus.Binding::remainingMicroUsd).orElse(0L),
        worst.map(BudgetStatus.Binding::burnRateMicroUsdPerHour).orElse(0L),
        worst.flatMap(BudgetStatus.Binding::projectedExhaustionAt),
        worst.flatMap(BudgetStatus.Binding::nextFreeAt),
        bindings,
        warnings(status));
  }

  private static Optional<List<String>> warnings(Status status) {
    if (status.standings().isEmpty()) {
      return Optional.of(List.of("the budget is bound to nothing and has no effect"));
    }
    return status.policy().enabled()
        ? Optional.empty()
        : Optional.of(List.of("the budget is disabled and has no effect"));
  }

  private static BudgetStatus.Binding binding(Standing standing) {
    Principal principal = standing.binding().principal();
    return new BudgetStatus.Binding(
        standing.binding().id().text(),
        principal.kind().text(),
        principal.id(),
        Bodies.instant(standing.fromMicros()),
        standing.settled(),
        standing.reserved(),
        standing.settled() + standing.reserved(),
        standing.remaining(),
        standing.burnPerHour(),
        Bodies.instant(standing.exhaustedAtMicros()),
        Bodies.instant(standing.nextFreeMicros()));
  }

  private static BudgetExplanation explanation(Explanation explanation) {
    return new BudgetExplanation(
        explanation.policy().id().text(),
        explanation.policy().name(),
        explanation.principal().kind().text(),
        explanation.principal().id(),
        Bodies.instant(explanation.fromMicros()),
        Bodies.instant(explanation.nowMicros()),
        explanation.settledNanoUsd(),
        explanation.settledNanoUsd() / 1_000,
        explanation.rows().stream().map(Bodies::row).toList(),
        explanation.next().map(Object::toString));
  }
}

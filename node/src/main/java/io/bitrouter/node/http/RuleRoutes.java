package io.bitrouter.node.http;

import io.bitrouter.core.credential.Scope;
import io.bitrouter.node.http.Route.IdKind;
import io.bitrouter.wire.control.BillingBalance;
import io.bitrouter.wire.control.BudgetChange;
import io.bitrouter.wire.control.BudgetDraft;
import io.bitrouter.wire.control.BudgetExplanation;
import io.bitrouter.wire.control.BudgetInfo;
import io.bitrouter.wire.control.BudgetList;
import io.bitrouter.wire.control.BudgetStatus;
import io.bitrouter.wire.control.Deleted;
import io.bitrouter.wire.control.EffectivePolicies;
import io.bitrouter.wire.control.PolicyBindingList;
import io.bitrouter.wire.control.PolicyBound;
import io.bitrouter.wire.control.PolicyChange;
import io.bitrouter.wire.control.PolicyDisabled;
import io.bitrouter.wire.control.PolicyDraft;
import io.bitrouter.wire.control.PolicyInfo;
import io.bitrouter.wire.control.PolicyList;
import io.bitrouter.wire.control.PolicyUnbound;
import io.bitrouter.wire.control.PresetChange;
import io.bitrouter.wire.control.PresetDraft;
import io.bitrouter.wire.control.PresetInfo;
import io.bitrouter.wire.control.PresetList;
import io.bitrouter.wire.control.PrincipalRef;
import java.util.function.Consumer;

/** The routes of a namespace's rules: policies of all kinds, budgets, presets. */
final class RuleRoutes {

  private static final String NS = "/v1/namespaces/{nsid}";

  private static final String POLICY =
      """
      {"name":"small answers","kind":"guardrail","spec":{"max_request_tokens":4096}}\
      """;
  private static final String BUDGET =
      """
      {"name":"daily-cap","window":"day","limit_micro_usd":5000000}\
      """;

  private final Consumer<Route> routes;

  RuleRoutes(Consumer<Route> routes) {
    this.routes = routes;
  }

  void add(RouteTable.Handlers handlers) {
    policies(handlers.policies());
    bindings(handlers.policies());
    budgets(handlers.bundles(), handlers.budgets());
    presets(handlers.bundles());
  }

  private RouteDraft get(String path, String summary) {
    return new RouteDraft("GET", path, summary, routes);
  }

  private RouteDraft post(String path, String summary) {
    return new RouteDraft("POST", path, summary, routes);
  }

  private RouteDraft put(String path, String summary) {
    return new RouteDraft("PUT", path, summary, routes);
  }

  private RouteDraft delete(String path, String summary) {
    return new RouteDraft("DELETE", path, summary, routes);
  }

  private void policies(PolicyRoutes policies) {
    String all = NS + "/policies";
    String one = all + "/{id}";
    get(all, "Policies of all kinds or of one")
        .key(Scope.POLICY_READ)
        .query("kind")
        .answers(PolicyList.class)
        .by(policies::list);
    post(all, "Create a policy; without bind it has no effect yet")
        .key(Scope.POLICY_WRITE)
        .makes()
        .body(PolicyDraft.class, POLICY)
        .answers(PolicyInfo.class)
        .by(policies::create);
    get(all + "/effective", "Everything that applies to a principal, with its sources")
        .key(Scope.POLICY_READ)
        .query("principal_type", "principal_id")
        .answers(EffectivePolicies.class)
        .by(policies::effective);
    get(one, "One policy")
        .key(Scope.POLICY_READ)
        .id("id", IdKind.POLICY)
        .answers(PolicyInfo.class)
        .by(policies::show);
    put(one, "Change name or spec; the kind stays")
        .key(Scope.POLICY_WRITE)
        .id("id", IdKind.POLICY)
        .changes()
        .body(PolicyChange.class, "{\"name\":\"other\"}")
        .answers(PolicyInfo.class)
        .by(policies::update);
    delete(one, "Delete a policy with its bindings")
        .key(Scope.POLICY_WRITE)
        .id("id", IdKind.POLICY)
        .changes()
        .answers(Deleted.class)
        .by(policies::delete);
    post(one + "/disable", "Let a policy have no effect")
        .key(Scope.POLICY_WRITE)
        .id("id", IdKind.POLICY)
        .changes()
        .answers(PolicyDisabled.class)
        .by(policies::disable);
    post(one + "/enable", "Let a policy act again")
        .key(Scope.POLICY_WRITE)
        .id("id", IdKind.POLICY)
        .changes()
        .answers(PolicyDisabled.class)
        .by(policies::enable);
  }

  private void bindings(PolicyRoutes policies) {
    String one = NS + "/policies/{id}";
    post(one + "/bind", "Bind a policy to the namespace or a key; again is the same binding")
        .key(Scope.POLICY_WRITE)
        .id("id", IdKind.POLICY)
        .makes()
        .body(PrincipalRef.class, "{\"principal_type\":\"namespace\",\"principal_id\":\"me\"}")
        .answers(PolicyBound.class)
        .by(policies::bind);
    delete(one + "/bind/{binding_id}", "Take a binding back")
        .key(Scope.POLICY_WRITE)
        .id("id", IdKind.POLICY)
        .id("binding_id", IdKind.BINDING)
        .changes()
        .answers(PolicyUnbound.class)
        .by(policies::unbind);
    get(one + "/bindings", "What a policy is bound to")
        .key(Scope.POLICY_READ)
        .id("id", IdKind.POLICY)
        .answers(PolicyBindingList.class)
        .by(policies::bindings);
    get(NS + "/principals/{type}/{id}/policies", "The policies bound to exactly this principal")
        .key(Scope.POLICY_READ)
        .id("type", IdKind.PRINCIPAL_TYPE)
        .id("id", IdKind.PRINCIPAL)
        .answers(PolicyList.class)
        .by(policies::ofPrincipal);
  }

  private void budgets(BundleRoutes bundles, BudgetRoutes budgets) {
    String all = NS + "/budgets";
    String one = all + "/{id}";
    get(all, "Budgets").key(Scope.POLICY_READ).answers(BudgetList.class).by(bundles::budgets);
    post(all, "Create a budget; without bind it has no effect yet")
        .key(Scope.POLICY_WRITE)
        .makes()
        .body(BudgetDraft.class, BUDGET)
        .answers(BudgetInfo.class)
        .by(bundles::createBudget);
    get(one, "One budget")
        .key(Scope.POLICY_READ)
        .id("id", IdKind.BUDGET)
        .answers(BudgetInfo.class)
        .by(bundles::budget);
    put(one, "Change some members of a budget")
        .key(Scope.POLICY_WRITE)
        .id("id", IdKind.BUDGET)
        .changes()
        .body(BudgetChange.class, "{\"limit_micro_usd\":10000000}")
        .answers(BudgetInfo.class)
        .by(bundles::updateBudget);
    delete(one, "Delete a budget with its bindings")
        .key(Scope.POLICY_WRITE)
        .id("id", IdKind.BUDGET)
        .changes()
        .answers(Deleted.class)
        .by(bundles::deleteBudget);
    get(one + "/status", "How a budget stands where it is bound")
        .key(Scope.POLICY_READ)
        .id("id", IdKind.BUDGET)
        .answers(BudgetStatus.class)
        .by(budgets::status);
    get(one + "/explain", "The requests that a budget counts")
        .key(Scope.POLICY_READ, Scope.USAGE_READ)
        .id("id", IdKind.BUDGET)
        .query("principal_type", "principal_id", "limit", "cursor")
        .answers(BudgetExplanation.class)
        .by(budgets::explain);
    get("/v1/billing/balance", "What is left of the namespace's total budget")
        .key(Scope.BILLING_READ)
        .answers(BillingBalance.class)
        .by(budgets::balance);
  }

  private void presets(BundleRoutes bundles) {
    String all = NS + "/presets";
    String one = all + "/{id}";
    get(all, "Presets: policies that bundle the three others")
        .key(Scope.POLICY_READ)
        .answers(PresetList.class)
        .by(bundles::presets);
    post(all, "Create a preset; without bind it has no effect yet")
        .key(Scope.POLICY_WRITE)
        .makes()
        .body(
            PresetDraft.class,
            "{\"name\":\"e\",\"rate_limit\":{\"window_secs\":60,\"max_requests\":600}}")
        .answers(PresetInfo.class)
        .by(bundles::createPreset);
    get(one, "One preset")
        .key(Scope.POLICY_READ)
        .id("id", IdKind.PRESET)
        .answers(PresetInfo.class)
        .by(bundles::preset);
    put(one, "Change clauses of a preset, or clear them")
        .key(Scope.POLICY_WRITE)
        .id("id", IdKind.PRESET)
        .changes()
        .body(PresetChange.class, "{\"clear_budget\":true}")
        .answers(PresetInfo.class)
        .by(bundles::updatePreset);
    delete(one, "Delete a preset with its bindings")
        .key(Scope.POLICY_WRITE)
        .id("id", IdKind.PRESET)
        .changes()
        .answers(Deleted.class)
        .by(bundles::deletePreset);
  }
}

package io.bitrouter.node.http;

import io.bitrouter.core.credential.Scope;
import io.bitrouter.node.http.Route.Envelope;
import io.bitrouter.node.http.Route.IdKind;
import io.bitrouter.wire.control.ApiKeyInfo;
import io.bitrouter.wire.control.ApiKeyList;
import io.bitrouter.wire.control.AuditPage;
import io.bitrouter.wire.control.AuditVerification;
import io.bitrouter.wire.control.BillingBalance;
import io.bitrouter.wire.control.BlastRadius;
import io.bitrouter.wire.control.BudgetChange;
import io.bitrouter.wire.control.BudgetDraft;
import io.bitrouter.wire.control.BudgetExplanation;
import io.bitrouter.wire.control.BudgetInfo;
import io.bitrouter.wire.control.BudgetList;
import io.bitrouter.wire.control.BudgetStatus;
import io.bitrouter.wire.control.CredentialInfo;
import io.bitrouter.wire.control.Deleted;
import io.bitrouter.wire.control.EffectivePolicies;
import io.bitrouter.wire.control.EnterNamespace;
import io.bitrouter.wire.control.IssueOperator;
import io.bitrouter.wire.control.IssuedOperator;
import io.bitrouter.wire.control.KeyRevoked;
import io.bitrouter.wire.control.MintKey;
import io.bitrouter.wire.control.MintedKey;
import io.bitrouter.wire.control.NamespaceDeleted;
import io.bitrouter.wire.control.NamespaceDraft;
import io.bitrouter.wire.control.NamespaceInfo;
import io.bitrouter.wire.control.NamespaceList;
import io.bitrouter.wire.control.NamespaceSuspended;
import io.bitrouter.wire.control.NodeUsageReport;
import io.bitrouter.wire.control.OperatorList;
import io.bitrouter.wire.control.OperatorRevoked;
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
import io.bitrouter.wire.control.ReconcileRequest;
import io.bitrouter.wire.control.RequestPage;
import io.bitrouter.wire.control.RequestRow;
import io.bitrouter.wire.control.RotateKey;
import io.bitrouter.wire.control.SettlementReceipt;
import io.bitrouter.wire.control.UsageReport;
import java.util.ArrayList;
import java.util.List;

/** Every route of the node. What is not here is 404. */
final class RouteTable {

  private static final String NS = "/v1/namespaces/{nsid}";
  private static final String NODE_NS = "/v1/node/namespaces";
  private static final String MINT =
      "{\"display_name\":\"example\",\"scopes\":[\"inference:invoke\"]}";
  private static final String NAME = "{\"name\":\"example\"}";
  private static final String POLICY =
      """
      {"name":"small answers","kind":"guardrail","spec":{"max_request_tokens":4096}}\
      """;
  private static final String BUDGET =
      """
      {"name":"daily-cap","window":"day","limit_micro_usd":5000000}\
      """;
  private static final String[] REQUEST_FILTERS = {
    "limit",
    "offset",
    "cursor",
    "from",
    "to",
    "status",
    "model",
    "provider",
    "key",
    "root_key",
    "code",
    "charge_state",
    "client_request_id"
  };

  private final List<Route> routes = new ArrayList<>();

  private RouteTable() {}

  /** Everything that serves a route. */
  record Handlers(
      KeyRoutes keys,
      NamespaceRoutes namespaces,
      PolicyRoutes policies,
      BundleRoutes bundles,
      BudgetRoutes budgets,
      UsageRoutes usage,
      RequestRoutes requests,
      AuditRoutes audit,
      OperatorRoutes operators,
      ModelRoutes models,
      PublicRoutes open,
      Handler.Inference chat,
      Handler.Inference messages) {}

  static List<Route> of(Handlers handlers) {
    RouteTable table = new RouteTable();
    table.open(handlers.open());
    table.keys(handlers);
    table.policies(handlers.policies());
    table.budgets(handlers.bundles(), handlers.budgets());
    table.presets(handlers.bundles());
    table.books(handlers);
    table.namespaces(handlers);
    table.operators(handlers);
    table.inference(handlers.models(), handlers.chat(), handlers.messages());
    return List.copyOf(table.routes);
  }

  private RouteDraft route(String method, String path, String summary) {
    return new RouteDraft(method, path, summary, routes::add);
  }

  private RouteDraft get(String path, String summary) {
    return route("GET", path, summary);
  }

  private RouteDraft post(String path, String summary) {
    return route("POST", path, summary);
  }

  private RouteDraft put(String path, String summary) {
    return route("PUT", path, summary);
  }

  private RouteDraft delete(String path, String summary) {
    return route("DELETE", path, summary);
  }

  private void open(PublicRoutes open) {
    for (String method : List.of("GET", "HEAD")) {
      route(method, "/", "A page that says what this is").page().openBy(open::home);
      route(method, "/ping", "Whether the node is there").openBy(open::ping);
      route(method, "/health/live", "Whether the process lives").openBy(open::live);
      route(method, "/health/ready", "Whether store and journal work").openBy(open::ready);
      route(method, "/openapi.json", "This document").openBy(open::document);
      route(method, "/docs", "This document as a page").page().openBy(open::reference);
    }
  }

  private void keys(Handlers handlers) {
    KeyRoutes keys = handlers.keys();
    get("/v1/credential", "What the credential is and may do")
        .answers(CredentialInfo.class)
        .by(keys::credential);
    get(NS + "/keys", "Keys, revoked ones too")
        .key(Scope.KEYS_READ)
        .answers(ApiKeyList.class)
        .by(keys::list);
    post(NS + "/keys", "Mint a key that may do no more than the caller")
        .key(Scope.KEYS_WRITE)
        .makes()
        .body(MintKey.class, MINT)
        .answers(MintedKey.class)
        .by(keys::mint);
    String one = NS + "/keys/{id}";
    get(one, "One key")
        .key(Scope.KEYS_READ)
        .id("id", IdKind.KEY)
        .answers(ApiKeyInfo.class)
        .by(keys::show);
    delete(one, "Revoke a key, with those minted from it unless cascade=false")
        .key(Scope.KEYS_WRITE)
        .id("id", IdKind.KEY)
        .query("cascade")
        .changes()
        .answers(KeyRevoked.class)
        .by(keys::revoke);
    post(one + "/rotate", "Give a key a new token; the old one works on for overlap_secs")
        .key(Scope.KEYS_WRITE)
        .id("id", IdKind.KEY)
        .makes()
        .body(RotateKey.class, "{\"overlap_secs\":60}")
        .answers(MintedKey.class)
        .by(keys::rotate);
    get(one + "/blast-radius", "What whoever holds a key can reach, and what it did")
        .key(Scope.KEYS_READ, Scope.POLICY_READ, Scope.USAGE_READ)
        .id("id", IdKind.KEY)
        .query("since")
        .answers(BlastRadius.class)
        .by(keys::blastRadius);
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
        .body(BudgetChange.class, "{\"limit_micro_usd\":7}")
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

  private void books(Handlers handlers) {
    get(NS + "/usage", "Sums of a time, and in groups")
        .key(Scope.USAGE_READ)
        .query("from", "to", "group_by", "tz", "model", "provider", "key", "root_key")
        .answers(UsageReport.class)
        .by(handlers.usage()::usage);
    get(NS + "/requests", "Requests, newest first")
        .key(Scope.USAGE_READ)
        .query(REQUEST_FILTERS)
        .answers(RequestPage.class)
        .by(handlers.requests()::list);
    post(NS + "/requests/{request_id}/reconcile", "End an indeterminate charge")
        .key(Scope.USAGE_READ, Scope.POLICY_WRITE)
        .id("request_id", IdKind.REQUEST)
        .changes()
        .body(ReconcileRequest.class, "{\"charge_micro_usd\":0}")
        .answers(RequestRow.class)
        .by(handlers.requests()::reconcile);
    get("/v1/requests/{request_id}/settlement", "What a request was charged, for its own key")
        .key()
        .id("request_id", IdKind.REQUEST)
        .answers(SettlementReceipt.class)
        .by(handlers.requests()::settlement);
    get(NS + "/audit", "The audit log, newest first")
        .key(Scope.NAMESPACE_READ)
        .query("limit", "cursor")
        .answers(AuditPage.class)
        .by(handlers.audit()::list);
    get(NS + "/audit/verify", "Whether the audit log is as it was written")
        .key(Scope.NAMESPACE_READ)
        .answers(AuditVerification.class)
        .by(handlers.audit()::verify);
  }

  private void namespaces(Handlers handlers) {
    NamespaceRoutes namespaces = handlers.namespaces();
    get("/v1/namespaces", "The namespace of a key, or those of an operator")
        .access(new Access.KeyOrOperator(Scope.NAMESPACE_READ, Scope.NODE_NAMESPACE_READ))
        .answers(NamespaceList.class)
        .by(namespaces::list);
    get(NODE_NS, "Namespaces of the node")
        .operator(Scope.NODE_NAMESPACE_READ)
        .answers(NamespaceList.class)
        .by(namespaces::list);
    post(NODE_NS, "Create a namespace")
        .operator(Scope.NODE_NAMESPACE_WRITE)
        .makes()
        .body(NamespaceDraft.class, NAME)
        .answers(NamespaceInfo.class)
        .by(namespaces::create);
    String one = NODE_NS + "/{id}";
    route("PATCH", one, "Rename a namespace; everything else of it stays")
        .operator(Scope.NODE_NAMESPACE_WRITE)
        .id("id", IdKind.NODE_NAMESPACE)
        .changes()
        .body(NamespaceDraft.class, NAME)
        .answers(NamespaceInfo.class)
        .by(namespaces::rename);
    delete(one, "Delete a namespace with its keys and policies; its usage stays")
        .operator(Scope.NODE_NAMESPACE_WRITE)
        .id("id", IdKind.NODE_NAMESPACE)
        .changes()
        .answers(NamespaceDeleted.class)
        .by(namespaces::delete);
    post(one + "/suspend", "Stop a namespace's inference")
        .operator(Scope.NODE_NAMESPACE_WRITE)
        .id("id", IdKind.NODE_NAMESPACE)
        .changes()
        .answers(NamespaceSuspended.class)
        .by(namespaces::suspend);
    post(one + "/resume", "Let a namespace's inference go on")
        .operator(Scope.NODE_NAMESPACE_WRITE)
        .id("id", IdKind.NODE_NAMESPACE)
        .changes()
        .answers(NamespaceSuspended.class)
        .by(namespaces::resume);
    post(one + "/keys", "Mint a key of a namespace")
        .operator(Scope.NODE_NAMESPACE_WRITE)
        .id("id", IdKind.NODE_NAMESPACE)
        .makes()
        .body(MintKey.class, MINT)
        .answers(MintedKey.class)
        .by(handlers.keys()::issue);
    post(one + "/enter", "Get a key of a namespace for at most an hour; its log says so")
        .operator(Scope.NODE_NAMESPACE_ENTER)
        .id("id", IdKind.NODE_NAMESPACE)
        .makes()
        .body(
            EnterNamespace.class,
            "{\"reason\":\"example\",\"scopes\":[\"usage:read\"],\"ttl_secs\":60}")
        .answers(MintedKey.class)
        .by(handlers.keys()::enter);
    locked(handlers.policies());
  }

  private void locked(PolicyRoutes policies) {
    String all = NODE_NS + "/{id}/policies";
    String one = all + "/{policy_id}";
    get(all, "The policies of a namespace that operators have locked")
        .operator(Scope.NODE_NAMESPACE_WRITE)
        .id("id", IdKind.NODE_NAMESPACE)
        .answers(PolicyList.class)
        .by(policies::listLocked);
    post(all, "Create a locked policy, which the namespace itself cannot change")
        .operator(Scope.NODE_NAMESPACE_WRITE)
        .id("id", IdKind.NODE_NAMESPACE)
        .makes()
        .body(PolicyDraft.class, POLICY)
        .answers(PolicyInfo.class)
        .by(policies::createLocked);
    put(one, "Change a locked policy")
        .operator(Scope.NODE_NAMESPACE_WRITE)
        .id("id", IdKind.NODE_NAMESPACE)
        .id("policy_id", IdKind.LOCKED_POLICY)
        .changes()
        .body(PolicyChange.class, "{\"name\":\"other\"}")
        .answers(PolicyInfo.class)
        .by(policies::updateLocked);
    delete(one, "Delete a locked policy with its bindings")
        .operator(Scope.NODE_NAMESPACE_WRITE)
        .id("id", IdKind.NODE_NAMESPACE)
        .id("policy_id", IdKind.LOCKED_POLICY)
        .changes()
        .answers(Deleted.class)
        .by(policies::deleteLocked);
  }

  private void operators(Handlers handlers) {
    OperatorRoutes operators = handlers.operators();
    get("/v1/node/credentials", "Operator credentials, revoked ones too")
        .operator(Scope.NODE_CREDENTIAL_WRITE)
        .answers(OperatorList.class)
        .by(operators::list);
    post("/v1/node/credentials", "Issue an operator credential no wider than the caller's")
        .operator(Scope.NODE_CREDENTIAL_WRITE)
        .makes()
        .body(IssueOperator.class, "{\"name\":\"finance\",\"scopes\":[\"node:usage:read\"]}")
        .answers(IssuedOperator.class)
        .by(operators::issue);
    delete("/v1/node/credentials/{id}", "Revoke an operator credential")
        .operator(Scope.NODE_CREDENTIAL_WRITE)
        .id("id", IdKind.OPERATOR)
        .changes()
        .answers(OperatorRevoked.class)
        .by(operators::revoke);
    get("/v1/node/usage", "Sums of each namespace")
        .operator(Scope.NODE_USAGE_READ)
        .query("group_by", "from", "to")
        .answers(NodeUsageReport.class)
        .by(handlers.usage()::byNamespace);
  }

  private void inference(ModelRoutes models, Handler.Inference chat, Handler.Inference messages) {
    get("/v1/models", "Models that the key's namespace may use")
        .key(Scope.INFERENCE_INVOKE)
        .envelope(Envelope.BY_CLIENT)
        .by(models::list);
    get("/v1/models/{id...}", "One model")
        .key(Scope.INFERENCE_INVOKE)
        .id("id", IdKind.MODEL)
        .envelope(Envelope.BY_CLIENT)
        .by(models::show);
    post("/v1/chat/completions", "Inference in the protocol of OpenAI's chat completions")
        .key(Scope.INFERENCE_INVOKE)
        .inference(
            Envelope.CHAT,
            """
            {"model":"sim/echo","messages":[{"role":"user","content":"hi"}]}\
            """)
        .inferenceBy(chat);
    post("/v1/messages", "Inference in the protocol of Anthropic's messages")
        .key(Scope.INFERENCE_INVOKE)
        .inference(
            Envelope.MESSAGES,
            """
            {"model":"sim/echo","max_tokens":64,\
            "messages":[{"role":"user","content":"hi"}]}\
            """)
        .inferenceBy(messages);
  }
}

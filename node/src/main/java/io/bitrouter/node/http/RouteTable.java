package io.bitrouter.node.http;

import io.bitrouter.core.credential.Scope;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.node.http.Route.Envelope;
import io.bitrouter.node.http.Route.IdKind;
import io.bitrouter.wire.DialectRegistry;
import io.bitrouter.wire.control.Audit.AuditPage;
import io.bitrouter.wire.control.Audit.AuditVerification;
import io.bitrouter.wire.control.Budgets.BillingBalance;
import io.bitrouter.wire.control.Budgets.BudgetChange;
import io.bitrouter.wire.control.Budgets.BudgetDraft;
import io.bitrouter.wire.control.Budgets.BudgetExplanation;
import io.bitrouter.wire.control.Budgets.BudgetInfo;
import io.bitrouter.wire.control.Budgets.BudgetList;
import io.bitrouter.wire.control.Budgets.BudgetStatus;
import io.bitrouter.wire.control.Keys.ApiKeyInfo;
import io.bitrouter.wire.control.Keys.ApiKeyList;
import io.bitrouter.wire.control.Keys.BlastRadius;
import io.bitrouter.wire.control.Keys.CredentialInfo;
import io.bitrouter.wire.control.Keys.EnterNamespace;
import io.bitrouter.wire.control.Keys.KeyRevoked;
import io.bitrouter.wire.control.Keys.MintKey;
import io.bitrouter.wire.control.Keys.MintedKey;
import io.bitrouter.wire.control.Keys.RotateKey;
import io.bitrouter.wire.control.Namespaces.NamespaceDeleted;
import io.bitrouter.wire.control.Namespaces.NamespaceDraft;
import io.bitrouter.wire.control.Namespaces.NamespaceInfo;
import io.bitrouter.wire.control.Namespaces.NamespaceList;
import io.bitrouter.wire.control.Namespaces.NamespaceSettings;
import io.bitrouter.wire.control.Namespaces.NamespaceSuspended;
import io.bitrouter.wire.control.Namespaces.ResponseDeleted;
import io.bitrouter.wire.control.Operators.IssueOperator;
import io.bitrouter.wire.control.Operators.IssuedOperator;
import io.bitrouter.wire.control.Operators.OperatorList;
import io.bitrouter.wire.control.Operators.OperatorRevoked;
import io.bitrouter.wire.control.Policies.Deleted;
import io.bitrouter.wire.control.Policies.EffectivePolicies;
import io.bitrouter.wire.control.Policies.PolicyBindingList;
import io.bitrouter.wire.control.Policies.PolicyBound;
import io.bitrouter.wire.control.Policies.PolicyChange;
import io.bitrouter.wire.control.Policies.PolicyDisabled;
import io.bitrouter.wire.control.Policies.PolicyDraft;
import io.bitrouter.wire.control.Policies.PolicyInfo;
import io.bitrouter.wire.control.Policies.PolicyList;
import io.bitrouter.wire.control.Policies.PolicyUnbound;
import io.bitrouter.wire.control.Policies.PresetChange;
import io.bitrouter.wire.control.Policies.PresetDraft;
import io.bitrouter.wire.control.Policies.PresetInfo;
import io.bitrouter.wire.control.Policies.PresetList;
import io.bitrouter.wire.control.Policies.PrincipalRef;
import io.bitrouter.wire.control.Usage.NodeUsageReport;
import io.bitrouter.wire.control.Usage.ReconcileRequest;
import io.bitrouter.wire.control.Usage.RequestPage;
import io.bitrouter.wire.control.Usage.RequestRow;
import io.bitrouter.wire.control.Usage.SettlementReceipt;
import io.bitrouter.wire.control.Usage.UsageReport;
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
      ResponseRoutes responses,
      PublicRoutes open,
      DialectRegistry dialects) {}

  static List<Route> of(Handlers handlers) {
    RouteTable table = new RouteTable();
    table.open(handlers.open());
    table.keys(handlers);
    table.policies(handlers.policies());
    table.bindings(handlers.policies());
    table.budgets(handlers.bundles(), handlers.budgets());
    table.presets(handlers.bundles());
    table.books(handlers);
    table.namespaces(handlers);
    table.operators(handlers);
    table.models(handlers.models());
    table.inference(handlers.dialects());
    table.responses(handlers.responses());
    return List.copyOf(table.routes);
  }

  /** A route for keys with these scopes, or for any credential. */
  private RouteDraft route(String method, String path, String summary, String... scopes) {
    RouteDraft draft = new RouteDraft(method, path, summary, routes::add);
    return scopes.length == 0 ? draft : draft.key(scopes);
  }

  private RouteDraft get(String path, String summary, String... scopes) {
    return route("GET", path, summary, scopes);
  }

  private RouteDraft post(String path, String summary, String... scopes) {
    return route("POST", path, summary, scopes);
  }

  private RouteDraft put(String path, String summary, String... scopes) {
    return route("PUT", path, summary, scopes);
  }

  private RouteDraft delete(String path, String summary, String... scopes) {
    return route("DELETE", path, summary, scopes);
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
        .answers(CredentialInfo.class, keys::credential);
    get(NS + "/keys", "Keys, revoked ones too", Scope.KEYS_READ)
        .answers(ApiKeyList.class, keys::list);
    post(NS + "/keys", "Mint a key that may do no more than the caller", Scope.KEYS_WRITE)
        .makes(MintKey.class, MINT)
        .answers(MintedKey.class, keys::mint);
    String one = NS + "/keys/{id}";
    get(one, "One key", Scope.KEYS_READ).answers(ApiKeyInfo.class, keys::show);
    delete(one, "Revoke a key, with those minted from it unless cascade=false", Scope.KEYS_WRITE)
        .query("cascade")
        .changes()
        .answers(KeyRevoked.class, keys::revoke);
    post(one + "/rotate", "Give a key a new token; the old one works on for overlap_secs")
        .key(Scope.KEYS_WRITE)
        .makes(RotateKey.class, "{\"overlap_secs\":60}")
        .answers(MintedKey.class, keys::rotate);
    get(one + "/blast-radius", "What whoever holds a key can reach, and what it did")
        .key(Scope.KEYS_READ, Scope.POLICY_READ, Scope.USAGE_READ)
        .query("since")
        .answers(BlastRadius.class, keys::blastRadius);
  }

  private void policies(PolicyRoutes policies) {
    String all = NS + "/policies";
    String one = all + "/{id}";
    get(all, "Policies of all kinds or of one", Scope.POLICY_READ)
        .query("kind")
        .answers(PolicyList.class, policies::list);
    post(all, "Create a policy; without bind it has no effect yet", Scope.POLICY_WRITE)
        .makes(PolicyDraft.class, POLICY)
        .answers(PolicyInfo.class, policies::create);
    get(all + "/effective", "Everything that applies to a principal, with its sources")
        .key(Scope.POLICY_READ)
        .query("principal_type", "principal_id")
        .answers(EffectivePolicies.class, policies::effective);
    get(one, "One policy", Scope.POLICY_READ).answers(PolicyInfo.class, policies::show);
    put(one, "Change name or spec; the kind stays", Scope.POLICY_WRITE)
        .changes(PolicyChange.class, "{\"name\":\"other\"}")
        .answers(PolicyInfo.class, policies::update);
    delete(one, "Delete a policy with its bindings", Scope.POLICY_WRITE)
        .changes()
        .answers(Deleted.class, policies::delete);
    post(one + "/disable", "Let a policy have no effect", Scope.POLICY_WRITE)
        .changes()
        .answers(PolicyDisabled.class, policies::disable);
    post(one + "/enable", "Let a policy act again", Scope.POLICY_WRITE)
        .changes()
        .answers(PolicyDisabled.class, policies::enable);
  }

  private void bindings(PolicyRoutes policies) {
    String one = NS + "/policies/{id}";
    post(one + "/bind", "Bind a policy to the namespace or a key; again is the same binding")
        .key(Scope.POLICY_WRITE)
        .makes(PrincipalRef.class, "{\"principal_type\":\"namespace\",\"principal_id\":\"me\"}")
        .answers(PolicyBound.class, policies::bind);
    delete(one + "/bind/{binding_id}", "Take a binding back", Scope.POLICY_WRITE)
        .changes()
        .answers(PolicyUnbound.class, policies::unbind);
    get(one + "/bindings", "What a policy is bound to", Scope.POLICY_READ)
        .answers(PolicyBindingList.class, policies::bindings);
    get(NS + "/principals/{type}/{id}/policies", "The policies bound to exactly this principal")
        .key(Scope.POLICY_READ)
        .answers(PolicyList.class, policies::ofPrincipal);
  }

  private void budgets(BundleRoutes bundles, BudgetRoutes budgets) {
    String all = NS + "/budgets";
    String one = all + "/{id}";
    get(all, "Budgets", Scope.POLICY_READ).answers(BudgetList.class, bundles::budgets);
    post(all, "Create a budget; without bind it has no effect yet", Scope.POLICY_WRITE)
        .makes(BudgetDraft.class, BUDGET)
        .answers(BudgetInfo.class, bundles::createBudget);
    get(one, "One budget", Scope.POLICY_READ).answers(BudgetInfo.class, bundles::budget);
    put(one, "Change some members of a budget", Scope.POLICY_WRITE)
        .changes(BudgetChange.class, "{\"limit_micro_usd\":10000000}")
        .answers(BudgetInfo.class, bundles::updateBudget);
    delete(one, "Delete a budget with its bindings", Scope.POLICY_WRITE)
        .changes()
        .answers(Deleted.class, bundles::deleteBudget);
    get(one + "/status", "How a budget stands where it is bound", Scope.POLICY_READ)
        .answers(BudgetStatus.class, budgets::status);
    get(one + "/explain", "The requests that a budget counts", Scope.POLICY_READ, Scope.USAGE_READ)
        .query("principal_type", "principal_id", "limit", "cursor")
        .answers(BudgetExplanation.class, budgets::explain);
    get("/v1/billing/balance", "What is left of the namespace's total budget", Scope.BILLING_READ)
        .answers(BillingBalance.class, budgets::balance);
  }

  private void presets(BundleRoutes bundles) {
    String all = NS + "/presets";
    String one = all + "/{id}";
    get(all, "Presets: policies that bundle the three others", Scope.POLICY_READ)
        .answers(PresetList.class, bundles::presets);
    post(all, "Create a preset; without bind it has no effect yet", Scope.POLICY_WRITE)
        .makes(
            PresetDraft.class,
            "{\"name\":\"e\",\"rate_limit\":{\"window_secs\":60,\"max_requests\":600}}")
        .answers(PresetInfo.class, bundles::createPreset);
    get(one, "One preset", Scope.POLICY_READ).answers(PresetInfo.class, bundles::preset);
    put(one, "Change clauses of a preset, or clear them", Scope.POLICY_WRITE)
        .changes(PresetChange.class, "{\"clear_budget\":true}")
        .answers(PresetInfo.class, bundles::updatePreset);
    delete(one, "Delete a preset with its bindings", Scope.POLICY_WRITE)
        .changes()
        .answers(Deleted.class, bundles::deletePreset);
  }

  private void books(Handlers handlers) {
    get(NS + "/usage", "Sums of a time, and in groups", Scope.USAGE_READ)
        .query("from", "to", "group_by", "tz", "model", "provider", "key", "root_key")
        .answers(UsageReport.class, handlers.usage()::usage);
    get(NS + "/requests", "Requests, newest first", Scope.USAGE_READ)
        .query(REQUEST_FILTERS)
        .answers(RequestPage.class, handlers.requests()::list);
    post(NS + "/requests/{request_id}/reconcile", "End an indeterminate charge")
        .key(Scope.USAGE_READ, Scope.POLICY_WRITE)
        .changes(ReconcileRequest.class, "{\"charge_micro_usd\":0}")
        .answers(RequestRow.class, handlers.requests()::reconcile);
    get("/v1/requests/{request_id}/settlement", "What a request was charged, for its own key")
        .key()
        .answers(SettlementReceipt.class, handlers.requests()::settlement);
    get(NS + "/audit", "The audit log, newest first", Scope.NAMESPACE_READ)
        .query("limit", "cursor")
        .answers(AuditPage.class, handlers.audit()::list);
    get(NS + "/audit/verify", "Whether the audit log is as it was written", Scope.NAMESPACE_READ)
        .answers(AuditVerification.class, handlers.audit()::verify);
  }

  private void namespaces(Handlers handlers) {
    NamespaceRoutes namespaces = handlers.namespaces();
    get("/v1/namespaces", "The namespace of a key, or those of an operator")
        .access(new Access.KeyOrOperator(Scope.NAMESPACE_READ, Scope.NODE_NAMESPACE_READ))
        .answers(NamespaceList.class, namespaces::list);
    get(NODE_NS, "Namespaces of the node")
        .operator(Scope.NODE_NAMESPACE_READ)
        .answers(NamespaceList.class, namespaces::list);
    post(NODE_NS, "Create a namespace")
        .operator(Scope.NODE_NAMESPACE_WRITE)
        .makes(NamespaceDraft.class, NAME)
        .answers(NamespaceInfo.class, namespaces::create);
    String one = NODE_NS + "/{id}";
    route("PATCH", one, "Rename a namespace; everything else of it stays")
        .operator(Scope.NODE_NAMESPACE_WRITE)
        .changes(NamespaceDraft.class, NAME)
        .answers(NamespaceInfo.class, namespaces::rename);
    delete(one, "Delete a namespace with its keys and policies; its usage stays")
        .operator(Scope.NODE_NAMESPACE_WRITE)
        .changes()
        .answers(NamespaceDeleted.class, namespaces::delete);
    post(one + "/suspend", "Stop a namespace's inference")
        .operator(Scope.NODE_NAMESPACE_WRITE)
        .changes()
        .answers(NamespaceSuspended.class, namespaces::suspend);
    post(one + "/resume", "Let a namespace's inference go on")
        .operator(Scope.NODE_NAMESPACE_WRITE)
        .changes()
        .answers(NamespaceSuspended.class, namespaces::resume);
    post(one + "/keys", "Mint a key of a namespace")
        .operator(Scope.NODE_NAMESPACE_WRITE)
        .makes(MintKey.class, MINT)
        .answers(MintedKey.class, handlers.keys()::issue);
    post(one + "/enter", "Get a key of a namespace for at most an hour; its log says so")
        .operator(Scope.NODE_NAMESPACE_ENTER)
        .makes(
            EnterNamespace.class,
            "{\"reason\":\"example\",\"scopes\":[\"usage:read\"],\"ttl_secs\":60}")
        .answers(MintedKey.class, handlers.keys()::enter);
    locked(handlers.policies());
  }

  private void locked(PolicyRoutes policies) {
    String all = NODE_NS + "/{id}/policies";
    String one = all + "/{policy_id}";
    get(all, "The policies of a namespace that operators have locked")
        .operator(Scope.NODE_NAMESPACE_WRITE)
        .answers(PolicyList.class, policies::listLocked);
    post(all, "Create a locked policy, which the namespace itself cannot change")
        .operator(Scope.NODE_NAMESPACE_WRITE)
        .makes(PolicyDraft.class, POLICY)
        .answers(PolicyInfo.class, policies::create);
    put(one, "Change a locked policy")
        .operator(Scope.NODE_NAMESPACE_WRITE)
        .changes(PolicyChange.class, "{\"name\":\"other\"}")
        .answers(PolicyInfo.class, policies::update);
    delete(one, "Delete a locked policy with its bindings")
        .operator(Scope.NODE_NAMESPACE_WRITE)
        .changes()
        .answers(Deleted.class, policies::delete);
  }

  private void operators(Handlers handlers) {
    OperatorRoutes operators = handlers.operators();
    get("/v1/node/credentials", "Operator credentials, revoked ones too")
        .operator(Scope.NODE_CREDENTIAL_WRITE)
        .answers(OperatorList.class, operators::list);
    post("/v1/node/credentials", "Issue an operator credential no wider than the caller's")
        .operator(Scope.NODE_CREDENTIAL_WRITE)
        .makes(IssueOperator.class, "{\"name\":\"finance\",\"scopes\":[\"node:usage:read\"]}")
        .answers(IssuedOperator.class, operators::issue);
    delete("/v1/node/credentials/{id}", "Revoke an operator credential and all that it issued")
        .operator(Scope.NODE_CREDENTIAL_WRITE)
        .changes()
        .answers(OperatorRevoked.class, operators::revoke);
    get("/v1/node/usage", "Sums of each namespace")
        .operator(Scope.NODE_USAGE_READ)
        .query("group_by", "from", "to")
        .answers(NodeUsageReport.class, handlers.usage()::byNamespace);
  }

  private void models(ModelRoutes models) {
    get("/v1/models", "Models that the key's namespace may use", Scope.INFERENCE_INVOKE)
        .envelope(Envelope.BY_CLIENT)
        .by(models::list);
    get("/v1/models/{id...}", "One model", Scope.INFERENCE_INVOKE)
        .envelope(Envelope.BY_CLIENT)
        .by(models::show);
    get("/v1beta/models", "Models that the key's namespace may use, as Gemini lists them")
        .key(Scope.INFERENCE_INVOKE)
        .envelope(Envelope.GEMINI)
        .query("key", "pageSize", "pageToken")
        .by(models::geminiList);
    get("/v1beta/models/{id...}", "One model, as Gemini shows it", Scope.INFERENCE_INVOKE)
        .envelope(Envelope.GEMINI)
        .query("key")
        .by(models::geminiShow);
  }

  private void responses(ResponseRoutes responses) {
    String one = "/v1/responses/{response_id}";
    get(one, "A stored response", Scope.INFERENCE_INVOKE)
        .envelope(Envelope.RESPONSES)
        .by(responses::show);
    delete(one, "Delete a stored response", Scope.INFERENCE_INVOKE)
        .envelope(Envelope.RESPONSES)
        .changes()
        .answers(ResponseDeleted.class, responses::delete);
    get(NS + "/settings", "Whether responses are stored", Scope.NAMESPACE_READ)
        .answers(NamespaceSettings.class, responses::settings);
    put(NS + "/settings", "Let responses be stored, sealed, or delete them and store no more")
        .key(Scope.POLICY_WRITE)
        .changes(NamespaceSettings.class, "{\"store_responses\":true}")
        .answers(NamespaceSettings.class, responses::change);
  }

  private void inference(DialectRegistry dialects) {
    post("/v1/chat/completions", "Inference in the protocol of OpenAI's chat completions")
        .key(Scope.INFERENCE_INVOKE)
        .inference(
            Envelope.CHAT,
            """
            {"model":"sim/echo","messages":[{"role":"user","content":"hi"}]}\
            """,
            dialects.of(Protocol.CHAT));
    post("/v1/messages", "Inference in the protocol of Anthropic's messages")
        .key(Scope.INFERENCE_INVOKE)
        .inference(
            Envelope.MESSAGES,
            """
            {"model":"sim/echo","max_tokens":64,\
            "messages":[{"role":"user","content":"hi"}]}\
            """,
            dialects.of(Protocol.MESSAGES));
    post("/v1/messages/count_tokens", "Tokens of a prompt, by Anthropic's protocol; free of charge")
        .key(Scope.INFERENCE_INVOKE)
        .inference(
            Envelope.MESSAGES,
            """
            {"model":"sim/echo","messages":[{"role":"user","content":"hi"}]}\
            """,
            dialects.countTokens());
    post("/v1/embeddings", "Embeddings in the protocol of OpenAI's", Scope.INFERENCE_INVOKE)
        .inference(
            Envelope.CHAT, "{\"model\":\"sim/echo\",\"input\":\"hi\"}", dialects.embeddings());
    post("/v1/responses", "Inference in the protocol of OpenAI's responses", Scope.INFERENCE_INVOKE)
        .inference(
            Envelope.RESPONSES,
            "{\"model\":\"sim/echo\",\"input\":\"hi\"}",
            dialects.of(Protocol.RESPONSES));
    for (String version : List.of("/v1beta", "/v1")) {
      gemini(version, dialects);
    }
  }

  private void gemini(String version, DialectRegistry dialects) {
    String content = "{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]}";
    String contents = "{\"contents\":[" + content + "]}";
    String embed = "{\"content\":" + content + "}";
    String generated = "Inference in the protocol of Gemini's generateContent";
    verb(version, ":generateContent", generated)
        .inference(Envelope.GEMINI, contents, dialects.of(Protocol.GEMINI));
    verb(version, ":streamGenerateContent", generated)
        .inference(Envelope.GEMINI, contents, dialects.of(Protocol.GEMINI));
    verb(version, ":countTokens", "Tokens of a prompt, by Gemini's protocol; free of charge")
        .inference(Envelope.GEMINI, contents, dialects.geminiCount());
    verb(version, ":embedContent", "An embedding in the protocol of Gemini's")
        .inference(Envelope.GEMINI, embed, dialects.geminiEmbeddings());
    verb(version, ":batchEmbedContents", "Embeddings in the protocol of Gemini's")
        .inference(Envelope.GEMINI, "{\"requests\":[" + embed + "]}", dialects.geminiEmbeddings());
  }

  private RouteDraft verb(String version, String verb, String summary) {
    return post(version + "/models/{model...}" + verb, summary, Scope.INFERENCE_INVOKE)
        .id("model", IdKind.MODEL);
  }
}

package io.bitrouter.node.http;

import io.bitrouter.core.credential.Scope;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.node.http.Route.Envelope;
import io.bitrouter.node.http.Route.IdKind;
import io.bitrouter.wire.DialectRegistry;
import io.bitrouter.wire.control.ApiKeyInfo;
import io.bitrouter.wire.control.ApiKeyList;
import io.bitrouter.wire.control.AuditPage;
import io.bitrouter.wire.control.AuditVerification;
import io.bitrouter.wire.control.BlastRadius;
import io.bitrouter.wire.control.CredentialInfo;
import io.bitrouter.wire.control.Deleted;
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
import io.bitrouter.wire.control.NamespaceSettings;
import io.bitrouter.wire.control.NamespaceSuspended;
import io.bitrouter.wire.control.NodeUsageReport;
import io.bitrouter.wire.control.OperatorList;
import io.bitrouter.wire.control.OperatorRevoked;
import io.bitrouter.wire.control.PolicyChange;
import io.bitrouter.wire.control.PolicyDraft;
import io.bitrouter.wire.control.PolicyInfo;
import io.bitrouter.wire.control.PolicyList;
import io.bitrouter.wire.control.ReconcileRequest;
import io.bitrouter.wire.control.RequestPage;
import io.bitrouter.wire.control.RequestRow;
import io.bitrouter.wire.control.ResponseDeleted;
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
    new RuleRoutes(table.routes::add).add(handlers);
    table.books(handlers);
    table.namespaces(handlers);
    table.operators(handlers);
    table.models(handlers.models());
    table.inference(handlers.dialects());
    table.responses(handlers.responses());
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
    delete("/v1/node/credentials/{id}", "Revoke an operator credential and all that it issued")
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

  private void models(ModelRoutes models) {
    get("/v1/models", "Models that the key's namespace may use")
        .key(Scope.INFERENCE_INVOKE)
        .envelope(Envelope.BY_CLIENT)
        .by(models::list);
    get("/v1/models/{id...}", "One model")
        .key(Scope.INFERENCE_INVOKE)
        .id("id", IdKind.MODEL)
        .envelope(Envelope.BY_CLIENT)
        .by(models::show);
    get("/v1beta/models", "Models that the key's namespace may use, as Gemini lists them")
        .key(Scope.INFERENCE_INVOKE)
        .envelope(Envelope.GEMINI)
        .query("key", "pageSize", "pageToken")
        .by(models::geminiList);
    get("/v1beta/models/{id...}", "One model, as Gemini shows it")
        .key(Scope.INFERENCE_INVOKE)
        .id("id", IdKind.MODEL)
        .envelope(Envelope.GEMINI)
        .query("key")
        .by(models::geminiShow);
  }

  private void responses(ResponseRoutes responses) {
    String one = "/v1/responses/{response_id}";
    get(one, "A stored response")
        .key(Scope.INFERENCE_INVOKE)
        .id("response_id", IdKind.STORED_RESPONSE)
        .envelope(Envelope.RESPONSES)
        .by(responses::show);
    delete(one, "Delete a stored response")
        .key(Scope.INFERENCE_INVOKE)
        .id("response_id", IdKind.STORED_RESPONSE)
        .envelope(Envelope.RESPONSES)
        .changes()
        .answers(ResponseDeleted.class)
        .by(responses::delete);
    get(NS + "/settings", "Whether responses are stored")
        .key(Scope.NAMESPACE_READ)
        .answers(NamespaceSettings.class)
        .by(responses::settings);
    put(NS + "/settings", "Let responses be stored, sealed, or delete them and store no more")
        .key(Scope.POLICY_WRITE)
        .changes()
        .body(NamespaceSettings.class, "{\"store_responses\":true}")
        .answers(NamespaceSettings.class)
        .by(responses::change);
  }

  private void inference(DialectRegistry dialects) {
    post("/v1/chat/completions", "Inference in the protocol of OpenAI's chat completions")
        .key(Scope.INFERENCE_INVOKE)
        .inference(
            Envelope.CHAT,
            """
            {"model":"sim/echo","messages":[{"role":"user","content":"hi"}]}\
            """)
        .inferenceBy(dialects.of(Protocol.CHAT));
    post("/v1/messages", "Inference in the protocol of Anthropic's messages")
        .key(Scope.INFERENCE_INVOKE)
        .inference(
            Envelope.MESSAGES,
            """
            {"model":"sim/echo","max_tokens":64,\
            "messages":[{"role":"user","content":"hi"}]}\
            """)
        .inferenceBy(dialects.of(Protocol.MESSAGES));
    post("/v1/messages/count_tokens", "Tokens of a prompt, by Anthropic's protocol; free of charge")
        .key(Scope.INFERENCE_INVOKE)
        .inference(
            Envelope.MESSAGES,
            """
            {"model":"sim/echo","messages":[{"role":"user","content":"hi"}]}\
            """)
        .inferenceBy(dialects.countTokens());
    post("/v1/embeddings", "Embeddings in the protocol of OpenAI's")
        .key(Scope.INFERENCE_INVOKE)
        .inference(Envelope.CHAT, "{\"model\":\"sim/echo\",\"input\":\"hi\"}")
        .inferenceBy(dialects.embeddings());
    post("/v1/responses", "Inference in the protocol of OpenAI's responses")
        .key(Scope.INFERENCE_INVOKE)
        .inference(Envelope.RESPONSES, "{\"model\":\"sim/echo\",\"input\":\"hi\"}")
        .inferenceBy(dialects.of(Protocol.RESPONSES));
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
        .inference(Envelope.GEMINI, contents)
        .inferenceBy(dialects.of(Protocol.GEMINI));
    verb(version, ":streamGenerateContent", generated)
        .inference(Envelope.GEMINI, contents)
        .inferenceBy(dialects.of(Protocol.GEMINI));
    verb(version, ":countTokens", "Tokens of a prompt, by Gemini's protocol; free of charge")
        .inference(Envelope.GEMINI, contents)
        .inferenceBy(dialects.geminiCount());
    verb(version, ":embedContent", "An embedding in the protocol of Gemini's")
        .inference(Envelope.GEMINI, embed)
        .inferenceBy(dialects.geminiEmbeddings());
    verb(version, ":batchEmbedContents", "Embeddings in the protocol of Gemini's")
        .inference(Envelope.GEMINI, "{\"requests\":[" + embed + "]}")
        .inferenceBy(dialects.geminiEmbeddings());
  }

  private RouteDraft verb(String version, String verb, String summary) {
    return post(version + "/models/{model...}" + verb, summary)
        .key(Scope.INFERENCE_INVOKE)
        .id("model", IdKind.MODEL);
  }
}

package io.bitrouter.node.http;

import io.bitrouter.core.credential.Scope;
import io.bitrouter.node.http.Route.Envelope;
import io.bitrouter.node.http.Route.IdKind;
import io.bitrouter.node.http.Route.Meter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every route of the node. What is not here is 404. */
final class RouteTable {

  private static final Map<String, IdKind> NONE = Map.of();
  private static final Map<String, IdKind> NSID = Map.of("nsid", IdKind.NAMESPACE);
  private static final Map<String, IdKind> NODE_NSID = Map.of("id", IdKind.NODE_NAMESPACE);
  private static final Map<String, IdKind> NSID_AND_KEY =
      Map.of("nsid", IdKind.NAMESPACE, "id", IdKind.KEY);
  private static final String NS = "/v1/namespaces/{nsid}";
  private static final String NODE_NS = "/v1/node/namespaces";
  private static final String MINT_EXAMPLE =
      """
      {"display_name":"example","scopes":["inference:invoke"]}\
      """;

  private final List<Route> routes = new ArrayList<>();

  private RouteTable() {}

  /** Everything that serves a route. */
  record Handlers(
      KeyRoutes keys,
      NamespaceRoutes namespaces,
      UsageRoutes usage,
      ModelRoutes models,
      PublicRoutes open,
      Handler.Inference chat,
      Handler.Inference messages) {}

  /** What a JSON route reads besides its path. */
  private record Input(List<String> query, Optional<String> body) {
    static final Input NOTHING = new Input(List.of(), Optional.empty());

    static Input query(String... names) {
      return new Input(List.of(names), Optional.empty());
    }

    static Input body(String example) {
      return new Input(List.of(), Optional.of(example));
    }
  }

  static List<Route> of(Handlers handlers) {
    RouteTable table = new RouteTable();
    table.open(handlers.open());
    table.namespaced(handlers.keys(), handlers.namespaces(), handlers.usage());
    table.operators(handlers.keys(), handlers.namespaces(), handlers.usage());
    table.inference(handlers.models(), handlers.chat(), handlers.messages());
    return List.copyOf(table.routes);
  }

  private void open(PublicRoutes open) {
    for (String method : List.of("GET", "HEAD")) {
      add(method, "/", new Access.Public(), (Handler.Open) open::home);
      add(method, "/ping", new Access.Public(), (Handler.Open) open::ping);
      add(method, "/health/live", new Access.Public(), (Handler.Open) open::live);
      add(method, "/health/ready", new Access.Public(), (Handler.Open) open::ready);
    }
  }

  private void namespaced(KeyRoutes keys, NamespaceRoutes namespaces, UsageRoutes usage) {
    json("GET", "/v1/credential", new Access.AnyCredential(), keys::credential, NONE);
    json(
        "GET",
        "/v1/namespaces",
        new Access.KeyOrOperator(Scope.NAMESPACE_READ, Scope.NODE_NAMESPACE_READ),
        namespaces::list,
        NONE);
    json("GET", NS + "/keys", key(Scope.KEYS_READ), keys::list, NSID);
    json("POST", NS + "/keys", key(Scope.KEYS_WRITE), keys::mint, NSID, Input.body(MINT_EXAMPLE));
    json("GET", NS + "/keys/{id}", key(Scope.KEYS_READ), keys::show, NSID_AND_KEY);
    json(
        "DELETE",
        NS + "/keys/{id}",
        key(Scope.KEYS_WRITE),
        keys::revoke,
        NSID_AND_KEY,
        Input.query("cascade"));
    json(
        "GET", NS + "/usage", key(Scope.USAGE_READ), usage::usage, NSID, Input.query("from", "to"));
    json(
        "GET",
        NS + "/requests",
        key(Scope.USAGE_READ),
        usage::requests,
        NSID,
        Input.query("limit", "offset"));
  }

  private void operators(KeyRoutes keys, NamespaceRoutes namespaces, UsageRoutes usage) {
    Access read = new Access.OperatorWith(Scope.NODE_NAMESPACE_READ);
    Access write = new Access.OperatorWith(Scope.NODE_NAMESPACE_WRITE);
    Access enter = new Access.OperatorWith(Scope.NODE_NAMESPACE_ENTER);
    String byId = NODE_NS + "/{id}";
    String name = "{\"name\":\"example\"}";
    json("GET", NODE_NS, read, namespaces::list, NONE);
    json("POST", NODE_NS, write, namespaces::create, NONE, Input.body(name));
    json("PATCH", byId, write, namespaces::rename, NODE_NSID, Input.body(name));
    json("DELETE", byId, write, namespaces::delete, NODE_NSID);
    json("POST", byId + "/keys", write, keys::issue, NODE_NSID, Input.body(MINT_EXAMPLE));
    json(
        "POST",
        byId + "/enter",
        enter,
        keys::enter,
        NODE_NSID,
        Input.body("{\"reason\":\"example\",\"scopes\":[\"usage:read\"],\"ttl_secs\":60}"));
    json(
        "GET",
        "/v1/node/usage",
        new Access.OperatorWith(Scope.NODE_USAGE_READ),
        usage::byNamespace,
        NONE,
        Input.query("group_by", "from", "to"));
  }

  private void inference(ModelRoutes models, Handler.Inference chat, Handler.Inference messages) {
    add(route("GET", "/v1/models", Envelope.BY_CLIENT, models::list, NONE));
    add(
        route(
            "GET",
            "/v1/models/{id...}",
            Envelope.BY_CLIENT,
            models::show,
            Map.of("id", IdKind.MODEL)));
    add(
        inferenceRoute(
            "/v1/chat/completions",
            Envelope.CHAT,
            chat,
            """
            {"model":"sim/echo","messages":[{"role":"user","content":"hi"}]}\
            """));
    add(
        inferenceRoute(
            "/v1/messages",
            Envelope.MESSAGES,
            messages,
            """
            {"model":"sim/echo","max_tokens":64,\
            "messages":[{"role":"user","content":"hi"}]}\
            """));
  }

  private static Access key(String scope) {
    return new Access.KeyWith(scope);
  }

  private static Route route(
      String method,
      String path,
      Envelope envelope,
      Handler.Json handler,
      Map<String, IdKind> ids) {
    return new Route(
        method,
        PathTemplate.of(path),
        envelope,
        key(Scope.INFERENCE_INVOKE),
        Meter.NONE,
        handler,
        ids,
        List.of(),
        Optional.empty());
  }

  private static Route inferenceRoute(
      String path, Envelope envelope, Handler.Inference handler, String example) {
    return new Route(
        "POST",
        PathTemplate.of(path),
        envelope,
        key(Scope.INFERENCE_INVOKE),
        Meter.INFERENCE,
        handler,
        NONE,
        List.of(),
        Optional.of(example));
  }

  private void json(
      String method, String path, Access access, Handler.Json handler, Map<String, IdKind> ids) {
    json(method, path, access, handler, ids, Input.NOTHING);
  }

  private void json(
      String method,
      String path,
      Access access,
      Handler.Json handler,
      Map<String, IdKind> ids,
      Input input) {
    add(
        new Route(
            method,
            PathTemplate.of(path),
            Envelope.FLAT,
            access,
            Meter.NONE,
            handler,
            ids,
            input.query(),
            input.body()));
  }

  private void add(String method, String path, Access access, Handler handler) {
    add(
        new Route(
            method,
            PathTemplate.of(path),
            Envelope.FLAT,
            access,
            Meter.NONE,
            handler,
            NONE,
            List.of(),
            Optional.empty()));
  }

  private void add(Route route) {
    routes.add(route);
  }
}

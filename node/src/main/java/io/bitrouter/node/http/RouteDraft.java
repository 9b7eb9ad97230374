package io.bitrouter.node.http;

import static java.util.Map.entry;

import io.bitrouter.core.gateway.Dialect;
import io.bitrouter.node.http.Route.About;
import io.bitrouter.node.http.Route.Changes;
import io.bitrouter.node.http.Route.Envelope;
import io.bitrouter.node.http.Route.IdKind;
import io.bitrouter.node.http.Route.Meter;
import io.bitrouter.node.http.Route.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A route that is being written down; {@link #by} ends it. Used while the table is made. */
final class RouteDraft {

  /** What a parameter identifies, by the segment before it. */
  private static final Map<String, IdKind> IDS =
      Map.ofEntries(
          entry("namespaces/{nsid}", IdKind.NAMESPACE),
          entry("namespaces/{id}", IdKind.NODE_NAMESPACE),
          entry("keys/{id}", IdKind.KEY),
          entry("models/{id...}", IdKind.MODEL),
          entry("policies/{id}", IdKind.POLICY),
          entry("policies/{policy_id}", IdKind.LOCKED_POLICY),
          entry("bind/{binding_id}", IdKind.BINDING),
          entry("budgets/{id}", IdKind.BUDGET),
          entry("presets/{id}", IdKind.PRESET),
          entry("requests/{request_id}", IdKind.REQUEST),
          entry("responses/{response_id}", IdKind.STORED_RESPONSE),
          entry("credentials/{id}", IdKind.OPERATOR),
          entry("principals/{type}", IdKind.PRINCIPAL_TYPE),
          entry("{type}/{id}", IdKind.PRINCIPAL));

  private final String method;
  private final PathTemplate path;
  private final String summary;
  private final Consumer<Route> table;
  private final Map<String, IdKind> ids = new HashMap<>();
  private final List<String> query = new ArrayList<>();
  private Access access = new Access.AnyCredential();
  private Envelope envelope = Envelope.FLAT;
  private Meter meter = Meter.NONE;
  private Changes changes = Changes.NOTHING;
  private Optional<String> example = Optional.empty();
  private Optional<Class<?>> body = Optional.empty();
  private Shape answer = new Shape.OfProtocol();

  RouteDraft(String method, String path, String summary, Consumer<Route> table) {
    this.method = method;
    this.path = PathTemplate.of(path);
    this.summary = summary;
    this.table = table;
    String before = "";
    for (String segment : this.path.segments()) {
      Optional.ofNullable(IDS.get(before + "/" + segment))
          .ifPresent(kind -> ids.put(PathTemplate.nameOf(segment), kind));
      before = segment;
    }
  }

  /** For keys with these scopes. */
  RouteDraft key(String... scopes) {
    return access(new Access.KeyWith(scopes));
  }

  /** For operator credentials with this scope. */
  RouteDraft operator(String scope) {
    return access(new Access.OperatorWith(scope));
  }

  RouteDraft access(Access who) {
    access = who;
    return this;
  }

  /** What a path parameter identifies. */
  RouteDraft id(String name, IdKind kind) {
    ids.put(name, kind);
    return this;
  }

  /** Query parameters it reads. */
  RouteDraft query(String... names) {
    query.addAll(List.of(names));
    return this;
  }

  /** It changes something, and can be asked what it would answer. */
  RouteDraft changes() {
    changes = Changes.SOMETHING;
    query.add(Route.DRY_RUN);
    return this;
  }

  /** As {@link #changes()}, of a route that takes a body. */
  RouteDraft changes(Class<?> type, String accepted) {
    return changes().body(type, accepted);
  }

  /** It makes something. */
  RouteDraft makes() {
    changes();
    changes = Changes.MAKES;
    return this;
  }

  /** As {@link #makes()}, of a route that takes a body. */
  RouteDraft makes(Class<?> type, String accepted) {
    return makes().body(type, accepted);
  }

  /** The body it takes. */
  RouteDraft body(Class<?> type, String accepted) {
    body = Optional.of(type);
    example = Optional.of(accepted);
    return this;
  }

  /** Ends the route as one for inference requests in the protocol of this envelope. */
  void inference(Envelope protocol, String accepted, Dialect dialect) {
    meter = Meter.INFERENCE;
    example = Optional.of(accepted);
    envelope(protocol).add(new Handler.Inference(dialect));
  }

  RouteDraft envelope(Envelope protocol) {
    envelope = protocol;
    return this;
  }

  /** The body it answers with. */
  RouteDraft answers(Class<?> type) {
    answer = new Shape.Body(type);
    return this;
  }

  /** As {@link #by}, with the body it answers with. */
  void answers(Class<?> type, Handler.Json handler) {
    answers(type).by(handler);
  }

  /** A page for people. */
  RouteDraft page() {
    answer = new Shape.Page();
    return this;
  }

  /** Ends the route and puts it into the table. */
  void by(Handler.Json handler) {
    add(handler);
  }

  /** As {@link #by}, of a route that anybody may call. */
  void openBy(Handler.Open handler) {
    access = new Access.Public();
    add(handler);
  }

  private void add(Handler handler) {
    table.accept(
        new Route(
            method,
            path,
            envelope,
            access,
            meter,
            handler,
            Map.copyOf(ids),
            List.copyOf(query),
            example,
            changes,
            new About(summary, body, answer)));
  }
}

package io.bitrouter.node.http;

import io.bitrouter.core.catalog.NearestName;
import io.bitrouter.core.control.CrossAccessLog;
import io.bitrouter.core.control.Origin;
import io.bitrouter.core.credential.Authenticator;
import io.bitrouter.core.credential.Caller;
import io.bitrouter.core.credential.ScopeSet;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.gateway.ClientExchange;
import io.bitrouter.core.gateway.Dialect;
import io.bitrouter.core.gateway.HeaderField;
import io.bitrouter.core.gateway.InferencePipeline;
import io.bitrouter.core.gateway.PresentedCredentials;
import io.bitrouter.core.gateway.ReplyHead;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.store.AlreadyAnsweredException;
import io.bitrouter.core.store.StoreUnavailableException;
import io.bitrouter.wire.DialectRegistry;
import io.bitrouter.wire.FlatErrors;
import io.bitrouter.wire.control.ControlJson;
import io.bitrouter.wire.error.Redaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds the route of a request and lets nobody through who may not call it. Checks in this order:
 * credential (401), operator credential in the wrong place (403), namespace in the path (404),
 * scope (403); everything else is the handler's. Thread-safe.
 */
public final class Router {

  private static final String JSON = "application/json";

  private final List<Route> routes;
  private final Map<String, Route> fixed = new HashMap<>();
  private final PathAliases aliases = new PathAliases();
  private final Parts parts;

  /** What a router works with besides its routes. */
  record Parts(
      Authenticator authenticator,
      InferencePipeline pipeline,
      DialectRegistry dialects,
      KeptAnswers kept,
      CrossAccessLog crossings) {}

  Router(List<Route> routes, Parts parts) {
    this.routes = List.copyOf(routes);
    this.parts = parts;
    for (Route route : routes) {
      if (route.path().parameters().isEmpty()) {
        fixed.put(route.method() + " " + route.path().text(), route);
      }
    }
  }

  /** The table. */
  public List<Route> routes() {
    return routes;
  }

  /** Serves one request; answers it in every case. */
  public void serve(ClientExchange exchange) {
    String path = aliases.resolve(exchange.path());
    Optional<Route> direct = Optional.ofNullable(fixed.get(exchange.method() + " " + path));
    if (direct.isPresent()) {
      serve(direct.get(), exchange, Map.of());
      return;
    }
    List<String> otherMethods = new ArrayList<>();
    for (Route route : routes) {
      Optional<Map<String, String>> params = route.path().match(path);
      if (params.isPresent()) {
        if (route.method().equals(exchange.method())) {
          serve(route, exchange, params.get());
          return;
        }
        otherMethods.add(route.method());
      }
    }
    List<Route> verbs = verbs(exchange.method(), path);
    if (verbs.isEmpty()) {
      unrouted(exchange, otherMethods);
    } else {
      otherVerb(exchange, verbs);
    }
  }

  /** The routes of which a path that ends with a verb has the form, but for the verb. */
  private List<Route> verbs(String method, String path) {
    return path.indexOf(':', path.lastIndexOf('/')) < 0
        ? List.of()
        : routes.stream()
            .filter(route -> route.method().equals(method) && !route.path().ending().isEmpty())
            .filter(route -> route.path().matchesButEnding(path))
            .toList();
  }

  private void otherVerb(ClientExchange exchange, List<Route> verbs) {
    Refusal refusal =
        Refusal.of(RefusalCode.NOT_FOUND, "no route " + shown(exchange))
            .withHint(
                "the verbs there are: "
                    + verbs.stream()
                        .map(route -> route.path().ending())
                        .collect(Collectors.joining(", ")));
    reply(exchange, render(verbs.getFirst().envelope(), refusal, exchange), List.of());
  }

  private void serve(Route route, ClientExchange exchange, Map<String, String> params) {
    switch (route.handler()) {
      case Handler.Open open -> open.handle(exchange);
      case Handler.Inference(Dialect dialect) -> parts.pipeline().serve(exchange, dialect);
      case Handler.Json json -> {
        Warnings warnings = new Warnings();
        Outcome<Object> outcome;
        try {
          outcome =
              parts
                  .authenticator()
                  .authenticate(PresentedCredentials.in(exchange))
                  .then(caller -> admit(route, caller, params, exchange))
                  .then(caller -> {
                    warnings.parameters(exchange.queryNames(), route.query());
                    return dryRun(route, exchange)
                        .map(dryRun ->
                            new ControlRequest(
                                exchange, caller, params, warnings, new Sent(exchange, dryRun)));
                  })
                  .then(request -> handle(route, json, request));
        } catch (StoreUnavailableException e) {
          outcome = Outcome.refused(storeUnavailable());
        } catch (AlreadyAnsweredException e) {
          outcome = Outcome.refused(KeptAnswers.racing());
        }
        answer(route, exchange, outcome, warnings);
      }
    }
  }

  private Outcome<Object> handle(Route route, Handler.Json json, ControlRequest request) {
    return parts
        .kept()
        .replay(request, route)
        .then(answer -> answer.isPresent() ? Outcome.done(answer.get()) : json.handle(request));
  }

  private static Outcome<Boolean> dryRun(Route route, ClientExchange exchange) {
    if (!route.query().contains(Route.DRY_RUN)) {
      return Outcome.done(false);
    }
    return switch (exchange.query(Route.DRY_RUN).orElse("false")) {
      case "true" -> Outcome.done(true);
      case "false" -> Outcome.done(false);
      default -> ControlRequest.invalid(Route.DRY_RUN, "dry_run is neither true nor false");
    };
  }

  private Outcome<Caller> admit(
      Route route, Caller caller, Map<String, String> params, ClientExchange exchange) {
    return switch (route.access()) {
      case Access.Public unused -> Outcome.done(caller);
      case Access.AnyCredential unused -> Outcome.done(caller);
      case Access.KeyWith(List<String> scopes) ->
          switch (caller) {
            case Caller.Operator unused -> Outcome.refused(InferencePipeline.operatorMustEnter());
            case Caller.Key key -> inside(route, key, scopes, params, exchange);
          };
      case Access.OperatorWith(String scope) ->
          switch (caller) {
            case Caller.Operator operator ->
                scoped(operator, operator.grant().scopes(), List.of(scope));
            case Caller.Key unused ->
                Outcome.refused(RefusalCode.FORBIDDEN, "this route needs an operator credential");
          };
      case Access.KeyOrOperator(String keyScope, String operatorScope) ->
          switch (caller) {
            case Caller.Operator operator ->
                scoped(operator, operator.grant().scopes(), List.of(operatorScope));
            case Caller.Key key -> inside(route, key, List.of(keyScope), params, exchange);
          };
    };
  }

  /** A key that names another namespace is told what one hears of a namespace that is not there. */
  private Outcome<Caller> inside(
      Route route,
      Caller.Key key,
      List<String> scopes,
      Map<String, String> params,
      ClientExchange exchange) {
    for (Map.Entry<String, Route.IdKind> id : route.ids().entrySet()) {
      String given = params.getOrDefault(id.getKey(), "");
      if (id.getValue() == Route.IdKind.NAMESPACE
          && !given.equals("me")
          && !given.equals(key.grant().namespace().text())) {
        parts
            .crossings()
            .note(
                key,
                Redaction.of(given),
                new Origin(exchange.requestId(), exchange.remoteAddress()));
        return Outcome.refused(RefusalCode.NOT_FOUND, "no such namespace");
      }
    }
    return scoped(key, key.grant().scopes(), scopes);
  }

  private static Outcome<Caller> scoped(Caller caller, ScopeSet held, List<String> scopes) {
    Optional<String> missing = held.firstMissing(scopes);
    return missing.isEmpty()
        ? Outcome.done(caller)
        : Outcome.refused(RefusalCode.FORBIDDEN, "missing required scope: " + missing.get());
  }

  private void answer(
      Route route, ClientExchange exchange, Outcome<Object> outcome, Warnings warnings) {
    switch (outcome) {
      case Outcome.Done<Object>(Object done) -> {
        Answer answer = done instanceof Answer whole ? whole : new Answer(done, List.of());
        List<HeaderField> fields = new ArrayList<>(answer.fields());
        warnings.field().ifPresent(fields::add);
        byte[] bytes =
            answer.body() instanceof byte[] written ? written : ControlJson.bytes(answer.body());
        exchange.reply(new ReplyHead(200, JSON, fields), bytes);
      }
      case Outcome.Refused<Object>(Refusal refusal) -> {
        Dialect.RenderedRefusal rendered = render(route.envelope(), refusal, exchange);
        reply(exchange, rendered, warnings.field().stream().toList());
      }
    }
  }

  private void unrouted(ClientExchange exchange, List<String> otherMethods) {
    Refusal refusal =
        otherMethods.isEmpty()
            ? meant(exchange, Refusal.of(RefusalCode.NOT_FOUND, "no route " + shown(exchange)))
            : Refusal.of(RefusalCode.METHOD_NOT_ALLOWED, "no route " + shown(exchange))
                .withHint("this path takes " + String.join(", ", otherMethods));
    Dialect.RenderedRefusal rendered = render(Route.Envelope.FLAT, refusal, exchange);
    reply(
        exchange,
        rendered,
        otherMethods.isEmpty()
            ? List.of()
            : List.of(new HeaderField("allow", String.join(", ", otherMethods))));
  }

  /** Names the path that was meant, if one is near. */
  private Refusal meant(ClientExchange exchange, Refusal refusal) {
    List<String> paths =
        fixed.values().stream()
            .filter(route -> route.method().equals(exchange.method()))
            .map(route -> route.path().text())
            .sorted()
            .toList();
    return NearestName.of(exchange.path(), paths)
        .map(near -> refusal.withHint("did you mean " + exchange.method() + " " + near + "?"))
        .orElse(refusal);
  }

  /** A refusal in the shape that the client of a route understands. */
  private Dialect.RenderedRefusal render(
      Route.Envelope envelope, Refusal refusal, ClientExchange exchange) {
    return switch (envelope) {
      case FLAT -> FlatErrors.render(refusal, exchange.requestId());
      case CHAT -> render(Protocol.CHAT, refusal, exchange);
      case MESSAGES -> render(Protocol.MESSAGES, refusal, exchange);
      case RESPONSES -> render(Protocol.RESPONSES, refusal, exchange);
      case GEMINI -> render(Protocol.GEMINI, refusal, exchange);
      case BY_CLIENT ->
          render(
              exchange.headers().first("anthropic-version").isPresent()
                  ? Protocol.MESSAGES
                  : Protocol.CHAT,
              refusal,
              exchange);
    };
  }

  private Dialect.RenderedRefusal render(
      Protocol protocol, Refusal refusal, ClientExchange exchange) {
    return parts.dialects().of(protocol).render(refusal, exchange.requestId());
  }

  private static void reply(
      ClientExchange exchange, Dialect.RenderedRefusal rendered, List<HeaderField> more) {
    List<HeaderField> fields = new ArrayList<>(rendered.head().fields());
    fields.addAll(more);
    exchange.reply(
        new ReplyHead(rendered.head().status(), rendered.head().contentType(), fields),
        rendered.body());
  }

  /** The request as the client wrote it, without a key that it put into the path by mistake. */
  private static String shown(ClientExchange exchange) {
    String path = Redaction.of(exchange.path());
    return exchange.method() + " " + (path.length() <= 200 ? path : path.substring(0, 200) + "…");
  }

  private static Refusal storeUnavailable() {
    return Refusal.of(
            RefusalCode.STORE_UNAVAILABLE,
            "the node's store cannot be reached; nothing has changed")
        .withRetryAfter(1);
  }
}

package io.bitrouter.it.isolation;

import io.bitrouter.core.credential.Scope;
import io.bitrouter.node.http.Access;
import io.bitrouter.node.http.Route;
import io.bitrouter.node.http.Route.IdKind;
import io.bitrouter.testkit.ControlClient;
import io.bitrouter.testkit.Reply;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Every route × every credential × every id. What to expect is derived from the route's own
 * declaration; before a refusal counts, the same request with the right credential and the caller's
 * own ids must have been answered 2xx, so that no route passes by refusing everything.
 */
final class IsolationMatrix {

  /** Path parameters that identify nothing of a namespace's own. */
  private static final Set<IdKind> NO_IDS = Set.of(IdKind.MODEL, IdKind.PRINCIPAL_TYPE);

  private final ControlClient anonymous;
  private final Credentials credentials;
  private final Handles handles;
  private final BiConsumer<Route, Reply> served;
  private final List<String> complaints = new ArrayList<>();
  private int tried;

  IsolationMatrix(
      ControlClient anonymous,
      Credentials credentials,
      Handles handles,
      BiConsumer<Route, Reply> served) {
    this.served = served;
    this.anonymous = anonymous;
    this.credentials = credentials;
    this.handles = handles;
  }

  /** Everything that was not as it must be, a line each. */
  List<String> check(List<Route> routes) {
    routes.forEach(this::check);
    return List.copyOf(complaints);
  }

  /** Requests made. */
  int tried() {
    return tried;
  }

  private void check(Route route) {
    switch (route.access()) {
      case Access.Public unused -> open(route);
      case Access.AnyCredential unused -> {
        accepted(route, credentials.full());
        accepted(route, credentials.operator());
        unauthenticated(route);
      }
      case Access.KeyWith(List<String> scopes) -> {
        accepted(route, credentials.full());
        unauthenticated(route);
        scopes.forEach(scope -> underScoped(route, scope));
        expect(route, credentials.operator(), own(route), 403, "must enter a namespace first");
        foreignIds(route, scopes);
        foreignElsewhere(route);
      }
      case Access.OperatorWith unused -> {
        accepted(route, credentials.operator());
        unauthenticated(route);
        expect(route, credentials.full(), own(route), 403, "needs an operator credential");
        expect(route, credentials.full(), foreign(route), 403, "needs an operator credential");
        unknownIds(route);
      }
      case Access.KeyOrOperator(String scope, String unused) -> {
        accepted(route, credentials.full());
        accepted(route, credentials.operator());
        unauthenticated(route);
        underScoped(route, scope);
      }
    }
  }

  private void open(Route route) {
    for (String token : List.of("", credentials.full(), credentials.revoked())) {
      Reply reply = send(route, token, Map.of());
      complainUnless(reply.status() == 200, route, "a public page answers anybody", reply);
    }
  }

  private void accepted(Route route, String token) {
    Reply reply = send(route, token, own(route), handles.neededQuery(route));
    complainUnless(
        reply.status() == handles.acceptedStatus(route),
        route,
        "own ids and credential are served",
        reply);
    served.accept(route, reply);
  }

  private void unauthenticated(Route route) {
    for (String token : List.of("", Credentials.MALFORMED, credentials.unknown())) {
      expect(route, token, own(route), 401, "no valid BitRouter key");
    }
    expect(route, credentials.revoked(), own(route), 401, "has been revoked");
    expect(route, credentials.expired(), own(route), 401, "has expired");
  }

  private void underScoped(Route route, String scope) {
    List<String> others = Scope.OF_A_KEY.stream().filter(other -> !other.equals(scope)).toList();
    String narrow = Credentials.narrow(anonymous.with(credentials.full()), others);
    expect(route, narrow, own(route), 403, "missing required scope: " + scope);
  }

  /** Each id in the path in turn: somebody else's must answer as one that never existed. */
  private void foreignIds(Route route, List<String> scopes) {
    for (Map.Entry<String, IdKind> id : route.ids().entrySet()) {
      if (NO_IDS.contains(id.getValue())) {
        continue;
      }
      Map<String, String> base = own(route);
      String theirs = handles.foreign(id.getValue());
      String nobodys = handles.random(id.getValue());
      for (String token : List.of(credentials.full(), narrowTo(scopes))) {
        Reply foreign = send(route, token, with(base, id.getKey(), theirs));
        Reply random = send(route, token, with(base, id.getKey(), nobodys));
        complainUnless(foreign.status() == 404, route, "a foreign " + id + " is 404", foreign);
        complainUnless(
            Likeness.of(foreign, theirs).equals(Likeness.of(random, nobodys)),
            route,
            "a foreign " + id + " answers like a random one, which answered " + random,
            foreign);
      }
    }
  }

  private String narrowTo(List<String> scopes) {
    return Credentials.narrow(
        anonymous.with(credentials.full()), scopes.isEmpty() ? List.of("usage:read") : scopes);
  }

  /** Foreign ids in query parameters and in every text of the body. */
  private void foreignElsewhere(Route route) {
    for (IdKind kind : List.of(IdKind.NAMESPACE, IdKind.KEY, IdKind.POLICY)) {
      String theirs = handles.foreign(kind);
      String nobodys = handles.random(kind);
      for (String name : route.query()) {
        Reply foreign = send(route, credentials.full(), own(route), "?" + name + "=" + theirs);
        Reply random = send(route, credentials.full(), own(route), "?" + name + "=" + nobodys);
        alike(route, "query parameter " + name, foreign, theirs, random, nobodys);
      }
      List<String> theirBodies = BodyTexts.replaceEach(route.exampleBody().orElse(""), theirs);
      List<String> otherBodies = BodyTexts.replaceEach(route.exampleBody().orElse(""), nobodys);
      for (int i = 0; i < theirBodies.size(); i++) {
        Reply foreign = sendBody(route, theirBodies.get(i));
        Reply random = sendBody(route, otherBodies.get(i));
        alike(route, "text " + i + " of the body", foreign, theirs, random, nobodys);
      }
    }
  }

  private void alike(
      Route route, String where, Reply foreign, String theirs, Reply random, String nobodys) {
    complainUnless(
        Likeness.loosely(foreign, theirs).equals(Likeness.loosely(random, nobodys)),
        route,
        "a foreign id in " + where + " answers like a random one, which answered " + random,
        foreign);
  }

  private void unknownIds(Route route) {
    for (Map.Entry<String, IdKind> id : route.ids().entrySet()) {
      Map<String, String> unknown = with(own(route), id.getKey(), handles.random(id.getValue()));
      expect(route, credentials.operator(), unknown, 404, "no such ");
    }
  }

  private void expect(
      Route route, String token, Map<String, String> ids, int status, String words) {
    Reply reply = send(route, token, ids);
    complainUnless(
        reply.status() == status && reply.text().contains(words),
        route,
        "expected " + status + " '" + words + "'",
        reply);
  }

  private void complainUnless(boolean right, Route route, String what, Reply reply) {
    if (!right) {
      complaints.add(route.method() + " " + route.path().text() + ": " + what + "; got " + reply);
    }
  }

  /** Fresh ids of the caller's own for each parameter, so that a route may destroy them. */
  private Map<String, String> own(Route route) {
    Map<String, String> ids = new LinkedHashMap<>();
    // In the order of the path: a binding is one of the policy before it.
    for (String name : route.path().parameters()) {
      ids.put(name, handles.own(route.ids().get(name)));
    }
    return ids;
  }

  private Map<String, String> foreign(Route route) {
    Map<String, String> ids = new LinkedHashMap<>();
    route.ids().forEach((name, kind) -> ids.put(name, handles.foreign(kind)));
    return ids;
  }

  private static Map<String, String> with(Map<String, String> ids, String name, String value) {
    Map<String, String> changed = new LinkedHashMap<>(ids);
    changed.put(name, value);
    return changed;
  }

  private Reply send(Route route, String token, Map<String, String> ids) {
    return send(route, token, ids, "");
  }

  private Reply send(Route route, String token, Map<String, String> ids, String query) {
    tried++;
    return anonymous
        .with(token)
        .send(
            route.method(),
            route.path().fill(ids) + query,
            handles.unique(route.exampleBody().orElse("")),
            Map.of());
  }

  private Reply sendBody(Route route, String body) {
    tried++;
    return anonymous
        .with(credentials.full())
        .send(route.method(), route.path().fill(own(route)), body, Map.of());
  }
}

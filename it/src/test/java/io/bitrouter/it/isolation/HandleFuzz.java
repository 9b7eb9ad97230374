package io.bitrouter.it.isolation;

import io.bitrouter.node.http.Access;
import io.bitrouter.node.http.Route;
import io.bitrouter.node.http.Route.IdKind;
import io.bitrouter.testkit.ControlClient;
import io.bitrouter.testkit.Reply;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Every position of an id in a path, filled with everything that is not one: no answer shows
 * anything of a neighbour and none is the node's fault.
 */
final class HandleFuzz {

  /** Statuses that a wrong id may have; 400 where the method needs a body that is missing. */
  private static final List<Integer> REFUSED = List.of(400, 401, 403, 404, 405);

  /** Kinds whose positions are filled with an id of one's own; a binding is one of that policy. */
  private static final List<IdKind> OWN =
      List.of(
          IdKind.KEY,
          IdKind.POLICY,
          IdKind.BINDING,
          IdKind.BUDGET,
          IdKind.PRESET,
          IdKind.REQUEST,
          IdKind.STORED_RESPONSE,
          IdKind.PRINCIPAL_TYPE,
          IdKind.PRINCIPAL);

  private final ControlClient client;
  private final List<String> texts;
  private final Map<IdKind, String> own = new EnumMap<>(IdKind.class);
  private final List<String> complaints = new ArrayList<>();
  private int tried;

  HandleFuzz(ControlClient client, Handles handles, String neighbourId) {
    this.client = client;
    this.texts = texts(neighbourId, handles);
    OWN.forEach(kind -> own.put(kind, handles.own(kind)));
  }

  /** Everything that was not refused, a line each. */
  List<String> check(List<Route> routes) {
    for (Route route : routes) {
      if (route.access() instanceof Access.KeyWith) {
        route.ids().forEach((name, kind) -> texts.forEach(text -> check(route, name, kind, text)));
      }
    }
    return List.copyOf(complaints);
  }

  /** Requests made. */
  int tried() {
    return tried;
  }

  private void check(Route route, String position, IdKind kind, String text) {
    Map<String, String> ids = new LinkedHashMap<>();
    route
        .path()
        .parameters()
        .forEach(name -> ids.put(name, own.getOrDefault(route.ids().get(name), "me")));
    ids.put(position, text);
    Reply reply =
        client.send(
            route.method(), route.path().fill(ids), route.exampleBody().orElse(""), Map.of());
    tried++;
    boolean meantToWork =
        kind == IdKind.PRINCIPAL_TYPE || kind == IdKind.NAMESPACE && text.equals("me");
    if (!meantToWork && !REFUSED.contains(reply.status()) || reply.status() >= 500) {
      complaints.add(
          "%s %s with %s=%s: %s"
              .formatted(route.method(), route.path().text(), position, text, reply));
    }
  }

  private static List<String> texts(String foreign, Handles handles) {
    List<String> texts =
        new ArrayList<>(
            List.of(
                "root",
                ".",
                "..",
                "%2e%2e",
                "%2f",
                "%2F..%2F",
                "%00",
                "%0d%0a",
                "%25",
                "%C3%28",
                "null",
                "-1",
                "0",
                "*",
                "effective",
                "ME",
                "Me",
                "me%20",
                "%6de%00",
                "ns_",
                "key_",
                "' OR '1'='1".replace(" ", "%20").replace("'", "%27"),
                encoded("m\u00e9"),
                encoded(Normalizer.normalize("m\u00e9", Normalizer.Form.NFD)),
                encoded("\uff4d\uff45"),
                "x".repeat(4_000)));
    texts.add("me");
    texts.addAll(
        List.of(
            foreign,
            foreign.toUpperCase(Locale.ROOT),
            foreign + "%00",
            foreign + "%2f",
            "%20" + foreign,
            foreign.substring(0, foreign.length() - 1)));
    for (IdKind kind : IdKind.values()) {
      if (kind != IdKind.MODEL && kind != IdKind.PRINCIPAL_TYPE && kind != IdKind.OPERATOR) {
        texts.add(handles.foreign(kind));
      }
    }
    return texts;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}

package io.bitrouter.it.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.node.http.Access;
import io.bitrouter.node.http.Route;
import io.bitrouter.node.http.Route.IdKind;
import io.bitrouter.testkit.ControlClient;
import io.bitrouter.testkit.Reply;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every position of an id in a path, filled with everything that is not one: no answer shows
 * anything of a neighbour and none is the node's fault.
 */
class HandleFuzzTest {

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
          IdKind.PRINCIPAL_TYPE,
          IdKind.PRINCIPAL);

  @TempDir Path folder;

  @Test
  void nothingThatIsNoIdOpensAnything() throws Exception {
    try (World world = World.start(folder.resolve("home"))) {
      ControlClient watched = world.watched();
      Handles handles = world.handles();
      String before = world.neighbourState();
      List<String> foreignIds = new ArrayList<>();
      for (IdKind kind : IdKind.values()) {
        if (kind != IdKind.MODEL && kind != IdKind.PRINCIPAL_TYPE && kind != IdKind.OPERATOR) {
          foreignIds.add(handles.foreign(kind));
        }
      }
      Map<IdKind, String> own = new EnumMap<>(IdKind.class);
      for (IdKind kind : OWN) {
        own.put(kind, handles.own(kind));
      }
      int tried = 0;
      for (Route route : world.routes()) {
        if (!(route.access() instanceof Access.KeyWith) || route.ids().isEmpty()) {
          continue;
        }
        for (Map.Entry<String, IdKind> position : route.ids().entrySet()) {
          for (String text : texts(world, foreignIds)) {
            Map<String, String> ids = new LinkedHashMap<>();
            route
                .path()
                .parameters()
                .forEach(name -> {
                  IdKind kind = route.ids().get(name);
                  ids.put(name, kind == IdKind.NAMESPACE ? "me" : own.getOrDefault(kind, "me"));
                });
            ids.put(position.getKey(), text);
            Reply reply =
                watched.send(
                    route.method(),
                    route.path().fill(ids),
                    route.exampleBody().orElse(""),
                    Map.of());
            tried++;
            boolean meantToWork =
                text.equals("me") && position.getValue() == IdKind.NAMESPACE
                    || position.getValue() == IdKind.PRINCIPAL_TYPE;
            if (!meantToWork) {
              assertThat(reply.status())
                  .as(
                      "%s %s with %s=%s: %s",
                      route.method(), route.path().text(), position.getKey(), text, reply)
                  .isIn(REFUSED);
            }
          }
        }
      }
      assertThat(tried).isGreaterThan(500);
      assertThat(world.sightings()).isEmpty();
      assertThat(world.neighbourState()).isEqualTo(before);
    }
  }

  private static List<String> texts(World world, List<String> foreignIds) {
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
    String foreign = world.neighbourId();
    texts.addAll(
        List.of(
            foreign,
            foreign.toUpperCase(Locale.ROOT),
            foreign + "%00",
            foreign + "%2f",
            "%20" + foreign,
            foreign.substring(0, foreign.length() - 1)));
    texts.addAll(foreignIds);
    return texts;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}

package io.bitrouter.it.node;

import io.bitrouter.testkit.ControlClient;
import io.bitrouter.testkit.Sightings;
import io.bitrouter.testkit.TestKey;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;

/**
 * Another namespace on a test's node, with a key and a row and a marker in every name: afterwards
 * its things are as they were, and nobody has seen the marker.
 *
 * @param key its key, whose ids are foreign handles
 * @param state what it sees of its own
 */
public record Neighbour(TestKey key, String state) {

  private static final String MARKER = "zqneighbour";
  private static final List<String> STATE =
      List.of("/v1/namespaces", "/v1/namespaces/me/requests", "/v1/namespaces/me/keys/");

  /** Plants it; from now on {@code sightings} look out for its marker. */
  public static Neighbour plant(RunningNode node, Sightings sightings) {
    TestKey key = node.mint(node.createNamespace(MARKER), MARKER + " key", TestKey.ALL_SCOPES);
    node.unwatched(key.token())
        .send(
            "POST",
            "/v1/chat/completions",
            "{\"model\":\"" + MARKER + "\"}",
            Map.of("x-request-id", MARKER))
        .mustBe(404);
    sightings.forbid(MARKER);
    return new Neighbour(key, state(node, key));
  }

  /** Checks it, on the same node or on another one in the same home. */
  public void mustBeAsBefore(RunningNode node, Sightings sightings) {
    mustBeUnseen(sightings);
    String now = state(node, key);
    if (!now.equals(state)) {
      throw new AssertionError("the neighbour's things have changed, they are now\n" + now);
    }
  }

  /** Checks the log too, when the node has stopped. */
  public void mustNotBeLogged(RunningNode stopped, Sightings sightings) throws IOException {
    sightings.saw("log", Files.readString(stopped.home().resolve("logs/node.log")));
    mustBeUnseen(sightings);
  }

  private static void mustBeUnseen(Sightings sightings) {
    List<String> found = sightings.found();
    if (!found.isEmpty()) {
      throw new AssertionError("the neighbour was seen:\n" + String.join("\n", found));
    }
  }

  /** What it sees of its own, without what looking changes. */
  private static String state(RunningNode node, TestKey key) {
    ControlClient client = node.unwatched(key.token());
    StringBuilder state = new StringBuilder();
    for (String path : STATE) {
      String id = path.endsWith("/") ? key.id() : "";
      state.append(client.get(path + id).mustBe(200).text()).append('\n');
    }
    return state.toString().replaceAll("\"last_used_at\":\"[^\"]*\"", "");
  }
}

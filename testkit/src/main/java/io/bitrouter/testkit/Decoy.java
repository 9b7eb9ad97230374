package io.bitrouter.testkit;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A neighbouring namespace with keys and usage of its own, in every name of which there is a word
 * that nobody else may see. Its ids are what a test uses as foreign handles. Thread-safe.
 */
public final class Decoy {

  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final NodeProcess node;
  private final String marker;
  private final TestKey key;
  private final TestKey other;
  private final Set<String> rowIds;

  private Decoy(NodeProcess node, String marker, TestKey key, TestKey other, Set<String> rowIds) {
    this.node = node;
    this.marker = marker;
    this.key = key;
    this.other = other;
    this.rowIds = rowIds;
  }

  /** A word for a decoy's names that is nowhere else. */
  public static String newMarker() {
    return "zq" + Long.toString(System.nanoTime() & 0xFF_FFFF_FFFFL, 36);
  }

  /** Plants a decoy whose names all hold {@code marker}, lower-case letters and digits. */
  public static Decoy plant(NodeProcess node, String marker) {
    String namespace = node.createNamespace("decoy-" + marker);
    TestKey key = node.mint(namespace, "first " + marker, TestKey.ALL_SCOPES);
    TestKey other = node.mint(namespace, marker + " second", List.of("usage:read"));
    ControlClient client = node.unwatched(key);
    client.send(
        "POST",
        "/v1/chat/completions",
        chat(marker + "-model", marker),
        Map.of("x-request-id", marker + "-unknown"));
    int rows = 1;
    for (JsonNode model : client.get("/v1/models").mustBe(200).json().path("data")) {
      client.send(
          "POST",
          "/v1/chat/completions",
          chat(model.path("id").asString(), marker),
          Map.of("x-request-id", marker + "-real"));
      rows++;
    }
    Decoy decoy = new Decoy(node, marker, key, other, Set.of());
    int expected = rows;
    Awaitility.await()
        .alias("the decoy's rows are stored")
        .atMost(PATIENCE)
        .until(() -> decoy.requests().path("data").size() == expected);
    Set<String> ids = new HashSet<>();
    decoy.requests().path("data").forEach(row -> ids.add(row.path("request_id").asString()));
    return new Decoy(node, marker, key, other, Set.copyOf(ids));
  }

  /** The same neighbour after the node was started again. */
  public Decoy on(NodeProcess another) {
    return new Decoy(another, marker, key, other, rowIds);
  }

  /** The word in all of its names. */
  public String marker() {
    return marker;
  }

  /** Its namespace's id. */
  public String namespaceId() {
    return key.namespaceId();
  }

  /** A key with every scope; what a test's client does with it shows the decoy's things. */
  public TestKey key() {
    return key;
  }

  /** A second key of the namespace. */
  public TestKey otherKey() {
    return other;
  }

  /** Ids of its requests. */
  public Set<String> requestIds() {
    return rowIds;
  }

  /**
   * All that the decoy itself can see of its own, as text: equal before and after a test whose
   * clients are others. When a key was used last is left out, because looking is using.
   */
  public String state() {
    ControlClient client = node.unwatched(key);
    JsonNode keys = client.get("/v1/namespaces/me/keys").mustBe(200).json();
    for (JsonNode one : keys.path("data")) {
      if (one instanceof ObjectNode object) {
        object.remove("last_used_at");
      }
    }
    JsonNode usage = client.get("/v1/namespaces/me/usage").mustBe(200).json();
    if (usage instanceof ObjectNode object) {
      object.remove(List.of("from", "to"));
    }
    return String.join(
        "\n",
        client.get("/v1/namespaces").mustBe(200).text(),
        keys.toString(),
        usage.toString(),
        requests().toString());
  }

  private JsonNode requests() {
    return node.unwatched(key).get("/v1/namespaces/me/requests?limit=100").mustBe(200).json();
  }

  private static String chat(String model, String content) {
    return JsonMapper.shared()
        .writeValueAsString(
            Map.of(
                "model",
                model,
                "max_tokens",
                16,
                "messages",
                List.of(Map.of("role", "user", "content", content))));
  }
}

package io.bitrouter.it.isolation;

import io.bitrouter.node.boot.Node;
import io.bitrouter.node.boot.NodeOptions;
import io.bitrouter.node.http.Route;
import io.bitrouter.testkit.ControlClient;
import io.bitrouter.testkit.Reply;
import io.bitrouter.testkit.Sightings;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * A node in this process, so that its own route table can be read, with two namespaces: {@code
 * default}, whose credentials are tried, and a neighbour with a marker in all its names.
 */
final class World implements AutoCloseable {

  static final String MARKER = "zqneighbour";

  private static final String ALL_SCOPES =
      """
      ["inference:invoke","usage:read","keys:read","keys:write","policy:read","policy:write",\
      "byok:read","byok:write","billing:read","billing:write","namespace:read",\
      "routing_preset:read","routing_preset:write","clients:read","clients:write","user:read"]\
      """;

  private final Node node;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Sightings sightings = new Sightings();
  private final String operator;
  private final String full;
  private final String neighbour;
  private final String neighbourResponse;

  private World(Node node, Path home) throws Exception {
    this.node = node;
    this.operator = Files.readString(home.resolve("secrets/operator.token")).strip();
    ControlClient client = direct(operator);
    String own = client.get("/v1/node/namespaces").mustBe(200).json().at("/data/0/id").asString();
    this.full = mint(client, own, "full");
    String other =
        client
            .post("/v1/node/namespaces", "{\"name\":\"" + MARKER + "\"}")
            .mustBe(200)
            .json()
            .path("id")
            .asString();
    this.neighbour = mint(client, other, MARKER + " key");
    for (String each : List.of(full, neighbour)) {
      direct(each)
          .send("PUT", "/v1/namespaces/me/settings", "{\"store_responses\":true}", Map.of())
          .mustBe(200);
    }
    this.neighbourResponse =
        direct(neighbour)
            .post("/v1/responses", "{\"model\":\"sim/echo\",\"input\":\"" + MARKER + "\"}")
            .mustBe(200)
            .json()
            .path("id")
            .asString();
    direct(neighbour)
        .post(
            "/v1/chat/completions",
            "{\"model\":\"sim/echo\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")
        .mustBe(200);
  }

  static World start(Path home) throws Exception {
    return new World(
        Node.start(new NodeOptions(home, Map.of(), List.of("--listen", "127.0.0.1:0"), "test")),
        home);
  }

  List<Route> routes() {
    return node.routes();
  }

  URI endpoint() {
    return node.endpoint();
  }

  String neighbour() {
    return neighbour;
  }

  String neighbourId() {
    return direct(neighbour)
        .get("/v1/credential")
        .mustBe(200)
        .json()
        .path("namespace_id")
        .asString();
  }

  boolean neighbourHasKey(String id) {
    return direct(neighbour).get("/v1/namespaces/me/keys/" + id).status() == 200;
  }

  /** A matrix whose requests go to {@code endpoint}: the node, or something in front of it. */
  IsolationMatrix matrix(URI endpoint) {
    return matrix(endpoint, (route, reply) -> {});
  }

  /** The same, showing {@code served} what routes answer to their own callers. */
  IsolationMatrix matrix(URI endpoint, BiConsumer<Route, Reply> served) {
    ControlClient anonymous = ControlClient.of(http, endpoint, sightings);
    sightings.forbid(MARKER);
    return new IsolationMatrix(
        anonymous, Credentials.with(direct(""), full, operator), handles(), served);
  }

  /** Where the neighbour's marker was seen in answers to the credentials of a namespace. */
  List<String> sightings() {
    return sightings.found();
  }

  /** A fuzz of ids whose requests go to {@code endpoint}, as the first namespace's key. */
  HandleFuzz fuzz(URI endpoint) {
    sightings.forbid(MARKER);
    return new HandleFuzz(
        ControlClient.of(http, endpoint, sightings).with(full), handles(), neighbourId());
  }

  private Handles handles() {
    return new Handles(direct(full), direct(operator), direct(neighbour), neighbourResponse);
  }

  /** What the neighbour can see of its own, without what looking changes. */
  String neighbourState() {
    ControlClient client = direct(neighbour);
    String rows = client.get("/v1/namespaces/me/requests").mustBe(200).text();
    return client.get("/v1/namespaces").mustBe(200).text() + rows;
  }

  /** A client whose answers are not watched. */
  private ControlClient direct(String token) {
    return ControlClient.of(http, node.endpoint(), new Sightings()).with(token);
  }

  private static String mint(ControlClient operator, String namespace, String name) {
    return operator
        .post(
            "/v1/node/namespaces/" + namespace + "/keys",
            "{\"display_name\":\"" + name + "\",\"scopes\":" + ALL_SCOPES + "}")
        .mustBe(200)
        .json()
        .path("token")
        .asString();
  }

  @Override
  public void close() {
    node.close();
  }
}

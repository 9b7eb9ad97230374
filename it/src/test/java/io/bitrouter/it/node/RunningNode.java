package io.bitrouter.it.node;

import io.bitrouter.node.boot.Node;
import io.bitrouter.node.boot.NodeOptions;
import io.bitrouter.node.boot.StartException;
import io.bitrouter.testkit.ControlClient;
import io.bitrouter.testkit.Sightings;
import io.bitrouter.testkit.TestKey;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A node in this process, on free ports, with clients for it. Thread-safe. */
public final class RunningNode implements AutoCloseable {

  private final Node node;
  private final Path home;
  private final Sightings sightings;
  private final HttpClient http;

  private RunningNode(Node node, Path home, Sightings sightings, HttpClient http) {
    this.node = node;
    this.home = home;
    this.sightings = sightings;
    this.http = http;
  }

  /** Starts a node in {@code home} with this text as its bitrouter.yaml. */
  public static RunningNode start(Path home, String yaml, Sightings sightings)
      throws IOException, StartException {
    Files.writeString(home.resolve("bitrouter.yaml"), yaml);
    return start(home, sightings);
  }

  /** Starts a node in {@code home} as it is. */
  public static RunningNode start(Path home, Sightings sightings) throws StartException {
    return start(home, sightings, HttpClient.newHttpClient());
  }

  /** The same for clients that connect with {@code http}, which is closed with the node. */
  static RunningNode start(Path home, Sightings sightings, HttpClient http) throws StartException {
    return new RunningNode(
        Node.start(new NodeOptions(home, Map.of(), List.of("--listen", "127.0.0.1:0"), "test")),
        home,
        sightings,
        http);
  }

  /** Its main listener. */
  public URI endpoint() {
    return node.endpoint();
  }

  /** Its admin listener. */
  public URI adminEndpoint() {
    return node.adminEndpoint();
  }

  /** Its home. */
  public Path home() {
    return home;
  }

  /** A client without a credential. */
  public ControlClient anonymous() {
    return ControlClient.of(http, node.endpoint(), sightings);
  }

  /** A client with this credential. */
  public ControlClient with(String token) {
    return anonymous().with(token);
  }

  /** A client whose answers are not watched. */
  ControlClient unwatched(String token) {
    return ControlClient.of(http, node.endpoint(), new Sightings()).with(token);
  }

  /** A client with the root operator credential; it may see the neighbour. */
  public ControlClient operator() {
    return unwatched(operatorToken());
  }

  /** The root operator credential. */
  public String operatorToken() {
    try {
      return Files.readString(home.resolve("secrets/operator.token")).strip();
    } catch (IOException e) {
      throw new IllegalStateException("no operator credential", e);
    }
  }

  /** Id of the namespace {@code default}. */
  public String defaultNamespace() {
    return operator().get("/v1/node/namespaces").mustBe(200).json().at("/data/0/id").asString();
  }

  /** Makes a namespace and returns its id. */
  public String createNamespace(String name) {
    return operator()
        .post("/v1/node/namespaces", "{\"name\":\"" + name + "\"}")
        .mustBe(200)
        .json()
        .path("id")
        .asString();
  }

  /** Mints a key of a namespace with the operator credential. */
  public TestKey mint(String namespace, String name, List<String> scopes) {
    JsonNode minted =
        operator()
            .post(
                "/v1/node/namespaces/" + namespace + "/keys",
                JsonMapper.shared()
                    .writeValueAsString(Map.of("display_name", name, "scopes", scopes)))
            .mustBe(200)
            .json();
    return new TestKey(namespace, minted.path("id").asString(), minted.path("token").asString());
  }

  /** The books of the key's namespace. */
  public Ledger ledger(TestKey key) {
    return new Ledger(with(key.token()));
  }

  @Override
  public void close() {
    node.close();
    http.close();
  }
}

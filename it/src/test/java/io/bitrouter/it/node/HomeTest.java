package io.bitrouter.it.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitrouter.node.boot.Main;
import io.bitrouter.node.boot.Node;
import io.bitrouter.node.boot.NodeOptions;
import io.bitrouter.node.boot.StartException;
import io.bitrouter.testkit.Sightings;
import io.bitrouter.testkit.TestKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The folder that holds a node's state: whose it is, who may read it, what it says. */
final class HomeTest {

  @TempDir Path folder;

  private final Sightings sightings = new Sightings();
  private Path home;

  @BeforeEach
  void nameHome() {
    home = folder.resolve("made-by-the-node");
  }

  @Test
  void aSecondNodeIsTurnedAwayAndTheFirstGoesOn() throws Exception {
    Neighbour neighbour;
    try (RunningNode first = start()) {
      neighbour = Neighbour.plant(first, sightings);
      Path sameHome = Files.createSymbolicLink(folder.resolve("link"), home);
      for (Path way : List.of(home, sameHome)) {
        assertThatThrownBy(() -> RunningNode.start(way, new Sightings()))
            .isInstanceOf(StartException.class)
            .hasMessageContaining("holds the home " + way);
      }
      // Being turned away within the process must not have given up the process's lock.
      Path said = folder.resolve("said");
      Process second = serve(said);
      try {
        assertThat(second.waitFor(30, TimeUnit.SECONDS)).as("the second node ended").isTrue();
      } finally {
        second.destroyForcibly();
      }
      assertThat(second.exitValue()).isEqualTo(1);
      assertThat(Files.readString(said))
          .startsWith(
              "bitrouter: another node (pid "
                  + ProcessHandle.current().pid()
                  + ") holds the home "
                  + home)
          .contains("bitrouter stop")
          .hasLineCount(1);
      first.anonymous().get("/health/ready").mustBe(200);
      assertThat(home.resolve("node.json")).exists();
      sightings.saw("second node", Files.readString(said));
    }
    mustLiveOn(neighbour);
  }

  @Test
  void aNodeThatWaitsTakesTheHomeOverWhenItIsFree() throws Exception {
    RunningNode first = start();
    FutureTask<Node> second =
        new FutureTask<>(() ->
            Node.start(
                new NodeOptions(
                    home, Map.of(), List.of("--wait=60", "--listen", "127.0.0.1:0"), "test")));
    Thread.ofPlatform().start(second);
    assertThat(first.anonymous().get("/ping").status()).isEqualTo(200);
    assertThat(second.isDone()).isFalse();
    first.close();
    try (Node node = second.get(30, TimeUnit.SECONDS)) {
      assertThat(node.endpoint().getPort()).isPositive();
    }
  }

  @Test
  void theNodeSaysWhereItIsWhileItRuns() throws Exception {
    Neighbour neighbour = lived();
    Instant before = Instant.now();
    Path file = home.resolve("node.json");
    try (RunningNode node = start()) {
      sightings.saw("node.json", Files.readString(file));
      neighbour.mustBeAsBefore(node, sightings);
      JsonNode json = JsonMapper.shared().readTree(Files.readString(file));
      assertThat(json.path("pid").asLong()).isEqualTo(ProcessHandle.current().pid());
      assertThat(json.path("endpoint").asString()).isEqualTo(node.endpoint().toString());
      assertThat(json.path("admin_endpoint").asString()).isEqualTo(node.adminEndpoint().toString());
      assertThat(json.path("home").asString()).isEqualTo(home.toString());
      assertThat(json.path("version").asString()).isEqualTo("test");
      assertThat(Instant.parse(json.path("started_at").asString()))
          .isBetween(before.minusMillis(1), Instant.now());
      assertThat(json.propertyNames()).hasSize(6);
      assertThat(node.endpoint().getPort()).isNotEqualTo(node.adminEndpoint().getPort());
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void nobodyElseCanReadIt() throws Exception {
    try (RunningNode node = start()) {
      Neighbour neighbour = Neighbour.plant(node, sightings);
      TestKey key = node.mint(node.defaultNamespace(), "test", TestKey.ALL_SCOPES);
      node.with(key.token()).post("/v1/messages", "{\"model\":\"sim/echo\"}");
      assertThat(readableByOthers()).isEmpty();
      neighbour.mustBeAsBefore(node, sightings);
    }
    assertThat(readableByOthers()).isEmpty();
  }

  @Test
  void secretsThatOthersCanReadAreRefused() throws Exception {
    Neighbour neighbour = lived();
    for (String name : List.of("pepper", "operator.token")) {
      Path secret = home.resolve("secrets").resolve(name);
      for (String open : List.of("rw-r-----", "rw----r--", "rw--w----")) {
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString(open));
        assertThatThrownBy(this::start)
            .isInstanceOf(StartException.class)
            .hasMessageContaining(secret.toString())
            .hasMessageContaining("chmod 600");
      }
      Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    }
    mustLiveOn(neighbour);
  }

  @Test
  void aPepperThatCannotBeReadStopsTheStart() throws Exception {
    Neighbour neighbour = lived();
    Path pepper = home.resolve("secrets/pepper");
    String kept = Files.readString(pepper);
    for (String broken : List.of("p1 not base64!\n", "p1\n", "\n", "")) {
      Files.writeString(pepper, broken);
      assertThatThrownBy(this::start)
          .as("pepper '%s'", broken)
          .isInstanceOf(StartException.class)
          .hasMessageContaining(pepper.toString());
    }
    Files.delete(pepper);
    assertThatThrownBy(this::start)
        .as("a lost pepper is not made anew")
        .isInstanceOf(StartException.class)
        .hasMessageContaining(pepper + " is missing");
    assertThat(pepper).doesNotExist();
    Files.writeString(pepper, kept);
    Files.setPosixFilePermissions(pepper, PosixFilePermissions.fromString("rw-------"));
    mustLiveOn(neighbour);
  }

  @Test
  void aLostOperatorCredentialIsIssuedAnew() throws Exception {
    String first;
    TestKey key;
    Neighbour neighbour;
    try (RunningNode node = start()) {
      neighbour = Neighbour.plant(node, sightings);
      first = node.operatorToken();
      key = node.mint(node.defaultNamespace(), "test", TestKey.ALL_SCOPES);
      assertThat(first).matches("bro_[0-9A-Za-z]{16}\\.[0-9A-Za-z]{38}");
    }
    Files.delete(home.resolve("secrets/operator.token"));
    try (RunningNode node = start()) {
      assertThat(node.operatorToken()).isNotEqualTo(first);
      assertThat(node.defaultNamespace()).isEqualTo(key.namespaceId());
      node.with(key.token()).get("/v1/credential").mustBe(200);
      neighbour.mustBeAsBefore(node, sightings);
    }
  }

  @Test
  void aHomeThatCannotBeMadeIsSaidSo() throws Exception {
    Files.writeString(home, "a file where the folder should be");
    assertThatThrownBy(this::start)
        .isInstanceOf(StartException.class)
        .hasMessageContaining(home.toString())
        .hasMessageContaining("BITROUTER_HOME");
  }

  /** A node has run here, with a neighbour. */
  private Neighbour lived() throws StartException {
    try (RunningNode node = start()) {
      return Neighbour.plant(node, sightings);
    }
  }

  /** A node runs here, and the neighbour's things are as they were. */
  private void mustLiveOn(Neighbour neighbour) throws Exception {
    RunningNode node = start();
    try (node) {
      neighbour.mustBeAsBefore(node, sightings);
    }
    neighbour.mustNotBeLogged(node, sightings);
  }

  private RunningNode start() throws StartException {
    return RunningNode.start(home, sightings);
  }

  /** The program itself, as the launcher starts it. */
  private Process serve(Path said) throws IOException {
    ProcessBuilder process =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "serve",
            "--listen",
            "127.0.0.1:0");
    process.environment().put("BITROUTER_HOME", home.toString());
    return process.redirectErrorStream(true).redirectOutput(said.toFile()).start();
  }

  private List<String> readableByOthers() throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.toList()) {
        String permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        boolean behindAPrivateFolder = file.startsWith(home.resolve("logs"));
        if (!permissions.endsWith("------") && !behindAPrivateFolder) {
          found.add(permissions + " " + file);
        }
      }
    }
    return found;
  }
}

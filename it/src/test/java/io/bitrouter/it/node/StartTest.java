package io.bitrouter.it.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitrouter.node.boot.Node;
import io.bitrouter.node.boot.NodeOptions;
import io.bitrouter.node.boot.StartException;
import io.bitrouter.testkit.Sightings;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Starts that must not be: what is wrong is said, and nothing is left open. */
final class StartTest {

  @TempDir Path home;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "server: {listne: 1}|server.listne",
        "sevrer: {}|sevrer",
        "server: {listen: nowhere}|server.listen",
        "server: {drain_secs: -1}|server.drain_secs",
        "upstream: {idle_ms: soon}|upstream.idle_ms",
        "journal: {max_bytes: 1KiB}|journal.max_bytes",
        "journal: {sync: sometimes}|journal.sync",
        "simulator: {enabled: perhaps}|simulator.enabled",
        "providers: {x: {api_base: http://h/v1, protocol: soap, models:"
            + " [m]}}|providers.x.protocol",
        "providers: {x: {protocol: chat, models: [m]}}|providers.x.api_base",
        "providers: {x: {api_base: http://h, api_key: \"${NOT_SET_ANYWHERE}\"}}|NOT_SET_ANYWHERE",
        "server: {listen: 127.0.0.1:1, listen: 127.0.0.1:2}|listen",
        "server: ]|bitrouter.yaml",
      })
  void aWrongConfigurationStopsTheStartAndSaysWhere(String yaml, String path) throws Exception {
    Files.writeString(home.resolve("bitrouter.yaml"), "# line 1\n" + yaml + "\n");
    assertThatThrownBy(() -> start("--listen", "127.0.0.1:0"))
        .isInstanceOf(StartException.class)
        .hasMessageContaining(path)
        .hasMessageContaining("bitrouter.yaml:2");
    assertThat(home.resolve("node.json")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "true", "false"})
  void whatAProviderLacksIsSaidBeforeAnythingIsMade(String simulator) throws Exception {
    Files.writeString(
        home.resolve("bitrouter.yaml"),
        "simulator: {enabled: " + simulator + "}\nproviders: {x: {protocol: chat, models: [m]}}\n");
    assertThatThrownBy(() -> start("--listen", "127.0.0.1:0"))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("providers.x.api_base is missing");
    assertThat(home.resolve("bitrouter.db")).doesNotExist();
    assertThat(home.resolve("journal")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0:0", "[::]:0", "192.0.2.1:0"})
  void offLoopbackNeedsTls(String address) throws Exception {
    assertThatThrownBy(() -> start("--listen", address))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("server.listen is")
        .hasMessageContaining("server.tls");
    Files.writeString(
        home.resolve("bitrouter.yaml"),
        "server: {listen: '" + address + "', admin_listen: '127.0.0.1:0'}\n");
    assertThatThrownBy(this::start)
        .isInstanceOf(StartException.class)
        .hasMessageContaining("server.tls");
  }

  @Test
  void aProxyInFrontMayDoTheTls() throws Exception {
    Files.writeString(home.resolve("bitrouter.yaml"), "server: {tls: terminated_elsewhere}\n");
    Sightings sightings = new Sightings();
    RunningNode local = RunningNode.start(home, sightings);
    Neighbour neighbour;
    try (local) {
      neighbour = Neighbour.plant(local, sightings);
      local.anonymous().get("/ping").mustBe(200);
      neighbour.mustBeAsBefore(local, sightings);
    }
    neighbour.mustNotBeLogged(local, sightings);
    try (Node node = start("--listen", "0.0.0.0:0")) {
      assertThat(node.endpoint().toString()).startsWith("http://127.0.0.1:");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--port", "x", "--listen", "--listen="})
  void argumentsThatItDoesNotKnowAreRefused(String argument) {
    assertThatThrownBy(() -> start(argument))
        .isInstanceOf(StartException.class)
        .hasMessageMatching("(?s).*(--listen HOST:PORT|--listen must|--listen ).*");
  }

  @Test
  void aPortThatIsTakenIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      Files.writeString(home.resolve("bitrouter.yaml"), "server: {admin_listen: '127.0.0.1:0'}\n");
      assertThatThrownBy(() -> start("--listen", address))
          .isInstanceOf(StartException.class)
          .hasMessageContaining(address);
      assertThat(home.resolve("node.json")).doesNotExist();
    }
    Sightings sightings = new Sightings();
    try (RunningNode free = RunningNode.start(home, sightings)) {
      Neighbour.plant(free, sightings).mustBeAsBefore(free, sightings);
    }
  }

  @Test
  void certificatesThatAreNotThereStopTheStart() throws Exception {
    Files.writeString(
        home.resolve("bitrouter.yaml"), "server: {tls: {cert: none.pem, key: none.key}}\n");
    assertThatThrownBy(() -> start("--listen", "127.0.0.1:0"))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("server.tls.cert");
    Files.writeString(home.resolve("none.pem"), "not a certificate");
    Files.writeString(home.resolve("none.key"), "not a key");
    assertThatThrownBy(() -> start("--listen", "127.0.0.1:0")).isInstanceOf(StartException.class);
  }

  private Node start(String... arguments) throws StartException {
    return Node.start(new NodeOptions(home, Map.of(), List.of(arguments), "test"));
  }
}

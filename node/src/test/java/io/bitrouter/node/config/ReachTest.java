package io.bitrouter.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who can reach a listener, and under which condition. */
class ReachTest {

  @TempDir Path folder;
  private ConfigText text;

  @BeforeEach
  void open() {
    text = new ConfigText(folder);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:1", "127.8.9.10:1", "[::1]:1", "localhost:1"})
  void loopbackNeedsNoTls(String address) {
    assertThat(text.load("server: {listen: \"" + address + "\"}").server().listen())
        .hasToString(address);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0:1", "[::]:1", "10.0.0.1:1", "example.com:1", "[2001:db8::1]:1"})
  void offLoopbackIsRefusedAndTheMessageNamesBothWaysOut(String address) {
    assertThat(text.problems("server: {listen: \"" + address + "\"}"))
        .singleElement()
        .asString()
        .contains("server.listen is " + address)
        .contains("server.tls: {cert: FILE, key: FILE}")
        .contains("server.tls: terminated_elsewhere");
    assertThat(
            text.load("server: {listen: \"" + address + "\", tls: terminated_elsewhere}")
                .server()
                .tls())
        .isEqualTo(new NodeConfig.Tls.TerminatedElsewhere());
  }

  @Test
  void offLoopbackWithACertificateIsFineButTheAdminListenerStaysHome() throws Exception {
    Files.writeString(folder.resolve("c"), "c");
    String tls = "tls: {cert: c, key: " + folder.resolve("c") + "}";
    assertThat(text.load("server: {listen: \"0.0.0.0:1\", " + tls + "}").server().tls())
        .isInstanceOf(NodeConfig.Tls.Files.class);
    assertThat(text.problems("server: {admin_listen: \"0.0.0.0:1\", " + tls + "}"))
        .singleElement()
        .asString()
        .contains("server.admin_listen is 0.0.0.0:1")
        .contains("server.tls: terminated_elsewhere");
    assertThat(
            text.load("server: {admin_listen: \"0.0.0.0:1\", tls: terminated_elsewhere}")
                .server()
                .adminListen()
                .loopback())
        .isFalse();
  }

  @Test
  void theCommandLineWinsAndIsHeldToTheSameRule() throws Exception {
    Path file = text.write("server: {listen: \"127.0.0.1:5\"}");
    assertThat(listen(file, "127.0.0.1:7").server().listen()).hasToString("127.0.0.1:7");
    assertThatThrownBy(() -> listen(file, "0.0.0.0:7"))
        .hasMessageContaining("server.listen is 0.0.0.0:7");
    assertThatThrownBy(() -> listen(file, "7")).hasMessageContaining("--listen must be HOST:PORT");
  }

  @Test
  void anyFreePortGoesForBothListenersUnlessOneIsNamed() throws Exception {
    NodeConfig free = listen(folder.resolve("none"), "127.0.0.1:0");
    assertThat(free.server().adminListen()).hasToString("127.0.0.1:0");
    assertThat(text.load("server: {listen: \"[::1]:0\"}").server().adminListen())
        .hasToString("127.0.0.1:0");
    Path file = text.write("server: {admin_listen: \"127.0.0.1:9\"}");
    assertThat(listen(file, "127.0.0.1:0").server().adminListen()).hasToString("127.0.0.1:9");
  }

  @Test
  void twoListenersNeedTwoPorts() {
    assertThat(text.problems("server: {listen: \"127.0.0.1:4357\"}"))
        .containsExactly("FILE: server.listen and server.admin_listen need different ports");
  }

  private static NodeConfig listen(Path file, String address) throws ConfigException {
    return ConfigFile.load(file, Map.of(), new ConfigFile.Overrides(Optional.of(address)));
  }
}

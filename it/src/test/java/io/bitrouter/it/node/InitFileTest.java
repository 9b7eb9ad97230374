package io.bitrouter.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.cli.Main;
import io.bitrouter.node.config.ConfigFile;
import io.bitrouter.node.config.NodeConfig;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file that {@code init} writes says what the node does without a file. */
final class InitFileTest {

  @TempDir Path home;

  private Path file;

  @BeforeEach
  void init() throws Exception {
    ProcessBuilder command =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "init");
    command.environment().put("BITROUTER_HOME", home.toString());
    command.redirectOutput(Redirect.DISCARD).redirectError(Redirect.INHERIT);
    Process init = command.start();
    try {
      assertThat(init.waitFor(30, TimeUnit.SECONDS)).as("init ended").isTrue();
    } finally {
      init.destroyForcibly();
    }
    assertThat(init.exitValue()).isZero();
    file = home.resolve("bitrouter.yaml");
  }

  @Test
  void asWrittenItChangesNothing() throws Exception {
    assertThat(load(file)).isEqualTo(defaults());
  }

  @Test
  void withEveryLineUncommentedItSetsTheDefaultsAndOneProvider() throws Exception {
    Files.writeString(file, Files.readString(file).replaceAll("(?m)^# ", ""));

    NodeConfig config = load(file);

    NodeConfig defaults = defaults();
    assertThat(config.server()).isEqualTo(defaults.server());
    assertThat(config.limits()).isEqualTo(defaults.limits());
    assertThat(config.upstream()).isEqualTo(defaults.upstream());
    assertThat(config.journal()).isEqualTo(defaults.journal());
    assertThat(config.admission()).isEqualTo(defaults.admission());
    assertThat(config.simulator()).isEqualTo(defaults.simulator());
    assertThat(config.logLevel()).isEqualTo(defaults.logLevel());
    assertThat(config.providers()).as("the example").hasSize(1);
  }

  private NodeConfig defaults() throws Exception {
    return load(home.resolve("none.yaml"));
  }

  private static NodeConfig load(Path file) throws Exception {
    return ConfigFile.load(file, Map.of(), ConfigFile.Overrides.none());
  }
}

package io.bitrouter.node.config;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Loads configurations written down in tests, from real files in one folder. */
record ConfigText(Path folder) {

  NodeConfig load(String yaml) {
    return load(yaml, Map.of());
  }

  NodeConfig load(String yaml, Map<String, String> environment) {
    try {
      return ConfigFile.load(write(yaml), environment, ConfigFile.Overrides.none());
    } catch (ConfigException e) {
      throw new AssertionError("refused:\n" + e.getMessage() + "\nof:\n" + yaml, e);
    }
  }

  List<String> problems(String yaml) {
    return problems(yaml, Map.of());
  }

  List<String> problems(String yaml, Map<String, String> environment) {
    Path file = write(yaml);
    List<String> found = new ArrayList<>();
    assertThatThrownBy(() -> ConfigFile.load(file, environment, ConfigFile.Overrides.none()))
        .as(yaml)
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                e.problems().stream()
                    .map(line -> line.replace(file.toString(), "FILE"))
                    .forEach(found::add));
    return found;
  }

  Path write(String yaml) {
    try {
      return Files.writeString(folder.resolve("bitrouter.yaml"), yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package io.bitrouter.node.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a configuration file. Without one the defaults hold, and no YAML code is loaded. */
public final class ConfigFile {

  private static final long LARGEST = 1 << 20;

  private ConfigFile() {}

  /**
   * What the command line says; it wins over the file.
   *
   * @param listen {@code --listen}, as given
   */
  public record Overrides(Optional<String> listen) {
    /** Nothing on the command line. */
    public static Overrides none() {
      return new Overrides(Optional.empty());
    }
  }

  /**
   * Loads {@code file}, or the defaults when there is no such file.
   *
   * @param environment for {@code ${NAME}} in values
   * @throws ConfigException when anything in it, or in the overrides, cannot be used; names every
   *     mistake with its line and path, and no value
   */
  public static NodeConfig load(Path file, Map<String, String> environment, Overrides overrides)
      throws ConfigException {
    Problems problems = new Problems(file.toString());
    Optional<ConfigTree> tree = tree(file, problems);
    if (tree.isEmpty()) {
      problems.check();
    }
    Section.Reading reading = new Section.Reading(problems, new Variables(environment));
    NodeConfig config;
    try (Section root = root(tree, reading)) {
      config = new ConfigBinder(file, overrides).bind(root);
    }
    problems.check();
    return config;
  }

  private static Optional<ConfigTree> tree(Path file, Problems problems) throws ConfigException {
    String text;
    try {
      if (Files.size(file) > LARGEST) {
        throw new ConfigException(List.of(file + ": is larger than 1 MiB"));
      }
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (CharacterCodingException e) {
      throw new ConfigException(List.of(file + ": is not UTF-8 text"));
    } catch (IOException e) {
      throw new ConfigException(
          List.of(file + ": cannot be read (" + e.getClass().getSimpleName() + ")"));
    }
    return new YamlReader(problems).read(text.startsWith("\uFEFF") ? text.substring(1) : text);
  }

  private static Section root(Optional<ConfigTree> tree, Section.Reading reading) {
    return switch (tree.orElse(new ConfigTree.Nothing(1))) {
      case ConfigTree.Mapping mapping -> new Section(reading, "", 1, mapping.entries());
      case ConfigTree.Nothing nothing -> new Section(reading, "", 1, Map.of());
      case ConfigTree other -> {
        reading.problems().at(other.line(), "", "must hold keys with values, like server:");
        yield new Section(reading, "", 1, Map.of());
      }
    };
  }
}

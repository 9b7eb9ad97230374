package io.bitrouter.node.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
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

  /** What the command line says, as given; it wins over the file. */
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
    Reading reading = new Reading(file.toAbsolutePath(), environment);
    Optional<Setting> root = text(file).flatMap(text -> new YamlReader(reading).read(text));
    if (root.isEmpty()) {
      reading.check();
    }
    Optional<ListenAddress> listen = overrides.listen().flatMap(ListenAddress.KIND::read);
    if (overrides.listen().isPresent() && listen.isEmpty()) {
      reading.wrong("--listen " + ListenAddress.KIND.rule());
    }
    NodeConfig config =
        root.orElseGet(() -> Setting.root(reading)).bind(found -> NodeConfig.of(found, listen));
    reading.check();
    return config;
  }

  private static Optional<String> text(Path file) throws ConfigException {
    try {
      if (Files.size(file) > LARGEST) {
        throw new ConfigException(List.of(file + ": is larger than 1 MiB"));
      }
      String text = Files.readString(file);
      return Optional.of(text.startsWith("\uFEFF") ? text.substring(1) : text);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (CharacterCodingException e) {
      throw new ConfigException(List.of(file + ": is not UTF-8 text"));
    } catch (IOException e) {
      throw new ConfigException(
          List.of(file + ": cannot be read (" + e.getClass().getSimpleName() + ")"));
    }
  }
}

package io.bitrouter.node.boot;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How a node is started.
 *
 * @param home folder of its state
 * @param environment environment variables
 * @param arguments command-line arguments of {@code serve}
 * @param version version of the program
 */
public record NodeOptions(
    Path home, Map<String, String> environment, List<String> arguments, String version) {

  /** The options of this process. */
  static NodeOptions ofThisProcess(List<String> arguments) {
    Map<String, String> environment = System.getenv();
    String home = environment.getOrDefault("BITROUTER_HOME", "");
    Path folder =
        home.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".bitrouter")
            : Path.of(home).toAbsolutePath();
    return new NodeOptions(
        folder, environment, arguments, System.getProperty("bitrouter.version", "dev"));
  }
}

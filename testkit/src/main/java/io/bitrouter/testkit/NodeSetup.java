package io.bitrouter.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a node of a test is started. Immutable.
 *
 * @param folder where its home and its output are; empty for a temporary one that goes with the
 *     node
 * @param configuration text of its bitrouter.yaml; empty for none
 * @param environment variables that it sees besides ours
 * @param arguments of {@code serve}
 */
public record NodeSetup(
    Optional<Path> folder,
    String configuration,
    Map<String, String> environment,
    List<String> arguments) {

  /** A node as it comes: no configuration, a free port. */
  public static NodeSetup plain() {
    return new NodeSetup(
        Optional.empty(), "", Map.of(), List.of("serve", "--listen", "127.0.0.1:0"));
  }

  /** A node whose models {@code fake-chat} and {@code fake-messages} are at {@code upstream}. */
  public static NodeSetup with(FakeUpstream upstream) {
    return plain().withConfiguration(providersAt(upstream.base().toString(), "sk-fake-account"));
  }

  /** The providers of {@link #with} as configuration. */
  public static String providersAt(String base, String accountKey) {
    return """
    providers:
      fakeai:
        api_base: %s
        api_key: %s
        protocol: chat
        models:
          - id: fake-chat
            price: {input: "0.50", output: "1.00"}
      fakeant:
        api_base: %s
        api_key: %s
        protocol: messages
        models:
          - id: fake-messages
            price: {input: "0.50", output: "1.00"}
    """
        .formatted(base, accountKey, base, accountKey);
  }

  /** The same with a folder of one's own, which stays. */
  public NodeSetup in(Path own) {
    return new NodeSetup(Optional.of(own), configuration, environment, arguments);
  }

  /** The same with this bitrouter.yaml. */
  public NodeSetup withConfiguration(String yaml) {
    return new NodeSetup(folder, yaml, environment, arguments);
  }

  /** The same with one more variable. */
  public NodeSetup withVariable(String name, String value) {
    Map<String, String> more = new HashMap<>(environment);
    more.put(name, value);
    return new NodeSetup(folder, configuration, Map.copyOf(more), arguments);
  }

  /** The folder of the repository or of the packaged program: where the launcher is. */
  static Path root() {
    String said = System.getProperty("bitrouter.root", "");
    if (!said.isEmpty()) {
      return Path.of(said);
    }
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null) {
      if (Files.isRegularFile(folder.resolve("bitrouter")) && isDirectory(folder, "libexec")) {
        return folder;
      }
      folder = folder.getParent();
    }
    throw new IllegalStateException("no launcher here or above; set -Dbitrouter.root");
  }

  /** The launcher. */
  public static Path launcher() {
    return root().resolve("bitrouter");
  }

  /** A temporary folder. */
  static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("bitrouter-test-");
    } catch (IOException e) {
      throw new IllegalStateException("cannot make a folder", e);
    }
  }

  private static boolean isDirectory(Path folder, String name) {
    return Files.isDirectory(folder.resolve(name));
  }
}

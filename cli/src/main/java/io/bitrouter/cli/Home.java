package io.bitrouter.cli;

import java.nio.file.Path;

/**
 * The folder that holds all state of this host's node.
 *
 * @param root its absolute path
 */
record Home(Path root) {
  /** {@code $BITROUTER_HOME}, or {@code .bitrouter} in the user's own folder. */
  static Home of(World world) {
    return new Home(
        world
            .variable("BITROUTER_HOME")
            .map(path -> world.workingDirectory().resolve(path).normalize())
            .orElseGet(() -> userFolder(world).resolve(".bitrouter")));
  }

  /** {@code $HOME}. */
  static Path userFolder(World world) {
    return world
        .variable("HOME")
        .map(Path::of)
        .orElseThrow(
            () -> Failure.of(Exit.FAILURE, "neither BITROUTER_HOME nor HOME says where files go"));
  }

  Path nodeFile() {
    return root.resolve("node.json");
  }

  Path credentials() {
    return root.resolve("credentials.json");
  }

  Path operatorToken() {
    return root.resolve("secrets").resolve("operator.token");
  }

  Path log() {
    return root.resolve("logs").resolve("node.log");
  }

  Path firstOutput() {
    return root.resolve("logs").resolve("node.out");
  }

  Path configuration() {
    return root.resolve("bitrouter.yaml");
  }
}

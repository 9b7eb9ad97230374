package io.bitrouter.cli;

import io.bitrouter.wire.control.NodeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A node in a throw-away home for {@link Demo}; nothing of the caller's own is used or changed. */
final class DemoHost {
  private static final Duration START_PATIENCE = Duration.ofSeconds(15);

  /** All that is passed on: no provider key that would cost money, no credential. */
  private static final List<String> KEPT =
      List.of("PATH", "LANG", "LC_ALL", "BITROUTER_NO_AOT", "BITROUTER_JAVA_OPTS");

  private final Path folder;
  private final Cli cli;

  private DemoHost(Cli caller, Path folder) {
    this.folder = folder;
    this.cli = new Cli(world(caller.world(), folder), caller.output());
  }

  /** Runs the demo and removes what it needed, also when Ctrl-C ends it. */
  static void run(Cli caller) {
    Path folder;
    try {
      folder = Files.createTempDirectory("bitrouter-demo");
    } catch (IOException e) {
      throw Failure.of(Exit.FAILURE, "cannot make a temporary folder: " + PrivateFiles.reason(e));
    }
    DemoHost host = new DemoHost(caller, folder);
    Runtime.getRuntime().addShutdownHook(new Thread(host::clean));
    try {
      NodeFile node = host.cli.node().start(Optional.of("127.0.0.1:0"), START_PATIENCE);
      new Demo(host.cli, node, host.operatorToken()).run();
    } finally {
      host.clean();
    }
  }

  private static World world(World caller, Path folder) {
    Map<String, String> env = new TreeMap<>();
    KEPT.forEach(name -> caller.variable(name).ifPresent(value -> env.put(name, value)));
    env.put("JAVA_HOME", System.getProperty("java.home"));
    env.put("HOME", folder.toString());
    env.put("TMPDIR", folder.toString());
    env.put("BITROUTER_HOME", folder.resolve("home").toString());
    return new World(
        env,
        caller.launcher(),
        caller.in(),
        caller.out(),
        caller.err(),
        caller.terminals(),
        caller.clock(),
        folder);
  }

  private String operatorToken() {
    Path file = cli.world().home().resolve("secrets").resolve("operator.token");
    return PrivateFiles.read(file)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8).strip())
        .orElseThrow(() -> Failure.of(Exit.FAILURE, "the node made no operator credential"));
  }

  /** The second time, which is when the program ends, finds nothing left. */
  private synchronized void clean() {
    if (!Files.exists(folder)) {
      return;
    }
    cli.node().kill();
    try (Stream<Path> found = Files.walk(folder)) {
      for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      cli.output().note("cannot remove " + folder + ": " + PrivateFiles.reason(e));
    }
  }
}

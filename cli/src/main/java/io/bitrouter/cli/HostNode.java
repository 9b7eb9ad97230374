package io.bitrouter.cli;

import io.bitrouter.wire.control.NodeFile;
import io.bitrouter.wire.control.Rfc3339;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The node process of this host, known by its {@code node.json}. */
final class HostNode {
  /** Every node runs this package, so its name is in the process's command line. */
  private static final String MARK = "io.bitrouter.node";

  /** The kernel's and the node's idea of the start differ by the resolution of the clock. */
  private static final Duration CLOCK_SLACK = Duration.ofSeconds(5);

  private static final Duration POLL = Duration.ofMillis(10);

  private final World world;
  private final Home home;

  HostNode(World world, Home home) {
    this.world = world;
    this.home = home;
  }

  /** The node, if it runs. A file left behind by one that was killed does not count. */
  Optional<NodeFile> running() {
    return file().filter(HostNode::isAlive);
  }

  /**
   * The node.
   *
   * @throws Failure when it does not run
   */
  NodeFile required() {
    return running()
        .orElseThrow(() ->
            Failure.of(
                Exit.UNREACHABLE,
                "this host's node is not running",
                "start it with '" + world.launcher().name() + " start'"));
  }

  /** What {@code node.json} says, true or not. */
  Optional<NodeFile> file() {
    return PrivateFiles.read(home.nodeFile())
        .flatMap(LightJson::object)
        .flatMap(members -> {
          try {
            return Optional.of(parse(members));
          } catch (IllegalArgumentException e) {
            return Optional.empty();
          }
        });
  }

  private static NodeFile parse(Map<String, @Nullable Object> members) {
    return new NodeFile(
        members.get("pid") instanceof Long pid ? pid : 0,
        Rfc3339.parse(LightJson.text(members, "started_at").orElse("")),
        LightJson.text(members, "endpoint").orElse(""),
        LightJson.text(members, "admin_endpoint").orElse(""),
        LightJson.text(members, "home").orElse(""),
        LightJson.text(members, "version").orElse(""));
  }

  /** Whether the process of that file still runs and is not another one with its number. */
  static boolean isAlive(NodeFile node) {
    Optional<ProcessHandle> process =
        node.pid() > 0 ? ProcessHandle.of(node.pid()) : Optional.empty();
    if (process.isEmpty() || !process.get().isAlive()) {
      return false;
    }
    Instant latest = node.startedAt().plus(CLOCK_SLACK);
    if (process.get().info().startInstant().filter(start -> start.isAfter(latest)).isPresent()) {
      return false;
    }
    Optional<List<String>> arguments = arguments(process.get());
    return arguments.isEmpty() || arguments.get().stream().anyMatch(word -> word.contains(MARK));
  }

  /** The process's command line: empty for one that ended but was not reaped yet. */
  private static Optional<List<String>> arguments(ProcessHandle process) {
    Path file = Path.of("/proc/" + process.pid() + "/cmdline");
    try {
      String line = Files.readString(file, StandardCharsets.ISO_8859_1);
      return Optional.of(List.of(line.split("\0")));
    } catch (IOException e) {
      return process.info().commandLine().map(line -> List.of(line.split(" ")));
    }
  }

  /** The {@code --listen} that a running node was given, so that a restart keeps it. */
  static Optional<String> listenOption(NodeFile node) {
    List<String> words =
        ProcessHandle.of(node.pid()).flatMap(HostNode::arguments).orElse(List.of());
    for (int i = 0; i < words.size(); i++) {
      if (words.get(i).startsWith("--listen=")) {
        return Optional.of(words.get(i).substring("--listen=".length()));
      }
      if (words.get(i).equals("--listen") && i + 1 < words.size()) {
        return Optional.of(words.get(i + 1));
      }
    }
    return Optional.empty();
  }

  /**
   * Starts the node in the background and waits until it is ready.
   *
   * @throws Failure when it ends, or is not ready in time; with the last lines it wrote
   */
  NodeFile start(Optional<String> listen, Duration patience) {
    Optional<NodeFile> stale = file();
    Process process = spawn(listen);
    Instant deadline = world.clock().instant().plus(patience);
    while (true) {
      Optional<NodeFile> fresh = file().filter(node -> !Optional.of(node).equals(stale));
      if (fresh.filter(node -> isAlive(node) && isReady(node)).isPresent()) {
        return fresh.get();
      }
      // Another start may have been faster: then ours ends and the other's node counts.
      if (!process.isAlive() && fresh.filter(HostNode::isAlive).isEmpty()) {
        throw failedToStart("the node ended with exit code " + process.exitValue());
      }
      if (world.clock().instant().isAfter(deadline)) {
        throw failedToStart("the node is not ready after " + patience.toSeconds() + " s");
      }
      pause();
    }
  }

  private Process spawn(Optional<String> listen) {
    Path launcher =
        world
            .launcher()
            .path()
            .orElseThrow(() ->
                Failure.of(
                    Exit.FAILURE,
                    "the launcher is unknown, so no node can be started",
                    "run the program by its launcher, ./" + world.launcher().name()));
    PrivateFiles.folder(home.root());
    PrivateFiles.folder(home.root().resolve("logs"));
    List<String> command = new ArrayList<>();
    command.add(launcher.toString());
    command.add("serve");
    listen.ifPresent(address -> command.addAll(List.of("--listen", address)));
    return detached(
        command,
        Map.of("BITROUTER_NO_BUILD", "1", "BITROUTER_HOME", home.root().toString()),
        ProcessBuilder.Redirect.to(home.firstOutput().toFile()));
  }

  /** Runs a program that outlives this one and does not get this terminal's Ctrl-C. */
  Process detached(
      List<String> command, Map<String, String> extraEnv, ProcessBuilder.Redirect output) {
    List<String> words = new ArrayList<>();
    world.onPath("setsid").ifPresent(setsid -> words.add(setsid.toString()));
    words.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().clear();
    builder.environment().putAll(world.env());
    builder.environment().putAll(extraEnv);
    builder.directory(world.workingDirectory().toFile());
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    builder.redirectErrorStream(true);
    builder.redirectOutput(output);
    try {
      return builder.start();
    } catch (IOException e) {
      throw Failure.of(Exit.FAILURE, "cannot run " + command.getFirst() + ": " + e.getMessage());
    }
  }

  private static boolean isReady(NodeFile node) {
    Http.Request request =
        new Http.Request("GET", node.endpoint() + "/health/ready", List.of(), Optional.empty());
    try (Http.Reply reply = Http.send(request, true)) {
      reply.bytes();
      return reply.status() == 200;
    } catch (Failure e) {
      return false;
    }
  }

  private Failure failedToStart(String what) {
    List<String> last = LogTail.last(home.firstOutput(), 10).lines();
    String said =
        last.isEmpty() ? " and wrote nothing" : "; the last it wrote: " + String.join(" | ", last);
    return Failure.of(
        Exit.FAILURE, what + said, "all of it is in " + home.firstOutput() + " and " + home.log());
  }

  /**
   * Asks the node to finish what it is doing and end, and waits for that.
   *
   * @return false when it still runs after {@code patience}
   */
  boolean stop(NodeFile node, Duration patience) {
    ProcessHandle.of(node.pid()).ifPresent(ProcessHandle::destroy);
    Instant deadline = world.clock().instant().plus(patience);
    while (isAlive(node)) {
      if (world.clock().instant().isAfter(deadline)) {
        return false;
      }
      pause();
    }
    return true;
  }

  private static void pause() {
    try {
      Thread.sleep(POLL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.of(Exit.FAILURE, "interrupted");
    }
  }
}

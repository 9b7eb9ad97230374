package io.bitrouter.cli;

import io.bitrouter.wire.control.NodeFile;
import io.bitrouter.wire.control.Rfc3339;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The node process of this host, known by its {@code node.json}. */
final class HostNode {
  /** Every node runs this package, so its name is in the process's command line. */
  private static final String MARK = "io.bitrouter.node";

  private static final Pattern LISTEN = Pattern.compile("--listen[ =](\\S+)");

  /** The kernel's and the node's idea of the start differ by the resolution of the clock. */
  private static final Duration CLOCK_SLACK = Duration.ofSeconds(5);

  private static final Duration POLL = Duration.ofMillis(10);

  /**
   * Starts {@code $@} in the background, its output in {@code $0}, and says its process id. A child
   * of this JVM that lives on would cost 0.3 s at the end: for so long it waits for the thread that
   * waits for the child.
   */
  private static final String IN_BACKGROUND = "\"$@\" >\"$0\" 2>&1 & echo $!";

  private final World world;
  private final Path home;

  /** The process id of the node that this program started, 0 when it did not. */
  private volatile long started;

  HostNode(World world) {
    this.world = world;
    this.home = world.home();
  }

  Path log() {
    return home.resolve("logs").resolve("node.log");
  }

  /** What the node writes before it can log, and what the JVM says. */
  private Path firstOutput() {
    return home.resolve("logs").resolve("node.out");
  }

  /** The node, if it runs. A file left behind by one that was killed does not count. */
  Optional<NodeFile> running() {
    return file().filter(HostNode::isAlive);
  }

  private Optional<NodeFile> file() {
    return PrivateFiles.read(home.resolve("node.json"))
        .flatMap(LightJson::object)
        .flatMap(HostNode::parse);
  }

  private static Optional<NodeFile> parse(Map<String, @Nullable Object> members) {
    try {
      return Optional.of(
          new NodeFile(
              members.get("pid") instanceof Long pid ? pid : 0,
              Rfc3339.parse(LightJson.text(members, "started_at").orElse("")),
              LightJson.text(members, "endpoint").orElse(""),
              LightJson.text(members, "admin_endpoint").orElse(""),
              LightJson.text(members, "home").orElse(""),
              LightJson.text(members, "version").orElse("")));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Whether the process of that file still runs and is not another one with its number. */
  private static boolean isAlive(NodeFile node) {
    Instant latest = node.startedAt().plus(CLOCK_SLACK);
    return ProcessHandle.of(node.pid())
        .filter(ProcessHandle::isAlive)
        .filter(process -> process.info().startInstant().orElse(Instant.MIN).isBefore(latest))
        .filter(process -> commandLine(process).contains(MARK))
        .isPresent();
  }

  /** Empty for a process that ended but was not reaped yet. */
  private static String commandLine(ProcessHandle process) {
    try {
      Path file = Path.of("/proc/" + process.pid() + "/cmdline");
      return Files.readString(file, StandardCharsets.ISO_8859_1).replace('\0', ' ');
    } catch (IOException e) {
      return process.info().commandLine().orElse(MARK);
    }
  }

  /** The {@code --listen} that a running node was given, so that a restart keeps it. */
  static Optional<String> listenOption(NodeFile node) {
    return ProcessHandle.of(node.pid())
        .flatMap(process -> LISTEN.matcher(commandLine(process)).results().findFirst())
        .map(found -> found.group(1));
  }

  /**
   * Starts the node in the background and waits until it is ready.
   *
   * @throws Failure when it ends, or is not ready in time; with the last lines it wrote
   */
  NodeFile start(Optional<String> listen, Duration patience) {
    Optional<NodeFile> stale = file();
    started = spawn(listen, List.of());
    return awaitReady(stale, patience);
  }

  /**
   * Starts another node in the place of one that runs. It gets ready while the old one finishes
   * what it is doing, and takes over the home the moment that is free.
   *
   * @throws Failure as {@link #start}
   */
  NodeFile replace(NodeFile old, Optional<String> listen, Duration patience) {
    started = spawn(listen, List.of("--wait", Long.toString(patience.toSeconds())));
    ProcessHandle.of(old.pid()).ifPresent(ProcessHandle::destroy);
    return awaitReady(Optional.of(old), patience);
  }

  private NodeFile awaitReady(Optional<NodeFile> stale, Duration patience) {
    Instant deadline = world.clock().instant().plus(patience);
    while (world.clock().instant().isBefore(deadline)) {
      Optional<NodeFile> fresh = running().filter(node -> !Optional.of(node).equals(stale));
      if (fresh.filter(HostNode::isReady).isPresent()) {
        return fresh.get();
      }
      // Another start may have been faster: then ours ends and the other's node counts.
      if (fresh.isEmpty() && !runs(started)) {
        throw failedToStart("the node ended");
      }
      pause();
    }
    throw failedToStart("the node is not ready after " + patience.toSeconds() + " s");
  }

  private long spawn(Optional<String> listen, List<String> more) {
    Path launcher =
        world
            .launcher()
            .path()
            .orElseThrow(() ->
                Failure.of(
                    Exit.FAILURE,
                    "the launcher is unknown, so no node can be started",
                    "run the program by its launcher, ./" + world.launcher().name()));
    PrivateFiles.folder(home.resolve("logs"));
    List<String> command = new ArrayList<>(List.of(launcher.toString(), "serve"));
    command.addAll(more);
    listen.ifPresent(address -> command.addAll(List.of("--listen", address)));
    return detached(command, firstOutput());
  }

  /** Whether a process runs; one that ended but was not reaped yet does not. */
  private static boolean runs(long pid) {
    if (ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty()) {
      return false;
    }
    try {
      Path stat = Path.of("/proc/" + pid + "/stat");
      String text = Files.readString(stat, StandardCharsets.ISO_8859_1);
      return !text.startsWith("Z", text.lastIndexOf(')') + 2);
    } catch (IOException e) {
      return ProcessHandle.of(pid).isPresent();
    }
  }

  /** Ends the node that this program started, whatever it is doing, and waits until it is gone. */
  void kill() {
    long pid = started;
    if (pid == 0) {
      return;
    }
    ProcessHandle.of(pid)
        .ifPresent(process -> {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly();
        });
    while (runs(pid)) {
      pause();
    }
  }

  /**
   * Runs a program that outlives this one and does not get this terminal's Ctrl-C.
   *
   * @return its process id
   */
  long detached(List<String> command, Path output) {
    List<String> words =
        new ArrayList<>(List.of("/bin/sh", "-c", IN_BACKGROUND, output.toString()));
    world.onPath("setsid").ifPresent(setsid -> words.add(setsid.toString()));
    words.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().clear();
    builder.environment().putAll(world.env());
    builder.environment().put("BITROUTER_HOME", home.toString());
    builder.environment().put("BITROUTER_NO_BUILD", "1");
    builder.directory(world.workingDirectory().toFile());
    builder.redirectInput(Redirect.from(new File("/dev/null")));
    builder.redirectErrorStream(true);
    String said;
    try {
      Process shell = builder.start();
      said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw Failure.of(Exit.FAILURE, "cannot run " + command.getFirst() + ": " + e.getMessage());
    }
    if (!said.matches("\\d{1,18}")) {
      throw Failure.of(Exit.FAILURE, "cannot run " + command.getFirst() + ": " + said);
    }
    return Long.parseLong(said);
  }

  private static boolean isReady(NodeFile node) {
    Http.Request request =
        new Http.Request("GET", node.endpoint() + "/health/ready", List.of(), Optional.empty());
    try (Http.Reply reply = Http.send(request, true)) {
      return reply.status() == 200;
    } catch (Failure e) {
      return false;
    }
  }

  private Failure failedToStart(String what) {
    String last = new String(LogTail.last(firstOutput(), 10).bytes(), StandardCharsets.UTF_8);
    return Failure.of(
        Exit.FAILURE,
        last.isEmpty()
            ? what + " and wrote nothing"
            : what + "; the last it wrote: " + String.join(" | ", last.lines().toList()),
        "all of it is in " + firstOutput() + " and " + log());
  }

  /**
   * Asks the node to finish what it is doing and end, and waits for that.
   *
   * @return false when it still runs after {@code patience}
   */
  boolean stop(NodeFile node, Duration patience) {
    ProcessHandle.of(node.pid()).ifPresent(ProcessHandle::destroy);
    Instant deadline = world.clock().instant().plus(patience);
    while (isAlive(node) && world.clock().instant().isBefore(deadline)) {
      pause();
    }
    return !isAlive(node);
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

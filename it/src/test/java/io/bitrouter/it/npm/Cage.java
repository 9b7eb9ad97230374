package io.bitrouter.it.npm;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Where programs reach the node, at its own address, and nothing else: a network namespace of their
 * own with a relay to the node in it. Where the machine permits none, every proxy variable points
 * at a closed port instead. They see nothing of the environment of the tests, and have a home of
 * their own.
 */
public final class Cage implements AutoCloseable {

  private static final String CLOSED = "http://127.0.0.1:1";

  /** Namespaces of users, of the network and of processes: what is left behind ends with it. */
  private static final List<String> NAMESPACE =
      List.of(
          "unshare",
          "-rnpf",
          "--kill-child",
          "sh",
          "-c",
          "ip link set lo up && exec \"$@\"",
          "cage");

  private final NpmFolder packages;
  private final URI node;
  private final Path home;
  private final boolean sealed;
  private final List<Process> started = new ArrayList<>();

  private Cage(NpmFolder packages, URI node, Path home, boolean sealed) {
    this.packages = packages;
    this.node = node;
    this.home = home;
    this.sealed = sealed;
  }

  /** One with these packages, from which the node at this address can be reached. */
  public static Cage around(NpmFolder packages, URI node) throws IOException, InterruptedException {
    Path home = Files.createTempDirectory("bitrouter-cage-");
    Files.createDirectory(home.resolve("project"));
    boolean sealed = permitted();
    Cage cage = new Cage(packages, node, home, sealed);
    if (sealed) {
      Process relay = cage.begin(cage.relay(cage.socket(), String.valueOf(node.getPort())));
      relay.inputReader().readLine();
    }
    return cage;
  }

  /** Whether it is a network namespace, of which the kernel lets nobody out. */
  boolean sealed() {
    return sealed;
  }

  /** The folder in which those in it work. */
  public Path project() {
    return home.resolve("project");
  }

  /** Starts a program in it; what it says on standard error goes to {@link #complaints}. */
  public Process start(List<String> command, Map<String, String> environment) throws IOException {
    List<String> whole = new ArrayList<>();
    if (sealed) {
      whole.addAll(NAMESPACE);
      whole.addAll(relay(String.valueOf(node.getPort()), socket()));
    }
    whole.addAll(command);
    return begin(whole, environment);
  }

  /**
   * How a program ended.
   *
   * @param status its exit code
   * @param out what it said on standard output
   * @param complaints what all in the cage have said on standard error
   */
  public record Ended(int status, String out, String complaints) {}

  /** Runs a program in it that is told nothing on standard input; ends it after {@code limit}. */
  public Ended run(List<String> command, Map<String, String> environment, Duration limit)
      throws IOException, InterruptedException {
    Process process = start(command, environment);
    process.getOutputStream().close();
    CompletableFuture<String> said =
        CompletableFuture.supplyAsync(() -> process.inputReader().lines().collect(joining("\n")));
    if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
      end(process);
    }
    return new Ended(process.exitValue(), said.join(), complaints());
  }

  /** What they all said on standard error. */
  public String complaints() throws IOException {
    return Files.readString(home.resolve("stderr.log"));
  }

  private Process begin(List<String> command) throws IOException {
    return begin(command, Map.of());
  }

  private Process begin(List<String> command, Map<String, String> environment) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(project().toFile())
            .redirectError(ProcessBuilder.Redirect.appendTo(home.resolve("stderr.log").toFile()));
    Map<String, String> variables = builder.environment();
    String path = packages.programs() + ":" + variables.getOrDefault("PATH", "/usr/bin:/bin");
    variables.clear();
    variables.putAll(Map.of("PATH", path, "HOME", home.toString(), "LANG", "C.UTF-8"));
    if (!sealed) {
      for (String name : List.of("http_proxy", "https_proxy", "all_proxy")) {
        variables.put(name, CLOSED);
        variables.put(name.toUpperCase(Locale.ROOT), CLOSED);
      }
      variables.put("no_proxy", "127.0.0.1");
      variables.put("NO_PROXY", "127.0.0.1");
    }
    variables.putAll(environment);
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private List<String> relay(String listen, String target) {
    return List.of(
        packages.program("node").toString(),
        packages.script("relay.mjs").toString(),
        listen,
        target);
  }

  private String socket() {
    return home.resolve("node.sock").toString();
  }

  private static boolean permitted() throws InterruptedException {
    try {
      List<String> nothing = new ArrayList<>(NAMESPACE);
      nothing.add("true");
      return new ProcessBuilder(nothing)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException noSuchProgram) {
      return false;
    }
  }

  private static void end(Process process) throws InterruptedException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().waitFor();
  }

  /** Ends all that runs in it and removes its home. */
  @Override
  public void close() throws IOException, InterruptedException {
    for (Process process : started.reversed()) {
      process.getOutputStream().close();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        end(process);
      }
    }
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.toList().reversed()) {
        Files.delete(file);
      }
    }
  }
}

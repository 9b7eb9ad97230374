package io.bitrouter.it.tour;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One shell in the folder of the launcher, with a home and a port of its own, in which the steps of
 * a tour are run one after the other. Used by one thread.
 */
final class TourShell implements AutoCloseable {

  private static final String DEFAULT_PORT = "4356";

  private final Path folder;
  private final Process bash;
  private final BufferedWriter in;
  private final BufferedReader out;
  private final String port;
  private int steps;

  private TourShell(Path folder, Process bash, String port) {
    this.folder = folder;
    this.bash = bash;
    this.in = bash.outputWriter(StandardCharsets.UTF_8);
    this.out = bash.inputReader(StandardCharsets.UTF_8);
    this.port = port;
  }

  /**
   * What a step came to.
   *
   * @param exit exit code of the last command
   * @param failed exit code of the first command that failed before it, 0 when none did
   * @param output standard output and error together
   */
  record Ran(int exit, int failed, String output) {}

  /** Opens a shell in {@code root}; what it leaves behind is in {@code folder}. */
  static TourShell open(Path root, Path folder) throws IOException {
    String port = freePort();
    Path home =
        Files.createDirectory(
            folder.resolve("node"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.writeString(
        home.resolve("bitrouter.yaml"),
        "server:\n  listen: 127.0.0.1:" + port + "\n  admin_listen: 127.0.0.1:0\n");
    ProcessBuilder builder =
        new ProcessBuilder("bash", "--noprofile", "--norc")
            .directory(root.toFile())
            .redirectError(ProcessBuilder.Redirect.to(folder.resolve("shell.err").toFile()));
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(n -> n.startsWith("BITROUTER_") || n.endsWith("_API_KEY"));
    environment.put("HOME", folder.toString());
    environment.remove("XDG_DATA_HOME");
    environment.put("BITROUTER_HOME", home.toString());
    environment.put("BITROUTER_NO_BUILD", "1");
    environment.put("BITROUTER_NO_AOT", "1");
    environment.putIfAbsent("JAVA_HOME", System.getProperty("java.home"));
    return new TourShell(folder, builder.start(), port);
  }

  /** Runs the commands of a step, with the node's usual port replaced by this shell's. */
  Ran run(String commands) throws IOException {
    steps++;
    Path script = folder.resolve("step-" + steps + ".sh");
    Path output = folder.resolve("step-" + steps + ".out");
    Files.writeString(script, commands.replace(DEFAULT_PORT, port) + "\n");
    send(
        List.of(
            "tour_failed=0",
            "set -E; trap 'tour_code=$?; [ $tour_failed != 0 ] || tour_failed=$tour_code' ERR",
            "source " + script + " >" + output + " 2>&1 </dev/null",
            "tour_exit=$?; trap - ERR",
            "echo tour $tour_exit $tour_failed"));
    String line = out.readLine();
    if (line == null || !line.startsWith("tour ")) {
      throw new IOException("the shell ended in step " + steps + ": " + commands);
    }
    List<String> words = List.of(line.split(" ", -1));
    return new Ran(
        Integer.parseInt(words.get(1)), Integer.parseInt(words.get(2)), Files.readString(output));
  }

  private void send(List<String> lines) throws IOException {
    for (String line : lines) {
      in.write(line);
      in.newLine();
    }
    in.flush();
  }

  /** Stops the node, if the tour has not, and ends the shell. */
  @Override
  public void close() throws IOException {
    send(List.of("./bitrouter stop >/dev/null 2>&1", "exit"));
    try {
      if (!bash.waitFor(60, TimeUnit.SECONDS)) {
        bash.destroyForcibly();
      }
    } catch (InterruptedException e) {
      bash.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static String freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return Integer.toString(socket.getLocalPort());
    }
  }
}

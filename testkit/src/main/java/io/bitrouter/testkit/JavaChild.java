package io.bitrouter.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program of the tests in a process of its own, on the class path of this one. It writes one line
 * when it is ready and ends when its standard input does, so that none outlives the test that was
 * killed. Not thread-safe.
 */
public final class JavaChild implements AutoCloseable {

  private final Process process;
  private final String firstLine;

  private JavaChild(Process process, String firstLine) {
    this.process = process;
    this.firstLine = firstLine;
  }

  /** Starts {@code main} and waits for its first line; what it says on stderr goes to ours. */
  public static JavaChild start(Class<?> main, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders"));
    command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=4"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    String line = out.readLine();
    if (line == null) {
      throw new IOException(main.getSimpleName() + " ended before it was ready");
    }
    return new JavaChild(process, line);
  }

  /** The line it wrote when it was ready. */
  public String firstLine() {
    return firstLine;
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** The next line it writes; empty text at its end. */
  public String nextLine() throws IOException {
    String line = process.inputReader(StandardCharsets.UTF_8).readLine();
    return line == null ? "" : line;
  }

  /** Closes its standard input and waits for its end. */
  @Override
  public void close() {
    try {
      process.outputWriter().close();
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (IOException alreadyEnded) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

package io.bitrouter.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs commands as a person or a script without a terminal does: in a folder and a HOME of its own,
 * with nothing of ours in the environment but what is given. Immutable.
 */
public final class Terminal {

  private static final int SECONDS = 120;

  private final Path folder;
  private final Map<String, String> environment;

  private Terminal(Path folder, Map<String, String> environment) {
    this.folder = folder;
    this.environment = environment;
  }

  /**
   * What a command came to.
   *
   * @param exit its exit code
   * @param out what it wrote to standard output
   * @param err what it wrote to standard error
   */
  public record Result(int exit, String out, String err) {

    /** This result, if the exit code is that; fails otherwise with all of it. */
    public Result mustExit(int wanted) {
      if (exit != wanted) {
        throw new AssertionError("expected exit code " + wanted + ", got " + this);
      }
      return this;
    }

    @Override
    public String toString() {
      return exit + "\n" + out + "\n" + err;
    }
  }

  /** A terminal in {@code folder}, which is also its HOME. */
  public static Terminal in(Path folder) {
    Map<String, String> environment = new HashMap<>();
    environment.put("HOME", folder.toString());
    environment.put("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("BITROUTER_NO_BUILD", "1");
    return new Terminal(folder, Map.copyOf(environment));
  }

  /** The same with one more variable. */
  public Terminal with(String name, String value) {
    Map<String, String> more = new HashMap<>(environment);
    more.put(name, value);
    return new Terminal(folder, Map.copyOf(more));
  }

  /** Runs the product's launcher. */
  public Result bitrouter(String... arguments) {
    return run(
        Stream.concat(Stream.of(NodeSetup.launcher().toString()), Stream.of(arguments)).toList());
  }

  /** Runs a piece of shell. */
  public Result shell(String script) {
    return run(List.of("bash", "-c", script));
  }

  /** Runs a command; it is ended when it takes longer than two minutes. */
  public Result run(List<String> command) {
    try {
      Path out = Files.createTempFile(folder, "out", "");
      Path err = Files.createTempFile(folder, "err", "");
      ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
      builder.environment().clear();
      builder.environment().putAll(environment);
      builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
      builder.redirectOutput(out.toFile());
      builder.redirectError(err.toFile());
      Process process = builder.start();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(command + " did not end within two minutes\n" + read(err));
      }
      Result result = new Result(process.exitValue(), read(out), read(err));
      Files.delete(out);
      Files.delete(err);
      return result;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static String read(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}

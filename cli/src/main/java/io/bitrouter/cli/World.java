package io.bitrouter.cli;

import java.io.Console;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * Everything outside the program that a command may touch, passed in so that tests can give their
 * own.
 *
 * @param env environment variables
 * @param launcher what the launcher script said about itself
 * @param in standard input
 * @param out standard output: data only
 * @param err standard error: everything that is not data
 * @param terminals which of the three are terminals
 * @param clock the present time
 * @param workingDirectory absolute path against which relative paths count
 */
public record World(
    Map<String, String> env,
    Launcher launcher,
    InputStream in,
    PrintStream out,
    PrintStream err,
    Terminals terminals,
    InstantSource clock,
    Path workingDirectory) {

  /**
   * What the launcher script passes as system properties.
   *
   * @param name the name the program was called by, {@code bitrouter} or {@code routeplane}
   * @param version the program's version
   * @param path the launcher itself; absent when the program was run without it
   * @param afterFirstStart a script to run in the background after a successful start; absent when
   *     there is nothing to do
   */
  public record Launcher(
      String name, String version, Optional<Path> path, Optional<Path> afterFirstStart) {}

  /**
   * Which standard streams are terminals.
   *
   * @param in a person can answer a question
   * @param out a person reads the data
   * @param err a person reads the messages
   */
  public record Terminals(boolean in, boolean out, boolean err) {}

  /** The real world of this process. */
  static World ofThisProcess() {
    return new World(
        System.getenv(),
        new Launcher(
            System.getProperty("bitrouter.name", "bitrouter"),
            System.getProperty("bitrouter.version", "development"),
            Optional.ofNullable(System.getProperty("bitrouter.launcher")).map(Path::of),
            Optional.ofNullable(System.getProperty("bitrouter.aot")).map(Path::of)),
        new FileInputStream(FileDescriptor.in),
        stream(FileDescriptor.out),
        stream(FileDescriptor.err),
        new Terminals(isTerminal(0), isTerminal(1), isTerminal(2)),
        InstantSource.system(),
        Path.of("").toAbsolutePath());
  }

  /** An environment variable; set to nothing counts as not set. */
  public Optional<String> variable(String name) {
    return Optional.ofNullable(env.get(name)).filter(value -> !value.isEmpty());
  }

  /** The program of that name that a shell would run. */
  Optional<Path> onPath(String program) {
    return Arrays.stream(variable("PATH").orElse("").split(File.pathSeparator, -1))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
  }

  /** System.console() only tells about input and output together, so ask the kernel first. */
  private static boolean isTerminal(int descriptor) {
    Path link = Path.of("/proc/self/fd/" + descriptor);
    try {
      String target = Files.readSymbolicLink(link).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException e) {
      return !Files.exists(link)
          && Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }
  }
}

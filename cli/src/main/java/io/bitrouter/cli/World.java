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
 * own. Standard output is for data only; relative paths count from the working directory.
 */
record World(
    Map<String, String> env,
    Launcher launcher,
    InputStream in,
    PrintStream out,
    PrintStream err,
    Terminals terminals,
    InstantSource clock,
    Path workingDirectory) {

  /**
   * What the launcher script says about itself.
   *
   * @param name what the program was called, {@code bitrouter} or {@code routeplane}
   * @param path the script itself; absent when the program was run without it
   * @param afterFirstStart a script to run in the background after a start, if any
   */
  record Launcher(
      String name, String version, Optional<Path> path, Optional<Path> afterFirstStart) {}

  record Terminals(boolean in, boolean out, boolean err) {}

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

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
  }

  /** System.console() only tells about input and output together, so ask the kernel first. */
  private static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException e) {
      return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }
  }

  /** An environment variable; set to nothing counts as not set. */
  Optional<String> variable(String name) {
    return Optional.ofNullable(env.get(name)).filter(value -> !value.isEmpty());
  }

  /** The folder with all state of this host's node. */
  Path home() {
    return variable("BITROUTER_HOME")
        .map(path -> workingDirectory.resolve(path).normalize())
        .orElseGet(() -> userFolder().resolve(".bitrouter"));
  }

  Path userFolder() {
    return variable("HOME")
        .map(Path::of)
        .orElseThrow(
            () -> Failure.of(Exit.FAILURE, "neither BITROUTER_HOME nor HOME says where files go"));
  }

  /** The program of that name that a shell would run. */
  Optional<Path> onPath(String program) {
    return Arrays.stream(variable("PATH").orElse("").split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, program))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }
}

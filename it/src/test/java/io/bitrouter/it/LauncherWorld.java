package io.bitrouter.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A folder in which the launcher script runs with a PATH of its own: ordinary commands, neither
 * Java nor Maven unless a test puts them there.
 */
final class LauncherWorld {
  /** The project's folder, whose launcher is tested. */
  static final Path ROOT = Path.of(System.getProperty("bitrouter.root"));

  private static final List<String> ORDINARY_COMMANDS =
      List.of(
          "awk",
          "bash",
          "cat",
          "cp",
          "cut",
          "env",
          "find",
          "flock",
          "grep",
          "head",
          "ln",
          "mkdir",
          "mv",
          "readlink",
          "rm",
          "sed",
          "sha256sum",
          "shasum",
          "sleep",
          "sort",
          "tail",
          "tr",
          "xargs");

  private final Path folder;
  private final Path bin;

  /**
   * What a run of the launcher left.
   *
   * @param status exit code
   * @param out standard output
   * @param err standard error
   */
  record Ended(int status, String out, String err) {}

  /** A launcher that runs; its output goes to files. */
  record Running(Process process, Path out, Path err) implements AutoCloseable {
    Ended end() throws IOException, InterruptedException {
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("ended within 30 s").isTrue();
      return new Ended(process.exitValue(), said(out), said(err));
    }

    String said(Path file) throws IOException {
      return Files.readString(file, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  LauncherWorld(Path folder) throws IOException {
    this.folder = folder;
    this.bin = Files.createDirectory(folder.resolve("bin"));
    for (String command : ORDINARY_COMMANDS) {
      for (String place : List.of("/usr/bin", "/bin", "/usr/local/bin", "/opt/homebrew/bin")) {
        Path found = Path.of(place, command);
        if (Files.isExecutable(found) && Files.notExists(bin.resolve(command))) {
          Files.createSymbolicLink(bin.resolve(command), found);
        }
      }
    }
  }

  Path folder() {
    return folder;
  }

  /** Starts the launcher with an environment of nothing but this world and what is given. */
  Running start(Path launcher, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile(folder, "run", ".out");
    Path err = Files.createTempFile(folder, "run", ".err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", bin.toString());
    builder.environment().put("HOME", folder.toString());
    builder.environment().put("BITROUTER_JDK_FOLDERS", folder.resolve("none").toString());
    builder.environment().put("BITROUTER_MAVEN_FOLDERS", "");
    builder.environment().putAll(environment);
    return new Running(builder.start(), out, err);
  }

  Ended run(Path launcher, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    try (Running running = start(launcher, environment, arguments)) {
      return running.end();
    }
  }

  /** The JDK that runs the tests. */
  static String ourJdk() {
    return System.getProperty("java.home");
  }

  /** A tree with the launcher and something to build, where nothing was ever built. */
  Path copyOfLauncher(String name) throws IOException {
    Path sources = Files.createDirectory(folder.resolve(name));
    Files.copy(ROOT.resolve("bitrouter"), sources.resolve("bitrouter"));
    Files.copy(ROOT.resolve("pom.xml"), sources.resolve("pom.xml"));
    Files.createDirectory(sources.resolve("libexec"));
    try (Stream<Path> scripts = Files.list(ROOT.resolve("libexec"))) {
      for (Path script : scripts.toList()) {
        Files.copy(script, sources.resolve("libexec").resolve(script.getFileName()));
      }
    }
    return sources;
  }

  /** A JDK that says it is of that version; it is ours. */
  Path fakeJdk(String version) throws IOException {
    Path jdk = Files.createDirectories(folder.resolve("jdks/jdk-" + version));
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    Files.createDirectory(jdk.resolve("bin"));
    for (String tool : List.of("java", "javac")) {
      Files.createSymbolicLink(jdk.resolve("bin").resolve(tool), Path.of(ourJdk(), "bin", tool));
    }
    return jdk;
  }

  /** Puts a command of that name on the PATH. */
  Path script(String name, String... lines) throws IOException {
    Path script = bin.resolve(name);
    Files.writeString(script, "#!/bin/bash\n" + String.join("\n", lines) + "\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    return script;
  }
}

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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the launcher script itself, in worlds where something that it needs is missing. */
final class LauncherTest {
  /** The commands that the script may use; a PATH of these alone has neither Java nor Maven. */
  private static final List<String> ORDINARY_COMMANDS =
      List.of(
          "awk",
          "bash",
          "cat",
          "cp",
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

  private static final Path ROOT = Path.of(System.getProperty("bitrouter.root"));

  @TempDir private Path temp;
  private Path bin;

  private record Ended(int status, String out, String err) {}

  @BeforeEach
  void makePathWithoutJavaAndMaven() throws IOException {
    bin = Files.createDirectory(temp.resolve("bin"));
    for (String command : ORDINARY_COMMANDS) {
      for (String folder : List.of("/usr/bin", "/bin", "/usr/local/bin", "/opt/homebrew/bin")) {
        Path found = Path.of(folder, command);
        if (Files.isExecutable(found) && Files.notExists(bin.resolve(command))) {
          Files.createSymbolicLink(bin.resolve(command), found);
        }
      }
    }
  }

  @Test
  void withoutJdkSaysWhatItLookedForAndHowToInstallIt() throws Exception {
    Ended ended = run(ROOT.resolve("bitrouter"), Map.of(), "start");

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err())
        .startsWith("bitrouter: needs a JDK 25 or newer and found none.")
        .contains("JAVA_HOME (not set)")
        .contains("java on the PATH")
        .contains("no JDK at all")
        .contains("sudo apt-get install openjdk-25-jdk-headless")
        .contains("sudo dnf install java-25-openjdk-devel")
        .contains("brew install openjdk");
  }

  @Test
  void anOlderJdkIsNamedAndPassedOver() throws Exception {
    Path old = fakeJdk("17.0.15");

    Ended ended = run(ROOT.resolve("bitrouter"), Map.of("JAVA_HOME", old.toString()), "status");

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.err()).contains("found       17.0.15 in " + old);
  }

  @Test
  void aNewerJdkIsTakenFromTheUsualFolders() throws Exception {
    Path jdk = fakeJdk("26");
    Path sources = copyOfLauncher();

    Ended ended =
        run(
            sources.resolve("bitrouter"),
            Map.of("BITROUTER_JDK_FOLDERS", jdk.getParent().toString()),
            "status");

    assertThat(ended.err()).startsWith("bitrouter: nothing is built yet");
  }

  @Test
  void withoutMavenSaysWhatItLookedForAndHowToInstallIt() throws Exception {
    Path sources = copyOfLauncher();

    Ended ended = run(sources.resolve("bitrouter"), Map.of("JAVA_HOME", ourJdk()), "start");

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err())
        .startsWith("bitrouter: needs Maven 3.8 or newer to build, and found none.")
        .contains("no Maven at all")
        .contains("sudo apt-get install maven")
        .contains("sudo dnf install maven")
        .contains("brew install maven");
  }

  @Test
  void anOlderMavenIsNamed() throws Exception {
    Path sources = copyOfLauncher();
    Path maven =
        script("mvn", "echo 'Apache Maven 3.6.3 (cecedd343002696d0abb50b32b541b8a6ba2883f)'");

    Ended ended = run(sources.resolve("bitrouter"), Map.of("JAVA_HOME", ourJdk()), "serve");

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.err()).contains("found       3.6.3 (" + maven + ")");
  }

  @Test
  void aFailedBuildShowsItsErrorsAndWhereTheRestIs() throws Exception {
    Path sources = copyOfLauncher();
    script(
        "mvn",
        "if [ \"$1\" = -v ]; then echo 'Apache Maven 3.9.9 (x)'; exit; fi",
        "echo '[INFO] Building core 0.1.0 [1/1]'; echo '[ERROR] a semicolon is missing'; exit 1");

    Ended ended = run(sources.resolve("bitrouter"), Map.of("JAVA_HOME", ourJdk()), "start");

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err())
        .contains("building (first time")
        .contains("core")
        .contains("[ERROR] a semicolon is missing")
        .endsWith("build.log\n");
    assertThat(sources.resolve("build/current")).doesNotExist();
  }

  @Test
  void onlyCommandsThatStartANodeBuild() throws Exception {
    Path sources = copyOfLauncher();
    script("mvn", "echo built >>" + temp.resolve("calls"));

    for (String command : List.of("status", "stop", "cloud", "--help")) {
      Ended ended = run(sources.resolve("bitrouter"), Map.of("JAVA_HOME", ourJdk()), command);
      assertThat(ended.status()).isEqualTo(1);
      assertThat(ended.err())
          .isEqualTo(
              "bitrouter: nothing is built yet: run ./bitrouter start first (it builds, then"
                  + " starts the node)\n");
    }
    assertThat(temp.resolve("calls")).doesNotExist();
  }

  @Test
  void theVersionNeedsNeitherJdkNorMaven() throws Exception {
    Ended ended = run(ROOT.resolve("bitrouter"), Map.of(), "--version");

    assertThat(ended.status()).isZero();
    assertThat(ended.out()).matches("bitrouter \\d+\\.\\d+\\.\\d+\n");
  }

  @Test
  void knowsItsOtherNameThroughAnyLink() throws Exception {
    Path link = Files.createSymbolicLink(temp.resolve("rp"), ROOT.resolve("routeplane"));

    assertThat(run(link, Map.of(), "--version").out()).startsWith("routeplane ");
    assertThat(run(link, Map.of(), "start").err()).startsWith("routeplane: needs a JDK");
  }

  @Test
  void showsTheNameItWasCalledByInItsUsage() throws Exception {
    Map<String, String> world =
        Map.of("JAVA_HOME", ourJdk(), "BITROUTER_HOME", temp.resolve("home").toString());

    Ended routeplane = run(ROOT.resolve("routeplane"), world, "--help");
    Ended bitrouter = run(ROOT.resolve("bitrouter"), world, "--help");

    assertThat(routeplane.status()).isZero();
    assertThat(routeplane.out()).containsIgnoringCase("usage: routeplane");
    assertThat(bitrouter.out()).containsIgnoringCase("usage: bitrouter");
    assertThat(routeplane.err()).isEmpty();
  }

  /** Runs the launcher with an environment of nothing but the folder of ordinary commands. */
  private Ended run(Path launcher, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(arguments));
    Path out = temp.resolve("out");
    Path err = temp.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", bin.toString());
    builder.environment().put("HOME", temp.toString());
    builder.environment().put("BITROUTER_JDK_FOLDERS", temp.resolve("none").toString());
    builder.environment().put("BITROUTER_MAVEN_FOLDERS", "");
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("ended within 20 s").isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Ended(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  private static String ourJdk() {
    return System.getProperty("java.home");
  }

  /** A tree with the launcher and sources to build, where nothing was ever built. */
  private Path copyOfLauncher() throws IOException {
    Path sources = Files.createDirectory(temp.resolve("sources"));
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

  private Path fakeJdk(String version) throws IOException {
    Path jdk = Files.createDirectories(temp.resolve("jdks/jdk-" + version));
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    Files.createDirectory(jdk.resolve("bin"));
    for (String tool : List.of("java", "javac")) {
      Files.createSymbolicLink(jdk.resolve("bin").resolve(tool), Path.of(ourJdk(), "bin", tool));
    }
    return jdk;
  }

  /** Puts a command of that name on the PATH. */
  private Path script(String name, String... lines) throws IOException {
    Path script = bin.resolve(name);
    Files.writeString(script, "#!/bin/bash\n" + String.join("\n", lines) + "\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    return script;
  }
}

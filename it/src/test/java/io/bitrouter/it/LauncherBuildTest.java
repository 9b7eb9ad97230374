package io.bitrouter.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bitrouter.it.LauncherWorld.Ended;
import io.bitrouter.it.LauncherWorld.Running;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the launcher script with a Maven that only lays ready-made jars where Maven would, to see
 * when it builds, what it keeps and how it runs the result. The folder's name has a space in it.
 */
final class LauncherBuildTest {
  private static final String CLI =
      """
      package io.bitrouter.cli;
      public class Main {
        public static void main(String[] words) {
          System.out.println(String.join(" ", words) + " as " + System.getProperty("bitrouter.name")
              + " " + System.getProperty("bitrouter.version"));
          System.out.println(System.getProperty("bitrouter.launcher"));
          System.out.println("aot " + System.getProperty("bitrouter.aot"));
        }
      }
      """;

  /** A node that runs until its input ends. */
  private static final String NODE =
      """
      package io.bitrouter.node.boot;
      public class Main {
        public static void main(String[] words) throws Exception {
          System.out.println(String.join(" ", words) + " " + System.getProperty("bitrouter.version")
              + " " + System.getProperty("extra") + " " + Runtime.getRuntime().maxMemory() / 1000000);
          System.out.println("up");
          System.in.read();
        }
      }
      """;

  @TempDir private Path temp;
  private LauncherWorld world;
  private Path sources;
  private Path launcher;
  private Path source;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void makeSourcesAndMaven() throws IOException {
    world = new LauncherWorld(temp);
    sources = world.copyOfLauncher("my sources");
    launcher = sources.resolve("bitrouter");
    source = Files.createDirectories(sources.resolve("core/src/main/java")).resolve("A.java");
    Files.writeString(source, "class A {}");
    environment.put("JAVA_HOME", LauncherWorld.ourJdk());
    Path ready = Files.createDirectory(temp.resolve("ready"));
    program(ready, "cli", "io/bitrouter/cli/Main", CLI);
    program(ready, "node", "io/bitrouter/node/boot/Main", NODE);
    jar(ready.resolve("core-0.1.0.jar"), new Manifest(), Map.of());
    world.script(
        "mvn",
        "if [ \"$1\" = -v ]; then echo 'Apache Maven 3.9.9 (x)'; exit; fi",
        "echo \"$*\" >>'" + temp.resolve("builds") + "'",
        "echo '[INFO] Building core 0.1.0 [1/1]'",
        "while [ -e '" + temp.resolve("hold") + "' ]; do sleep 0.01; done",
        "for m in core cli node; do",
        "  mkdir -p $m/target/product; cp '" + ready + "'/$m-* $m/target/product/",
        "done");
  }

  @Test
  void buildsWhenASourceHasChangedAndAtNoOtherTime() throws Exception {
    Ended first = world.run(launcher, environment, "start");

    assertThat(first.err()).contains("building (first time").contains("core").contains("built in");
    assertThat(first.status()).isZero();
    assertThat(first.out()).startsWith("start as bitrouter 0.1.0\n" + launcher.toRealPath() + "\n");
    assertThat(Files.readString(temp.resolve("builds"))).contains("-pl node,cli -am package");

    assertThat(world.run(launcher, environment, "start").err()).isEmpty();
    Files.writeString(source, "class A {}");
    assertThat(world.run(launcher, environment, "start").err()).isEmpty();
    assertThat(builds()).isEqualTo(1);

    Files.writeString(source, "class A { int b; }");
    Ended status = world.run(launcher, environment, "status");
    assertThat(status.out()).startsWith("status as bitrouter");
    assertThat(status.err()).isEmpty();
    environment.put("BITROUTER_NO_BUILD", "1");
    assertThat(world.run(launcher, environment, "start").err()).isEmpty();
    assertThat(builds()).isEqualTo(1);

    environment.remove("BITROUTER_NO_BUILD");
    assertThat(world.run(launcher, environment, "restart").err()).isEmpty();
    assertThat(builds()).isEqualTo(1);
    assertThat(world.run(launcher, environment, "start").err()).contains("building");
    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void twoAtTheSameTimeBuildOnce() throws Exception {
    Path hold = Files.createFile(temp.resolve("hold"));
    try (Running one = world.start(launcher, environment, "start");
        Running two = world.start(launcher, environment, "start")) {
      await().until(() -> said(one, two).contains("waiting for another build to end"));
      Files.delete(hold);

      assertThat(one.end().status()).isZero();
      assertThat(two.end().status()).isZero();
    }
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void aBuildLeavesTheJarsOfARunningNodeAlone() throws Exception {
    try (Running node = world.start(launcher, environment, "serve")) {
      await().until(() -> node.said(node.out()).contains("up"));
      Path running = current();

      for (int change = 0; change < 3; change++) {
        Files.writeString(source, "class A { int a" + change + "; }");
        assertThat(world.run(launcher, environment, "start").status()).isZero();
        assertThat(running.resolve("lib/node")).isNotEmptyDirectory();
      }
      node.process().getOutputStream().close();
      assertThat(node.end().status()).isZero();

      Files.writeString(source, "class A { int last; }");
      world.run(launcher, environment, "start");
      assertThat(running).doesNotExist();
    }
    try (Stream<Path> folders = Files.list(sources.resolve("build"))) {
      assertThat(folders.filter(f -> Files.exists(f.resolve("version"))))
          .as("the current distribution and the one before")
          .hasSize(2);
    }
  }

  @Test
  void runsTheNodeWithItsOwnFlagsAndThenTheOnesGiven() throws Exception {
    environment.put("BITROUTER_JAVA_OPTS", "-Dextra=yes -Xmx64m");
    try (Running node = world.start(launcher, environment, "serve", "--listen", "127.0.0.1:0")) {
      node.process().getOutputStream().close();
      Ended ended = node.end();

      assertThat(ended.out()).startsWith("serve --listen 127.0.0.1:0 0.1.0 yes 6");
      assertThat(ended.status()).isZero();
    }
  }

  @Test
  void aStartUpCacheThatDoesNotFitIsPassedOverInSilence() throws Exception {
    Ended first = world.run(launcher, environment, "start");
    assertThat(first.out()).contains("aot " + sources.toRealPath().resolve("libexec/make-aot"));

    String version = System.getProperty("java.version");
    for (String program : List.of("cli", "node")) {
      Files.writeString(current().resolve("aot/" + program + "-" + version + ".aot"), "no cache");
    }
    Ended second = world.run(launcher, environment, "start");
    assertThat(second.status()).isZero();
    assertThat(second.out()).startsWith("start as bitrouter").contains("aot null");
    assertThat(second.err()).isEmpty();
  }

  @Test
  void aBuildThatWasKilledIsMadeAgain() throws Exception {
    Path hold = Files.createFile(temp.resolve("hold"));
    try (Running killed = world.start(launcher, environment, "start")) {
      await().until(() -> Files.exists(temp.resolve("builds")));
      killed.process().destroyForcibly().waitFor();
    }
    Files.delete(hold);

    Ended next = world.run(launcher, environment, "start");

    assertThat(next.status()).isZero();
    assertThat(next.out()).startsWith("start as bitrouter");
    assertThat(builds()).isEqualTo(2);
  }

  private static String said(Running one, Running two) throws IOException {
    return one.said(one.err()) + two.said(two.err());
  }

  private long builds() throws IOException {
    try (Stream<String> lines = Files.lines(temp.resolve("builds"))) {
      return lines.count();
    }
  }

  private Path current() throws IOException {
    return sources.resolve("build/" + Files.readString(sources.resolve("build/current")).strip());
  }

  /** Makes the two jars that Maven would: the program and the one that says its class path. */
  private static void program(Path ready, String module, String type, String code)
      throws IOException {
    Path java = ready.resolve(module + "/" + type + ".java");
    Files.createDirectories(java.getParent());
    Files.writeString(java, code);
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", ready.resolve(module).toString(), java.toString());
    assertThat(status).isZero();
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.CLASS_PATH, "io/bitrouter/core/0.1.0/core-0.1.0.jar");
    attributes.putValue(
        "Local-Repository", ready.resolve("a repository with a long name").toString());
    jar(ready.resolve(module + "-0.1.0-class-path.jar"), manifest, Map.of());
    byte[] compiled = Files.readAllBytes(ready.resolve(module + "/" + type + ".class"));
    jar(ready.resolve(module + "-0.1.0.jar"), new Manifest(), Map.of(type + ".class", compiled));
  }

  private static void jar(Path file, Manifest manifest, Map<String, byte[]> entries)
      throws IOException {
    manifest.getMainAttributes().putIfAbsent(Attributes.Name.MANIFEST_VERSION, "1.0");
    try (OutputStream out = Files.newOutputStream(file);
        JarOutputStream jar = new JarOutputStream(out, manifest)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        jar.putNextEntry(new JarEntry(entry.getKey()));
        jar.write(entry.getValue());
        jar.closeEntry();
      }
    }
  }
}

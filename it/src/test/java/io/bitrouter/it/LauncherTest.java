package io.bitrouter.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.LauncherWorld.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the launcher script itself, in worlds where something that it needs is missing. */
final class LauncherTest {
  private static final Path LAUNCHER = LauncherWorld.ROOT.resolve("bitrouter");

  @TempDir private Path temp;
  private LauncherWorld world;

  @BeforeEach
  void makeWorld() throws IOException {
    world = new LauncherWorld(temp);
  }

  @Test
  void withoutJdkSaysWhatItLookedForAndHowToInstallIt() throws Exception {
    Ended ended = world.run(LAUNCHER, Map.of(), "start");

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
    Path old = world.fakeJdk("17.0.15");

    Ended ended = world.run(LAUNCHER, Map.of("JAVA_HOME", old.toString()), "status");

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.err()).contains("found       17.0.15 in " + old);
  }

  @Test
  void aNewerJdkIsTakenFromTheUsualFolders() throws Exception {
    Path jdk = world.fakeJdk("26");
    Path sources = world.copyOfLauncher("sources");

    Ended ended =
        world.run(
            sources.resolve("bitrouter"),
            Map.of("BITROUTER_JDK_FOLDERS", jdk.getParent().toString()),
            "status");

    assertThat(ended.err()).startsWith("bitrouter: nothing is built yet");
  }

  @Test
  void withoutMavenSaysWhatItLookedForAndHowToInstallIt() throws Exception {
    Path sources = world.copyOfLauncher("sources");

    Ended ended =
        world.run(
            sources.resolve("bitrouter"), Map.of("JAVA_HOME", LauncherWorld.ourJdk()), "start");

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
    Path sources = world.copyOfLauncher("sources");
    Path maven =
        world.script("mvn", "echo 'Apache Maven 3.6.3 (cecedd343002696d0abb50b32b541b8a6ba2883f)'");

    Ended ended =
        world.run(
            sources.resolve("bitrouter"), Map.of("JAVA_HOME", LauncherWorld.ourJdk()), "serve");

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.err()).contains("found       3.6.3 (" + maven + ")");
  }

  @Test
  void aFailedBuildShowsItsErrorsAndWhereTheRestIs() throws Exception {
    Path sources = world.copyOfLauncher("sources");
    world.script(
        "mvn",
        "if [ \"$1\" = -v ]; then echo 'Apache Maven 3.9.9 (x)'; exit; fi",
        "echo '[INFO] Building core 0.1.0 [1/1]'; echo '[ERROR] a semicolon is missing'; exit 1");

    Ended ended =
        world.run(
            sources.resolve("bitrouter"), Map.of("JAVA_HOME", LauncherWorld.ourJdk()), "start");

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
    Path sources = world.copyOfLauncher("sources");
    world.script("mvn", "echo built >>" + temp.resolve("calls"));

    for (String command : List.of("status", "stop", "cloud", "--help")) {
      Ended ended =
          world.run(
              sources.resolve("bitrouter"), Map.of("JAVA_HOME", LauncherWorld.ourJdk()), command);
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
    Ended ended = world.run(LAUNCHER, Map.of(), "--version");

    assertThat(ended.status()).isZero();
    assertThat(ended.out()).matches("bitrouter \\d+\\.\\d+\\.\\d+\n");
  }

  @Test
  void knowsItsOtherNameThroughAnyLink() throws Exception {
    Path link =
        Files.createSymbolicLink(temp.resolve("rp"), LauncherWorld.ROOT.resolve("routeplane"));

    assertThat(world.run(link, Map.of(), "--version").out()).startsWith("routeplane ");
    assertThat(world.run(link, Map.of(), "start").err()).startsWith("routeplane: needs a JDK");
  }

  @Test
  void showsTheNameItWasCalledByInItsUsage() throws Exception {
    Map<String, String> environment =
        Map.of(
            "JAVA_HOME", LauncherWorld.ourJdk(), "BITROUTER_HOME", temp.resolve("home").toString());

    Ended routeplane = world.run(LauncherWorld.ROOT.resolve("routeplane"), environment, "--help");
    Ended bitrouter = world.run(LAUNCHER, environment, "--help");

    assertThat(routeplane.status()).isZero();
    assertThat(routeplane.out()).containsIgnoringCase("usage: routeplane");
    assertThat(bitrouter.out()).containsIgnoringCase("usage: bitrouter");
    assertThat(routeplane.err()).isEmpty();
  }
}

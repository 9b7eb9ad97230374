package io.bitrouter.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Someone in front of a terminal, or a script: their environment, files and typing. */
final class Person {
  static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

  /** What a command left behind. */
  record Result(int exit, String out, String err) {}

  private final Path folder;
  private final Map<String, String> env = new TreeMap<>();
  private World.Terminals terminals = new World.Terminals(false, false, false);
  private Optional<Path> launcher = Optional.empty();
  private Optional<Path> afterStart = Optional.empty();
  private String typing = "";
  private boolean realClock;

  Person(Path folder) {
    this.folder = folder;
    env.put("HOME", folder.toString());
    env.put("PATH", System.getenv("PATH"));
  }

  Path home() {
    return folder.resolve(".bitrouter");
  }

  Path hostFile() {
    return home().resolve("credentials.json");
  }

  Path loginFile() {
    return folder.resolve(".local/share/bitrouter/account-credentials.json");
  }

  Person env(String name, String value) {
    env.put(name, value);
    return this;
  }

  Person with(FakeNode node) {
    return env("BITROUTER_URL", node.url()).env("BITROUTER_API_KEY", "brk_env.secret");
  }

  /** All variables of the environment. */
  Map<String, String> variables() {
    return Map.copyOf(env);
  }

  Person terminals(boolean in, boolean out, boolean err) {
    terminals = new World.Terminals(in, out, err);
    return this;
  }

  Person typing(String text) {
    typing = text;
    return this;
  }

  Person launcher(Path path) {
    launcher = Optional.of(path);
    realClock = true;
    return this;
  }

  Person afterStart(Path path) {
    afterStart = Optional.of(path);
    return this;
  }

  Person file(Path path, String content, String mode) {
    try {
      Files.createDirectories(path.getParent());
      Files.writeString(path, content);
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** This host's node runs here, as far as node.json says: in the test's own process. */
  Person nodeFile(FakeNode node, long pid, String startedAt) {
    return file(
        home().resolve("node.json"),
        """
        {"pid":%d,"started_at":"%s","endpoint":"%s","admin_endpoint":"http://127.0.0.1:1",
        "home":"%s","version":"0.1.0"}\
        """
            .formatted(pid, startedAt, node.url(), home()),
        "rw-------");
  }

  Person operatorToken() {
    return file(home().resolve("secrets/operator.token"), "bro_op.secret\n", "rw-------");
  }

  Result run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exit = Main.run(world(out, err), arguments);
    return new Result(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  World world(ByteArrayOutputStream out, ByteArrayOutputStream err) {
    return new World(
        env,
        new World.Launcher("bitrouter", "0.1.0", launcher, afterStart),
        new ByteArrayInputStream(typing.getBytes(StandardCharsets.UTF_8)),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        terminals,
        realClock ? Instant::now : () -> NOW,
        folder);
  }
}

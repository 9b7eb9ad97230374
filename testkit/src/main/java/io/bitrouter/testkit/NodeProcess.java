package io.bitrouter.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The packaged node in a process of its own, started by its launcher on a free port with a home of
 * its own. Thread-safe but for starting and stopping.
 */
public final class NodeProcess implements AutoCloseable {

  private static final Duration START_LIMIT = Duration.ofSeconds(30);

  private final NodeSetup setup;
  private final Path folder;
  private final Process process;
  private final HttpClient http;
  private final Sightings sightings;
  private final JsonNode nodeFile;
  private final Duration startTime;

  private NodeProcess(
      NodeSetup setup, Path folder, Process process, Sightings sightings, long startNanos) {
    this.setup = setup;
    this.folder = folder;
    this.process = process;
    this.sightings = sightings;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    this.nodeFile = awaitReady();
    this.startTime = Duration.ofNanos(System.nanoTime() - startNanos);
  }

  /** Starts a node and waits until it is ready. */
  public static NodeProcess start(NodeSetup setup) {
    return start(setup, new Sightings());
  }

  /** Starts a node whose clients show what they see to {@code sightings}. */
  public static NodeProcess start(NodeSetup setup, Sightings sightings) {
    Path folder = setup.folder().orElseGet(NodeSetup::temporaryFolder);
    try {
      Path home = folder.resolve("home");
      if (!Files.isDirectory(home)) {
        Files.createDirectories(
            home,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      if (!setup.configuration().isEmpty()) {
        Files.writeString(home.resolve("bitrouter.yaml"), setup.configuration());
      }
      Files.deleteIfExists(home.resolve("node.json"));
      List<String> command = new ArrayList<>();
      command.add(NodeSetup.launcher().toString());
      command.addAll(setup.arguments());
      ProcessBuilder builder = new ProcessBuilder(command);
      Map<String, String> environment = builder.environment();
      environment.keySet().removeIf(n -> n.startsWith("BITROUTER_") || n.endsWith("_API_KEY"));
      environment.put("BITROUTER_NO_BUILD", "1");
      environment.put("BITROUTER_HOME", home.toString());
      environment.put("HOME", folder.toString());
      environment.putIfAbsent("JAVA_HOME", System.getProperty("java.home"));
      environment.putAll(setup.environment());
      builder.directory(folder.toFile());
      builder.redirectErrorStream(true);
      builder.redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("node.out").toFile()));
      long started = System.nanoTime();
      return new NodeProcess(setup, folder, builder.start(), sightings, started);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start a node", e);
    }
  }

  /** Where the interface is served. */
  public URI endpoint() {
    return URI.create(nodeFile.path("endpoint").asString());
  }

  /** Where health and metrics are served. */
  public URI adminEndpoint() {
    return URI.create(nodeFile.path("admin_endpoint").asString());
  }

  /** {@code BITROUTER_HOME} of the node. */
  public Path home() {
    return folder.resolve("home");
  }

  /** The folder with the home and the file node.out. */
  public Path folder() {
    return folder;
  }

  /** Process id of the JVM. */
  public long pid() {
    return nodeFile.path("pid").asLong();
  }

  /** From the launcher's start to readiness. */
  public Duration startTime() {
    return startTime;
  }

  /** Everything the node has written to standard output and to its log. */
  public String logText() {
    StringBuilder text = new StringBuilder(read(folder.resolve("node.out")));
    Path logs = home().resolve("logs");
    if (Files.isDirectory(logs)) {
      try (Stream<Path> files = Files.list(logs)) {
        files.filter(Files::isRegularFile).sorted().forEach(file -> text.append(read(file)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return text.toString();
  }

  /** The host's operator token. */
  public String operatorToken() {
    return read(home().resolve("secrets/operator.token")).strip();
  }

  /** A client without a credential. */
  public ControlClient anonymous() {
    return ControlClient.of(http, endpoint(), sightings);
  }

  /** A client of the admin listener. */
  public ControlClient admin() {
    return ControlClient.of(http, adminEndpoint(), sightings);
  }

  /** A client with a key. */
  public ControlClient client(TestKey key) {
    return anonymous().with(key.token());
  }

  /**
   * A client with the operator's token; it sees every namespace, so nobody watches what it sees.
   */
  public ControlClient operator() {
    return ControlClient.of(http, endpoint(), new Sightings()).with(operatorToken());
  }

  /** A client whose answers nobody watches, for what a decoy does with its own things. */
  ControlClient unwatched(TestKey key) {
    return ControlClient.of(http, endpoint(), new Sightings()).with(key.token());
  }

  /** Id of the live namespace of this name. */
  public String namespaceId(String name) {
    for (JsonNode one : operator().get("/v1/node/namespaces").mustBe(200).json().path("data")) {
      if (one.path("name").asString().equals(name)) {
        return one.path("id").asString();
      }
    }
    throw new AssertionError("no namespace named " + name);
  }

  /** Creates a namespace. */
  public String createNamespace(String name) {
    return operator()
        .post("/v1/node/namespaces", "{\"name\":\"" + name + "\"}")
        .mustBe(200)
        .json()
        .path("id")
        .asString();
  }

  /** Mints a key with every scope for the namespace {@code default}. */
  public TestKey mint() {
    return mint(namespaceId("default"), "test", TestKey.ALL_SCOPES);
  }

  /** Mints a key as the operator does. */
  public TestKey mint(String namespaceId, String name, List<String> scopes) {
    String body =
        JsonMapper.shared().writeValueAsString(Map.of("display_name", name, "scopes", scopes));
    JsonNode minted =
        operator().post("/v1/node/namespaces/" + namespaceId + "/keys", body).mustBe(200).json();
    return new TestKey(namespaceId, minted.path("id").asString(), minted.path("token").asString());
  }

  /** Ends the node at once, as a crash does (SIGKILL). */
  public void kill() {
    ProcessHandle.of(pid()).ifPresent(ProcessHandle::destroyForcibly);
    awaitEnd();
  }

  /** Ends the node in its orderly way (SIGTERM). */
  public void stop() {
    process.destroy();
    awaitEnd();
  }

  /** Whether it runs. */
  public boolean alive() {
    return process.isAlive();
  }

  /** Starts another node with the same setup on the same home; this one must have ended. */
  public NodeProcess again() {
    return start(setup.in(folder), sightings);
  }

  /** Ends the node if it runs, and removes its folder if that was a temporary one. */
  @Override
  public void close() {
    if (process.isAlive()) {
      stop();
    }
    http.shutdownNow();
    if (setup.folder().isEmpty()) {
      deleteFolder(folder);
    }
  }

  /** Removes a folder with all that is in it. */
  public static void deleteFolder(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitEnd() {
    try {
      if (!process.waitFor(45, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("the node did not end within 45 s\n" + tail());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private JsonNode awaitReady() {
    try {
      Awaitility.await()
          .pollInterval(Duration.ofMillis(20))
          .pollDelay(Duration.ZERO)
          .atMost(START_LIMIT)
          .until(() -> !process.isAlive() || ready());
    } catch (ConditionTimeoutException e) {
      process.destroyForcibly();
      throw new AssertionError("the node was not ready within 30 s\n" + tail(), e);
    }
    if (!process.isAlive()) {
      throw new AssertionError("the node ended with " + process.exitValue() + "\n" + tail());
    }
    return JsonMapper.shared().readTree(read(home().resolve("node.json")));
  }

  private boolean ready() {
    Path file = home().resolve("node.json");
    if (!Files.isRegularFile(file)) {
      return false;
    }
    JsonNode node = JsonMapper.shared().readTree(read(file));
    try {
      URI endpoint = URI.create(node.path("endpoint").asString());
      return ControlClient.of(http, endpoint, sightings).get("/health/ready").status() == 200;
    } catch (UncheckedIOException notYet) {
      return false;
    }
  }

  private String tail() {
    String text = logText();
    return text.substring(Math.max(0, text.length() - 4_000));
  }

  private static String read(Path file) {
    try {
      return Files.isRegularFile(file)
          ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
          : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

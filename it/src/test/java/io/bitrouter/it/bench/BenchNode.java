package io.bitrouter.it.bench;

import io.bitrouter.testkit.NodeProcess;
import io.bitrouter.testkit.NodeSetup;
import io.bitrouter.testkit.TestKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;

/** The node under load, its keys and what it has stored. Used by one thread. */
final class BenchNode implements AutoCloseable {

  /** Keys that the load uses when there are many. */
  private static final int USED_KEYS = 1_000;

  /** Threads whose CPU time is the price of storing rows. */
  private static final List<String> STORING = List.of("row-writer", "store-writer");

  /** What a node says at its end; the one that made the keys has said it before. */
  private static final Pattern TOLD =
      Pattern.compile("(\\d+) authentications, (\\d+) reservations, (\\d+) rate decisions");

  private final Path folder;
  private final NodeProcess node;
  private final List<TestKey> keys;
  private final Under under;
  private final long bytesBefore;
  private long questions;

  /**
   * What the node's requests are judged by.
   *
   * @param keys how many keys there are
   * @param rules whether budgets, rate limits and a guardrail are bound to their namespace
   */
  record Under(int keys, boolean rules) {}

  /** How a request asks. The upstream speaks chat; one body is good for both protocols. */
  enum Form {
    /** A chat completion. */
    WHOLE("/v1/chat/completions", false),
    /** One that is streamed. */
    STREAM("/v1/chat/completions", true),
    /** A streamed message. */
    TRANSLATED("/v1/messages", true);

    private final String path;
    private final boolean stream;

    Form(String path, boolean stream) {
      this.path = path;
      this.stream = stream;
    }

    /** Whether the answer is streamed. */
    boolean stream() {
      return stream;
    }

    /** How the upstream is asked for the same. */
    Form atUpstream() {
      return stream ? STREAM : WHOLE;
    }
  }

  private BenchNode(
      Path folder, NodeProcess node, List<TestKey> keys, Under under, long bytesBefore) {
    this.folder = folder;
    this.under = under;
    this.node = node;
    this.keys = keys;
    this.bytesBefore = bytesBefore;
  }

  /** Starts a node whose models are at {@code upstreamPort}. */
  static BenchNode start(int upstreamPort, Under under) throws IOException, SQLException {
    Path folder = Files.createTempDirectory("bitrouter-bench-");
    NodeSetup setup =
        NodeSetup.plain()
            .in(folder)
            .withConfiguration(
                NodeSetup.providersAt("http://127.0.0.1:" + upstreamPort + "/v1", "sk-bench"));
    List<TestKey> keys = new ArrayList<>();
    try (NodeProcess first = NodeProcess.start(setup)) {
      String namespace = first.namespaceId("default");
      for (int i = 0; i < Math.min(under.keys(), USED_KEYS); i++) {
        keys.add(first.mint(namespace, "bench " + i, TestKey.ALL_SCOPES));
      }
      if (under.rules()) {
        BenchRules.bind(first.client(keys.getFirst()));
      }
    }
    Path database = folder.resolve("home/bitrouter.db");
    if (under.keys() > keys.size()) {
      new KeyPlanter().plant(database, keys.getFirst().namespaceId(), under.keys() - keys.size());
    }
    return new BenchNode(folder, NodeProcess.start(setup), keys, under, Files.size(database));
  }

  NodeProcess node() {
    return node;
  }

  int port() {
    return node.endpoint().getPort();
  }

  ProcessMeter meter() {
    return new ProcessMeter(node.pid());
  }

  /** CPU time of the threads that store rows, microseconds. */
  long storingMicros() {
    return STORING.stream().mapToLong(name -> meter().threadCpuMicros(name)).sum();
  }

  /** One request for each key, ready to be sent. */
  List<byte[]> requests(int bodyBytes, Form form) {
    List<byte[]> requests = new ArrayList<>();
    for (TestKey key : keys) {
      requests.add(request(key.token(), bodyBytes, form));
    }
    return requests;
  }

  /** A request whose body has that many bytes. */
  static byte[] request(String token, int bodyBytes, Form form) {
    String start =
        "{\"model\":\"fake-chat\",\"max_tokens\":256,\"stream\":"
            + form.stream
            + ",\"messages\":[{\"role\":\"user\",\"content\":\"";
    String end = "\"}]}";
    String body = start + "x".repeat(bodyBytes - start.length() - end.length()) + end;
    String head =
        "POST "
            + form.path
            + " HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer "
            + token
            + "\r\ncontent-type: application/json\r\ncontent-length: "
            + body.length()
            + "\r\n\r\n";
    return (head + body).getBytes(StandardCharsets.US_ASCII);
  }

  List<String> tokens() {
    return keys.stream().map(TestKey::token).toList();
  }

  /** Requests that the usage interface counts, refused ones too. */
  long counted() {
    questions++;
    JsonNode usage = node.client(keys.getFirst()).get("/v1/namespaces/me/usage").mustBe(200).json();
    return usage.path("request_count").asLong() + usage.path("denied_count").asLong();
  }

  /** Waits until the store has caught up with {@code requests}; returns what it counts then. */
  long awaitStored(long requests) {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    Awaitility.await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(100))
        .atMost(Duration.ofSeconds(70))
        .until(() -> counted() >= requests || System.nanoTime() > deadline);
    return counted();
  }

  /** Stops the node, and holds all that it has counted against {@code requests}. */
  void stop(Report report, long requests) throws SQLException {
    node.stop();
    Matcher told = TOLD.matcher(node.logText());
    long[] counts = new long[3];
    while (told.find()) {
      for (int i = 0; i < counts.length; i++) {
        counts[i] = Long.parseLong(told.group(i + 1));
      }
    }
    long judged = under.rules() ? requests : 0;
    report.counter("authentications", counts[0] - questions, requests);
    report.counter("reservations", counts[1], judged);
    report.counter("rate_decisions", counts[2], judged);
    report.counter("rows", StoredRows.count(folder.resolve("home/bitrouter.db")), requests);
  }

  /** Bytes by which the database of a node that has stopped has grown. */
  long growth() throws IOException {
    return Files.size(folder.resolve("home/bitrouter.db")) - bytesBefore;
  }

  @Override
  public void close() {
    node.close();
    NodeProcess.deleteFolder(folder);
  }
}

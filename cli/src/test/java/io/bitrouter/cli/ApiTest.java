package io.bitrouter.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The way to every route that has no command of its own. */
@Timeout(60)
class ApiTest {
  @TempDir Path folder;
  private final FakeNode node = new FakeNode();

  @AfterEach
  void close() {
    node.close();
  }

  private Person agent() {
    return new Person(folder).with(node);
  }

  @Test
  void bytesComeThroughAsTheyAre() {
    node.on("GET /v1/models?x=%20", " {\"a\":1}");

    assertThat(agent().run("cloud", "api", "v1/models?x=%20").out()).isEqualTo(" {\"a\":1}");
  }

  @Test
  void fieldsBecomeABodyAndInputIsOne() {
    node.on("POST /v1/things", "{}").on("PATCH /v1/things", "{}").on("PUT /v1/things", "{}");
    node.on("GET /v1/things?a=1&b=x%20y", "{}");

    agent()
        .run(
            "cloud",
            "api",
            "/v1/things",
            "-f",
            "a=1",
            "-F",
            "b=1",
            "-F",
            "c=true",
            "-F",
            "d=null",
            "-F",
            "e=007",
            "-F",
            "f=1.5",
            "-f",
            "g=");
    assertThat(node.seen().getLast().body())
        .isEqualTo(
            "{\"a\":\"1\",\"g\":\"\",\"b\":1,\"c\":true,\"d\":null,\"e\":\"007\",\"f\":\"1.5\"}");
    agent().run("cloud", "api", "-X", "GET", "/v1/things", "-f", "a=1", "-F", "b=x y");
    assertThat(node.lines().getLast()).isEqualTo("GET /v1/things?a=1&b=x%20y");
    agent().typing("raw").run("cloud", "api", "-X", "patch", "/v1/things", "--input", "-");
    assertThat(node.seen().getLast().body()).isEqualTo("raw");
    assertThat(node.seen().getLast().method()).isEqualTo("PATCH");
    agent()
        .file(folder.resolve("b.json"), "file", "rw-------")
        .run("cloud", "api", "-X", "PUT", "/v1/things", "--input", "b.json");
    assertThat(node.seen().getLast().body()).isEqualTo("file");
  }

  @Test
  void headersGoOutAndComeBack() {
    node.on(
        "GET /v1/models",
        exchange -> {
          exchange
              .getResponseHeaders()
              .add("X-Echo", exchange.getRequestHeaders().getFirst("X-Mine"));
          exchange.sendResponseHeaders(200, 2);
          exchange.getResponseBody().write("{}".getBytes(StandardCharsets.UTF_8));
        });

    String out = agent().run("cloud", "api", "-i", "-H", "X-Mine: a b", "/v1/models").out();

    assertThat(out).startsWith("HTTP/1.1 200\n").containsIgnoringCase("\nx-echo: a b\n");
    assertThat(out).endsWith("\n\n{}");
  }

  @Test
  void anErrorsBodyIsDataAndItsSentenceAMessage() {
    String body =
        "{\"error\":{\"message\":\"no such model\",\"type\":\"x\",\"code\":\"model_not_found\"}}";
    node.on("POST /v1/chat/completions", 404, body);

    Person.Result result = agent().run("cloud", "api", "/v1/chat/completions", "-f", "model=x");

    assertThat(result.exit()).isEqualTo(6);
    assertThat(result.out()).isEqualTo(body);
    assertThat(result.err()).isEqualTo("error: no such model (request req_header)\n");
  }

  @Test
  void eventsArriveWhileTheStreamIsOpen() throws InterruptedException {
    CountDownLatch seen = new CountDownLatch(1);
    node.on(
        "GET /v1/stream",
        exchange -> {
          exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
          exchange.sendResponseHeaders(200, 0);
          OutputStream body = exchange.getResponseBody();
          body.write("data: 1\n\n".getBytes(StandardCharsets.UTF_8));
          body.flush();
          try {
            seen.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          body.write("data: 2\n\n".getBytes(StandardCharsets.UTF_8));
        });
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    World world = agent().world(out, new ByteArrayOutputStream());
    Thread reader = Thread.startVirtualThread(() -> Main.run(world, "cloud", "api", "/v1/stream"));

    await().until(() -> out.toString(StandardCharsets.UTF_8).equals("data: 1\n\n"));
    seen.countDown();
    reader.join();
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("data: 1\n\ndata: 2\n\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1/x",
        "https://example.org",
        "//example.org/x",
        "/v1/../x",
        "/v1/..",
        "/v1/a b",
        "/v1\\x",
        "/v1#x",
        "/é",
      })
  void nothingButAPathAtTheNode(String path) {
    Person.Result result = agent().run("cloud", "api", path);

    assertThat(result.exit()).isEqualTo(2);
    assertThat(node.seen()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Host: x", "content-length: 1", "Connection: close", "nothing", ": x"})
  void framingHeadersAreNotTheCallers(String header) {
    assertThat(agent().run("cloud", "api", "-H", header, "/v1/models").exit()).isEqualTo(2);
    assertThat(node.seen()).isEmpty();
  }

  @Test
  void aTerminalIsProtectedFromControlBytes() {
    node.on("GET /v1/models", "a\u001b[31m\tb\n");

    assertThat(agent().run("cloud", "api", "/v1/models").out()).isEqualTo("a\u001b[31m\tb\n");
    assertThat(agent().terminals(true, true, true).run("cloud", "api", "/v1/models").out())
        .isEqualTo("a?[31m\tb\n");
  }
}

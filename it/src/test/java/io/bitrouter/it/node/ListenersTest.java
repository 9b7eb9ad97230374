package io.bitrouter.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.testkit.Reply;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What anybody gets from the two listeners. */
final class ListenersTest {

  @RegisterExtension static final NodeWorld WORLD = NodeWorld.plain();

  @Test
  void aPersonGetsAPage() {
    Reply page = WORLD.node().anonymous().get("/").mustBe(200);
    assertThat(page.header("content-type").orElseThrow()).startsWith("text/html");
    assertThat(page.header("content-security-policy").orElseThrow()).contains("default-src 'none'");
    assertThat(page.text())
        .startsWith("<!doctype html>")
        .contains("BitRouter is running")
        .contains("Version test")
        .contains("href=\"/health/live\"")
        .contains("cloud whoami", "cloud keys mint", "cloud usage")
        .doesNotContain("<script")
        .doesNotContain("ns_");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/ping", "/health/live", "/health/ready"})
  void headIsGetWithoutTheBody(String path) throws Exception {
    int length = WORLD.node().anonymous().get(path).mustBe(200).body().length;
    try (RawConnection client = RawConnection.to(WORLD.node().endpoint())) {
      client.send("HEAD " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
      Reply head = client.replyWithoutBody().mustBe(200);
      assertThat(head.header("content-length")).hasValue(Integer.toString(length));
      client.send("GET /ping HTTP/1.1\r\nHost: x\r\n\r\n");
      client.reply().mustBe(200);
    }
  }

  @Test
  void healthIsOnBothListeners() throws Exception {
    for (URI listener : List.of(WORLD.node().endpoint(), WORLD.node().adminEndpoint())) {
      assertThat(get(listener, "/health/live").mustBe(200).json().path("status").asString())
          .isEqualTo("live");
      Reply ready = get(listener, "/health/ready").mustBe(200);
      assertThat(ready.json().path("status").asString()).isEqualTo("ready");
      assertThat(ready.json().path("store").asBoolean()).isTrue();
      assertThat(ready.json().path("journal").asBoolean()).isTrue();
      assertThat(ready.header("cache-control")).hasValue("no-store");
      assertThat(ready.header("server")).isEmpty();
    }
    assertThat(WORLD.node().anonymous().get("/ping").mustBe(200).json().path("status").asString())
        .isEqualTo("ok");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/ping",
        "/v1/models",
        "/v1/credential",
        "/v1/namespaces",
        "/v1/node/namespaces",
        "/metrics"
      })
  void theAdminListenerHasNothingElse(String path) throws Exception {
    try (RawConnection client = RawConnection.to(WORLD.node().adminEndpoint())) {
      client.send(
          "GET "
              + path
              + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
              + WORLD.node().operatorToken()
              + "\r\n\r\n");
      assertThat(client.reply().mustBe(404).json().path("error").asString()).isEqualTo("not_found");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/v1/chat/completions,405,POST",
    "PUT,/v1/namespaces,405,GET",
    "POST,/health/live,405,'GET, HEAD'",
    "POST,/,405,'GET, HEAD'",
    "DELETE,/v1/node/namespaces,405,'GET, POST'",
    "OPTIONS,/v1/models,405,GET",
    "TRACE,/ping,405,'GET, HEAD'",
    "get,/ping,405,'GET, HEAD'",
    "PROPFIND,/ping,405,'GET, HEAD'",
    "GET,/ping/,404,",
    "GET,/health,404,",
    "GET,/favicon.ico,404,",
    "GET,/v1/nothing,404,",
    "GET,/%2e%2e/etc/passwd,404,",
    "GET,/v1/../ping,404,"
  })
  void whatIsNotThereSaysSo(String method, String path, int status, String allow) throws Exception {
    try (RawConnection client = RawConnection.to(WORLD.node().endpoint())) {
      client.send(method + " " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
      Reply reply = client.reply().mustBe(status);
      assertThat(reply.header("content-type")).hasValue("application/json");
      assertThat(reply.json().path("error").asString())
          .isEqualTo(status == 404 ? "not_found" : "bad_request");
      assertThat(reply.json().path("request_id").asString())
          .isEqualTo(reply.header("x-request-id").orElseThrow());
      assertThat(reply.header("allow").orElse("")).isEqualTo(allow == null ? "" : allow);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET http://other.example/ping HTTP/1.1",
        "CONNECT a:1 HTTP/1.1",
        "OPTIONS * HTTP/1.1"
      })
  void otherFormsOfTargetsAreNoProxy(String line) throws Exception {
    try (RawConnection client = RawConnection.to(WORLD.node().endpoint())) {
      client.send(line + "\r\nHost: x\r\n\r\n");
      assertThat(client.reply().status()).isBetween(200, 499);
    }
    assertThat(WORLD.upstream().connections()).isZero();
  }

  private static Reply get(URI listener, String path) throws IOException {
    try (RawConnection client = RawConnection.to(listener)) {
      client.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
      return client.reply();
    }
  }
}

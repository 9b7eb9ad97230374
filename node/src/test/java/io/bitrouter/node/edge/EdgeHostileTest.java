package io.bitrouter.node.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.node.edge.RawClient.Answer;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that two servers could read differently: one answer, then nothing is interpreted. */
@ExtendWith(NoLeaks.class)
class EdgeHostileTest {
  private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";

  private static RunningEdge edge;

  @BeforeAll
  static void start() throws IOException {
    edge = new RunningEdge(RunningEdge::echo);
  }

  @AfterAll
  static void stop() {
    edge.close();
  }

  static Stream<Arguments> framings() {
    return Stream.of(
        Arguments.of(
            400,
            "POST / HTTP/1.1\r\n"
                + "Host: x\r\n"
                + "Content-Length: 4\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n"
                + "0\r\n\r\n"),
        Arguments.of(
            400,
            "POST / HTTP/1.1\r\n"
                + "Host: x\r\n"
                + "Transfer-Encoding: chunked\r\n"
                + "Content-Length: 4\r\n\r\n"
                + "0\r\n\r\n"),
        Arguments.of(
            400,
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd"),
        Arguments.of(
            400,
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nabcd"),
        Arguments.of(400, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4, 4\r\n\r\nabcd"),
        Arguments.of(400, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +4\r\n\r\nabcd"),
        Arguments.of(400, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -4\r\n\r\nabcd"),
        Arguments.of(400, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0x4\r\n\r\nabcd"),
        Arguments.of(400, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \r\n\r\nabcd"),
        Arguments.of(
            400, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\nabcd"),
        Arguments.of(400, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\nabcd"),
        Arguments.of(
            400, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"),
        Arguments.of(
            400, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
        Arguments.of(
            400,
            "POST / HTTP/1.1\r\n"
                + "Host: x\r\n"
                + "Transfer-Encoding: chunked\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n"
                + "0\r\n\r\n"),
        Arguments.of(
            400, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
        Arguments.of(
            400, "POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        Arguments.of(
            400, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
        Arguments.of(
            400, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:\u000bchunked\r\n\r\n0\r\n\r\n"));
  }

  static Stream<Arguments> lines() {
    return Stream.of(
        Arguments.of(400, "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c: d\r\n\r\n"),
        Arguments.of(400, "GET / HTTP/1.1\r\n Host: x\r\n\r\n"),
        Arguments.of(400, "GET / HTTP/1.1\r\nHost : x\r\n\r\n"),
        Arguments.of(400, "GET / HTTP/1.1\r\nHost: x\r\nA\r\n\r\n"),
        Arguments.of(400, "GET / HTTP/1.1\r\nHost: x\r\n: b\r\n\r\n"),
        Arguments.of(400, "GET / HTTP/1.1\r\nHost: x\r\nA B: c\r\n\r\n"),
        Arguments.of(400, "GET / HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n"),
        Arguments.of(400, "GET / HTTP/1.1\r\nHost: x\r\nA: b\nC: d\r\n\r\n"),
        Arguments.of(400, "GET / HTTP/1.1\nHost: x\n\n"),
        Arguments.of(400, "GET / HTTP/1.1\r\nHost: x\r\nA: b\u0000c\r\n\r\n"));
  }

  static Stream<Arguments> targetsAndSizes() {
    return Stream.of(
        Arguments.of(400, "GET /a\u0001b HTTP/1.1\r\nHost: x\r\n\r\n"),
        Arguments.of(400, "GET /a\tb HTTP/1.1\r\nHost: x\r\n\r\n"),
        Arguments.of(400, "GET /\u00e9 HTTP/1.1\r\nHost: x\r\n\r\n"),
        Arguments.of(400, "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n"),
        Arguments.of(400, "GET  / HTTP/1.1\r\nHost: x\r\n\r\n"),
        Arguments.of(400, " GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
        Arguments.of(400, "GET /\r\nHost: x\r\n\r\n"),
        Arguments.of(400, "GET / HTTP/1.1 \r\nHost: x\r\n\r\n"),
        Arguments.of(400, "G@T / HTTP/1.1\r\nHost: x\r\n\r\n"),
        Arguments.of(400, "GET / HTPP/1.1\r\nHost: x\r\n\r\n"),
        Arguments.of(505, "GET / HTTP/1.2\r\nHost: x\r\n\r\n"),
        Arguments.of(505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        Arguments.of(400, "GET http://other/ HTTP/1.1\r\nHost: x\r\n\r\n"),
        Arguments.of(400, "GET ftp://x/ HTTP/1.1\r\nHost: x\r\n\r\n"),
        Arguments.of(400, "CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n"),
        Arguments.of(400, "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"),
        Arguments.of(400, "GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n"),
        Arguments.of(400, "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n"),
        Arguments.of(400, "GET /%4 HTTP/1.1\r\nHost: x\r\n\r\n"),
        Arguments.of(400, "GET /?a=%ff HTTP/1.1\r\nHost: x\r\n\r\n"),
        Arguments.of(400, "GET / HTTP/1.1\r\n\r\n"),
        Arguments.of(400, "GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n"),
        Arguments.of(400, "GET / HTTP/1.0\r\nHost: x\r\nHost: y\r\n\r\n"),
        Arguments.of(400, "GET / HTTP/1.1\r\nHost: x/y\r\n\r\n"),
        Arguments.of(417, "POST / HTTP/1.1\r\nHost: x\r\nExpect: tea\r\nContent-Length: 0\r\n\r\n"),
        Arguments.of(414, "GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"),
        Arguments.of(431, "GET / HTTP/1.1\r\nHost: x\r\nA: " + "b".repeat(70_000) + "\r\n\r\n"),
        Arguments.of(
            431,
            "GET / HTTP/1.1\r\nHost: x\r\n"
                + ("A: " + "b".repeat(2_000) + "\r\n").repeat(40)
                + "\r\n"),
        Arguments.of(431, "GET / HTTP/1.1\r\nHost: x\r\n" + "A:\r\n".repeat(300) + "\r\n"));
  }

  @ParameterizedTest
  @MethodSource({"framings", "lines", "targetsAndSizes"})
  void isRefusedAndNothingAfterItIsInterpreted(int status, String request) throws IOException {
    edge.served().clear();
    try (RawClient client = edge.client()) {
      client.send(request + SMUGGLED);
      Answer answer = client.read();
      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.header("connection")).isEqualTo("close");
      assertThat(answer.body())
          .startsWith("{\"error\":\"bad_request\",\"error_description\":\"")
          .contains("\"request_id\":\"" + answer.header("x-request-id") + "\"");
      assertThat(client.atEnd()).isTrue();
    }
    assertThat(edge.served()).isEmpty();
  }

  static Stream<String> chunks() {
    return Stream.of(
        "4\r\nabcdX\r\n0\r\n\r\n",
        "4\nabcd\r\n0\r\n\r\n",
        "x\r\nabcd\r\n0\r\n\r\n",
        "-4\r\nabcd\r\n0\r\n\r\n",
        "+4\r\nabcd\r\n0\r\n\r\n",
        "0x4\r\nabcd\r\n0\r\n\r\n",
        " 4\r\nabcd\r\n0\r\n\r\n",
        "\r\nabcd\r\n0\r\n\r\n",
        "4;a=\u0001\r\nabcd\r\n0\r\n\r\n",
        "ffffffffff\r\nabcd\r\n0\r\n\r\n",
        "4\r\nabcd\r\n0\r\nTrailer : x\r\n\r\n");
  }

  @ParameterizedTest
  @MethodSource("chunks")
  void aBadChunkIsRefusedAndNothingAfterItIsInterpreted(String body) throws IOException {
    edge.served().clear();
    try (RawClient client = edge.client()) {
      client.send(
          "POST /first HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
              + body
              + SMUGGLED);
      Answer answer = client.read();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.header("connection")).isEqualTo("close");
      assertThat(client.atEnd()).isTrue();
    }
    assertThat(edge.served()).containsExactly("POST /first");
  }

  @Test
  void aRefusalIsTheSameHoweverTheRequestIsCut() throws IOException {
    String request = "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c: d\r\n\r\n";
    for (int at = 1; at < request.length(); at++) {
      try (RawClient client = edge.client()) {
        client.send(request.substring(0, at));
        client.send(request.substring(at) + SMUGGLED);
        assertThat(client.read().status()).as("cut at %d", at).isEqualTo(400);
        assertThat(client.atEnd()).isTrue();
      }
    }
    assertThat(edge.served()).doesNotContain("GET /smuggled");
  }

  @Test
  void aClientThatResetsInTheMiddleOfARequestIsForgotten() throws IOException {
    for (String part :
        new String[] {"", "GET", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab"}) {
      RawClient client = edge.client();
      client.send(part);
      client.reset();
    }
    try (RawClient client = edge.client()) {
      assertThat(client.post("/echo", "alive").read().body()).isEqualTo("alive");
    }
  }
}

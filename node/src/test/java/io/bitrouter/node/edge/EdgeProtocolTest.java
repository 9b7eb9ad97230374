package io.bitrouter.node.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.gateway.ClientExchange;
import io.bitrouter.core.gateway.HeaderField;
import io.bitrouter.core.gateway.ReplyHead;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.node.edge.RawClient.Answer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(NoLeaks.class)
class EdgeProtocolTest {
  private static RunningEdge edge;

  @BeforeAll
  static void start() throws IOException {
    edge = new RunningEdge(EdgeProtocolTest::serve);
  }

  @AfterAll
  static void stop() {
    edge.close();
  }

  private static void serve(ClientExchange exchange) {
    switch (exchange.path()) {
      case "/nothing" -> {}
      case "/throw" -> throw new IllegalStateException("on purpose");
      case "/query" ->
          RunningEdge.text(
              exchange,
              200,
              RunningEdge.bytes(exchange.query("a").orElse("-") + "|" + exchange.remoteAddress()));
      case "/unread" -> RunningEdge.text(exchange, 200, RunningEdge.bytes("unread"));
      case "/evil-header" ->
          exchange.reply(
              new ReplyHead(200, "text/plain", List.of(new HeaderField("x-a", "1\r\nx-b: 2"))),
              new byte[0]);
      case "/no-content" -> exchange.reply(new ReplyHead(204, "", List.of()), new byte[0]);
      default -> RunningEdge.echo(exchange);
    }
  }

  @Test
  void oneConnectionServesOneRequestAfterTheOther() throws IOException {
    try (RawClient client = edge.client()) {
      for (int i = 0; i < 5; i++) {
        Answer answer = client.post("/echo", "number " + i).read();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("number " + i);
        assertThat(answer.header("date")).endsWith("GMT");
        assertThat(RequestId.parse(answer.header("x-request-id"))).isPresent();
        assertThat(answer.headers()).doesNotContainKey("connection");
      }
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws IOException {
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      String body = "n" + i;
      many.append("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: ")
          .append(body.length())
          .append("\r\n\r\n")
          .append(body);
    }
    try (RawClient client = edge.client()) {
      client.send(many.toString());
      for (int i = 0; i < 200; i++) {
        assertThat(client.read().body()).isEqualTo("n" + i);
      }
    }
  }

  @Test
  void aRequestMayBeCutAnywhere() throws IOException {
    String request =
        "\r\nPOST /echo?x=%41 HTTP/1.1\r\nHost: a\r\nX: y \r\nTransfer-Encoding: chunked\r\n\r\n"
            + "3;ext=1\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: t\r\n\r\n";
    try (RawClient client = edge.client()) {
      for (int at = 1; at < request.length(); at++) {
        client.send(request.substring(0, at));
        client.send(request.substring(at));
        Answer answer = client.read();
        assertThat(answer.body()).as("cut at %d", at).isEqualTo("abcde");
      }
    }
  }

  @Test
  void aPostWithoutBodyAndLengthIsFine() throws IOException {
    try (RawClient client = edge.client()) {
      Answer answer = client.send("POST /echo HTTP/1.1\r\nHost: x\r\n\r\n").read();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("content-length")).isEqualTo("0");
    }
  }

  @Test
  void anUpgradeToHttp2IsIgnoredAndTheBodyKept() throws IOException {
    try (RawClient client = edge.client()) {
      client.send(
          "POST /echo HTTP/1.1\r\n"
              + "Host: x\r\n"
              + "Connection: Upgrade, HTTP2-Settings\r\n"
              + "Upgrade: h2c\r\n"
              + "HTTP2-Settings: AAEAAEAAAAIAAAAB\r\n"
              + "Content-Length: 4\r\n\r\n"
              + "body");
      assertThat(client.read().body()).isEqualTo("body");
      assertThat(client.post("/echo", "again").read().body()).isEqualTo("again");
    }
  }

  @Test
  void headHasTheLengthAndNoBody() throws IOException {
    try (RawClient client = edge.client()) {
      client.send("HEAD /unread HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.readHead().header("content-length")).isEqualTo("6");
      assertThat(client.post("/echo", "next").read().body()).isEqualTo("next");
    }
  }

  @Test
  void noContentHasNoLength() throws IOException {
    try (RawClient client = edge.client()) {
      assertThat(client.get("/no-content").readHead().headers())
          .doesNotContainKey("content-length");
      assertThat(client.post("/echo", "next").read().body()).isEqualTo("next");
    }
  }

  @Test
  void http10IsAnsweredAndClosed() throws IOException {
    try (RawClient client = edge.client()) {
      Answer answer = client.send("GET /unread HTTP/1.0\r\n\r\n").read();
      assertThat(answer.body()).isEqualTo("unread");
      assertThat(client.atEnd()).isTrue();
    }
  }

  @Test
  void connectionCloseIsHonoured() throws IOException {
    try (RawClient client = edge.client()) {
      client.send("GET /unread HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      assertThat(client.read().header("connection")).isEqualTo("close");
      assertThat(client.atEnd()).isTrue();
    }
  }

  @Test
  void continueIsSentWhenTheBodyIsWanted() throws IOException {
    try (RawClient client = edge.client()) {
      client.send(
          "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
      assertThat(client.readHead().status()).isEqualTo(100);
      assertThat(client.send("ok").read().body()).isEqualTo("ok");
    }
  }

  @Test
  void continueIsNotSentWhenTheBodyIsNotWanted() throws IOException {
    try (RawClient client = edge.client()) {
      client.send(
          "POST /unread HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
      Answer answer = client.read();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("connection")).isEqualTo("close");
      assertThat(client.atEnd()).isTrue();
    }
  }

  @Test
  void queriesAreDecodedAndPathsAreNot() throws IOException {
    try (RawClient client = edge.client()) {
      assertThat(client.get("/query?b=1&a=x%20%C3%A9+y&a=2").read().body())
          .isEqualTo("x é y|127.0.0.1");
      client.get("/a%2Fb").read();
      assertThat(edge.served()).contains("GET /a%2Fb");
    }
  }

  @Test
  void anAbsoluteTargetForThisHostIsItsPath() throws IOException {
    try (RawClient client = edge.client()) {
      client.send("GET http://here:1/query?a=1 HTTP/1.1\r\nHost: here:1\r\n\r\n");
      assertThat(client.read().body()).startsWith("1|");
    }
  }

  @Test
  void aSmallUnreadBodyIsSkipped() throws IOException {
    try (RawClient client = edge.client()) {
      client.send("POST /unread HTTP/1.1\r\nHost: x\r\nContent-Length: 30000\r\n\r\n");
      assertThat(client.read().body()).isEqualTo("unread");
      client.send("z".repeat(30_000)).post("/echo", "next");
      assertThat(client.read().body()).isEqualTo("next");
    }
  }

  @Test
  void anAnswerSurvivesALargeUnreadBody() throws IOException {
    try (RawClient client = edge.client()) {
      client.send("POST /unread HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n");
      client.send("z".repeat(900_000));
      Answer answer = client.read();
      assertThat(answer.body()).isEqualTo("unread");
      assertThat(answer.header("connection")).isEqualTo("close");
      assertThat(client.atEnd()).isTrue();
    }
  }

  @Test
  void aHandlerThatForgetsToAnswerIsA500() throws IOException {
    try (RawClient client = edge.client()) {
      Answer answer = client.get("/nothing").read();
      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.body())
          .contains("\"error\":\"internal_error\"")
          .contains("\"request_id\":\"" + answer.header("x-request-id") + "\"");
      assertThat(client.get("/throw").read().status()).isEqualTo(500);
      assertThat(client.get("/evil-header").read().status()).isEqualTo(500);
      assertThat(client.post("/echo", "next").read().body()).isEqualTo("next");
    }
  }

  @ParameterizedTest
  @EnumSource(EventLoops.Transport.class)
  void everyTransportServes(EventLoops.Transport transport) throws IOException {
    EventLoops loops = EventLoops.open(transport, 1);
    try (RunningEdge other = new RunningEdge(loops, EdgeLimits.defaults(), RunningEdge::echo);
        RawClient client = other.client()) {
      String large = "x".repeat(3_000_000);
      assertThat(client.post("/echo", large).read().body()).isEqualTo(large);
      assertThat(loops.transportName())
          .isEqualTo(transport == EventLoops.Transport.NIO ? "nio" : "epoll");
    }
  }
}

package io.bitrouter.node.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bitrouter.core.gateway.ClientExchange;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.node.edge.RawClient.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class EdgeLimitsTest {
  private static final int LIMIT = 64 << 10;

  private static RunningEdge edge;

  @BeforeAll
  static void start() throws IOException {
    edge = new RunningEdge(RunningEdge.shortLimits(), RunningEdge::echo);
  }

  @AfterAll
  static void stop() {
    edge.close();
  }

  @Test
  void anAnnouncedGiantIsRefusedWithoutBeingRead() throws IOException {
    try (RawClient client = edge.client()) {
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n");
      Answer answer = client.read();
      assertThat(answer.status()).isEqualTo(413);
      assertThat(answer.header("connection")).isEqualTo("close");
      assertThat(client.atEnd()).isTrue();
    }
  }

  @Test
  void anUnannouncedGiantIsRefusedWhileItIsRead() throws IOException {
    try (RawClient client = edge.client()) {
      client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
      String chunk = "4000\r\n" + "x".repeat(0x4000) + "\r\n";
      client.send(chunk.repeat(6));
      assertThat(client.read().status()).isEqualTo(413);
      assertThat(client.atEnd()).isTrue();
    }
  }

  @Test
  void aBodyOfExactlyTheLimitIsTaken() throws IOException {
    String body = "b".repeat(LIMIT);
    try (RawClient client = edge.client()) {
      assertThat(client.post("/", body).read().body()).isEqualTo(body);
      assertThat(client.post("/", body + "b").read().status()).isEqualTo(413);
    }
  }

  @Test
  void gzipIsDecoded() throws IOException {
    try (RawClient client = edge.client()) {
      sendGzip(client, gzip("hello gzip".getBytes(StandardCharsets.UTF_8)));
      assertThat(client.read().body()).isEqualTo("hello gzip");
      sendGzip(client, gzip(new byte[LIMIT]));
      assertThat(client.read().body()).hasSize(LIMIT);
    }
  }

  @Test
  void aGzipBombIsRefused() throws IOException {
    byte[] bomb = gzip(new byte[50 << 20]);
    assertThat(bomb.length).isLessThan(LIMIT);
    try (RawClient client = edge.client()) {
      sendGzip(client, bomb);
      assertThat(client.read().status()).isEqualTo(413);
    }
  }

  @Test
  void whatIsNotGzipIsRefused() throws IOException {
    try (RawClient client = edge.client()) {
      sendGzip(client, "plain".getBytes(StandardCharsets.UTF_8));
      assertThat(client.read().status()).isEqualTo(400);
      byte[] cut = gzip(new byte[100]);
      sendGzip(client, Arrays.copyOf(cut, cut.length - 9));
      assertThat(client.read().status()).isEqualTo(400);
    }
  }

  @Test
  void otherEncodingsAreNotRead() throws IOException {
    for (String coding : new String[] {"br", "gzip, gzip", "deflate"}) {
      try (RawClient client = edge.client()) {
        client.send(
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Encoding: "
                + coding
                + "\r\nContent-Length: 2\r\n\r\nab");
        assertThat(client.read().status()).isEqualTo(415);
        assertThat(client.post("/", "next").read().body()).isEqualTo("next");
      }
    }
  }

  @Test
  void aSlowHeadIsA408() throws IOException {
    try (RawClient client = edge.client()) {
      client.send("GET / HTTP/1.1\r\nHost:");
      Answer answer = client.read();
      assertThat(answer.status()).isEqualTo(408);
      assertThat(answer.body()).contains("\"error\":\"request_timeout\"");
      assertThat(client.atEnd()).isTrue();
    }
  }

  @Test
  void aSlowSecondHeadIsA408() throws IOException {
    try (RawClient client = edge.client()) {
      client.post("/", "first").read();
      client.send("G");
      assertThat(client.read().status()).isEqualTo(408);
      assertThat(client.atEnd()).isTrue();
    }
  }

  @Test
  void aSilentConnectionIsClosed() throws IOException {
    try (RawClient client = edge.client()) {
      assertThat(client.atEnd()).isTrue();
    }
  }

  @Test
  void aSlowBodyIsA408() throws IOException {
    try (RawClient client = edge.client()) {
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
      Answer answer = client.read();
      assertThat(answer.status()).isEqualTo(408);
      assertThat(answer.header("connection")).isEqualTo("close");
      assertThat(client.atEnd()).isTrue();
    }
  }

  @Test
  void buffersOfAllRequestsTogetherAreBounded() throws Exception {
    CountDownLatch full = new CountDownLatch(4);
    CountDownLatch go = new CountDownLatch(1);
    try (RunningEdge holding =
        new RunningEdge(
            RunningEdge.shortLimits(),
            exchange -> {
              var body = exchange.body();
              if (exchange.path().equals("/hold")) {
                full.countDown();
                hold(go);
              }
              RunningEdge.text(
                  exchange, body instanceof Outcome.Done<byte[]> ? 200 : 503, new byte[0]);
            })) {
      List<RawClient> holders = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        holders.add(holding.client().post("/hold", "x".repeat(LIMIT)));
      }
      full.await();
      try (RawClient client = holding.client()) {
        assertThat(client.post("/", "one more").read().status()).isEqualTo(503);
        go.countDown();
        for (RawClient holder : holders) {
          assertThat(holder.read().status()).isEqualTo(200);
          holder.close();
        }
        await()
            .untilAsserted(
                () -> assertThat(client.post("/", "again").read().status()).isEqualTo(200));
      }
    }
  }

  @Test
  void whatIsHeldForARequestCountsLikeItsBodyUntilItIsOver() throws IOException {
    try (RunningEdge holding =
            new RunningEdge(
                RunningEdge.shortLimits(), exchange -> answerHolding(exchange, 3L * LIMIT));
        RawClient client = holding.client()) {
      for (int i = 0; i < 3; i++) {
        await()
            .untilAsserted(() ->
                assertThat(client.post("/", "x".repeat(LIMIT)).read().status()).isEqualTo(200));
      }
    }
    try (RunningEdge small =
            new RunningEdge(
                RunningEdge.shortLimits(), exchange -> answerHolding(exchange, 4L * LIMIT));
        RawClient client = small.client()) {
      assertThat(client.post("/", "x").read().status()).isEqualTo(503);
    }
  }

  private static void answerHolding(ClientExchange exchange, long bytes) {
    var held = exchange.body().then(body -> exchange.hold(bytes));
    RunningEdge.text(exchange, held instanceof Outcome.Done<Long> ? 200 : 503, new byte[0]);
  }

  @Test
  void connectionsBeyondTheLimitAreRefusedAtOnce() throws IOException {
    CountDownLatch go = new CountDownLatch(1);
    List<RawClient> clients = new ArrayList<>();
    try (RunningEdge busy =
        new RunningEdge(
            RunningEdge.shortLimits(),
            exchange -> {
              hold(go);
              RunningEdge.text(exchange, 200, new byte[0]);
            })) {
      for (int i = 0; i < 8; i++) {
        clients.add(busy.client().get("/"));
      }
      await().until(() -> busy.server().inFlight() == 8);
      try (RawClient one = busy.client()) {
        assertThat(one.read().status()).isEqualTo(503);
        assertThat(one.atEnd()).isTrue();
      }
      go.countDown();
      for (RawClient client : clients) {
        assertThat(client.read().status()).isEqualTo(200);
        client.close();
      }
      await()
          .untilAsserted(() -> {
            try (RawClient client = busy.client()) {
              assertThat(client.get("/").read().status()).isEqualTo(200);
            }
          });
    }
  }

  @Test
  void aClientThatDoesNotReadItsAnswerIsCut() throws IOException {
    byte[] large = new byte[32 << 20];
    try (RunningEdge generous =
            new RunningEdge(
                RunningEdge.shortLimits(), exchange -> RunningEdge.text(exchange, 200, large));
        RawClient client = generous.client()) {
      client.get("/");
      await().until(() -> generous.served().size() == 1);
      // Nothing is read until the server has cut the connection; then its end is missing.
      await().until(() -> generous.server().inFlight() == 0);
      await().until(() -> generous.server().connections() == 0);
      assertThat(client.read().complete()).isFalse();
    }
  }

  @Test
  void aClientThatPipelinesAndDoesNotReadIsHeldUp() throws IOException {
    byte[] answer = new byte[100 << 10];
    try (RunningEdge generous =
            new RunningEdge(
                RunningEdge.shortLimits(), exchange -> RunningEdge.text(exchange, 200, answer));
        RawClient client = generous.client()) {
      client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(2_000));
      await().until(() -> generous.server().connections() == 0);
      // Socket buffers take some; two hundred megabytes they do not.
      assertThat(generous.served().size()).isBetween(1, 500);
    }
  }

  private static void hold(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void sendGzip(RawClient client, byte[] body) throws IOException {
    client.send(
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: "
            + body.length
            + "\r\n\r\n");
    client.send(body);
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(plain);
    }
    return out.toByteArray();
  }
}

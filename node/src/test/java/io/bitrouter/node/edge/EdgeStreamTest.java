package io.bitrouter.node.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bitrouter.core.gateway.ClientExchange;
import io.bitrouter.core.gateway.ReplyHead;
import io.bitrouter.core.gateway.ReplyStream;
import io.bitrouter.node.edge.RawClient.Answer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class EdgeStreamTest {
  private static final ReplyHead EVENTS = new ReplyHead(200, "text/event-stream", List.of());

  @Test
  void everyWriteReachesTheClientAtOnce() throws IOException {
    Semaphore read = new Semaphore(0);
    try (RunningEdge edge =
            new RunningEdge(exchange -> {
              ReplyStream stream = exchange.startStream(EVENTS);
              for (int i = 0; i < 5; i++) {
                read.acquireUninterruptibly();
                assertThat(stream.write(RunningEdge.bytes("data: " + i + "\n\n"))).isTrue();
              }
              stream.write(new byte[0]);
              stream.end();
            });
        RawClient client = edge.client()) {
      Answer head = client.get("/").readHead();
      assertThat(head.header("transfer-encoding")).isEqualTo("chunked");
      for (int i = 0; i < 5; i++) {
        read.release();
        assertThat(client.chunk()).isEqualTo("data: " + i + "\n\n");
      }
      assertThat(client.chunk()).isEmpty();
      read.release(5);
      assertThat(client.get("/").read().complete()).isTrue();
    }
  }

  @Test
  void http10AndHeadStreamsAreFramedTheirOwnWay() throws IOException {
    try (RunningEdge edge =
        new RunningEdge(exchange -> {
          ReplyStream stream = exchange.startStream(EVENTS);
          stream.write(RunningEdge.bytes("one "));
          stream.write(RunningEdge.bytes("two"));
          stream.end();
        })) {
      try (RawClient client = edge.client()) {
        Answer answer = client.send("GET / HTTP/1.0\r\n\r\n").read();
        assertThat(answer.body()).isEqualTo("one two");
        assertThat(answer.headers()).doesNotContainKey("transfer-encoding");
      }
      try (RawClient client = edge.client()) {
        client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n").readHead();
        assertThat(client.get("/").read().body()).isEqualTo("one two");
      }
    }
  }

  @Test
  void aStreamThatFailsOrIsForgottenIsIncomplete() throws IOException {
    try (RunningEdge edge =
        new RunningEdge(exchange -> {
          ReplyStream stream = exchange.startStream(EVENTS);
          stream.write(RunningEdge.bytes("part"));
          switch (exchange.path()) {
            case "/throw" -> throw new IllegalStateException("on purpose");
            case "/abort" -> stream.abort();
            default -> {}
          }
        })) {
      for (String path : List.of("/throw", "/abort", "/forget")) {
        try (RawClient client = edge.client()) {
          Answer answer = client.get(path).read();
          assertThat(answer.complete()).as(path).isFalse();
          assertThat(answer.body()).as(path).isIn("part", path.equals("/forget") ? "" : "part");
        }
      }
    }
  }

  @Test
  void aClientThatLeavesIsNoticedWhileNothingIsWritten() throws Exception {
    CompletableFuture<Boolean> noticed = new CompletableFuture<>();
    try (RunningEdge edge =
            new RunningEdge(exchange -> {
              ReplyStream stream = exchange.startStream(EVENTS);
              await().until(exchange::disconnected);
              noticed.complete(!stream.write(new byte[1]));
            });
        RawClient client = edge.client()) {
      client.post("/", "body").readHead();
      client.reset();
      assertThat(noticed.get(5, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aWriterIsHeldUpByAClientThatDoesNotReadAndFreedWhenItIsCut() throws Exception {
    AtomicLong written = new AtomicLong();
    CompletableFuture<Long> total = new CompletableFuture<>();
    byte[] piece = new byte[16 << 10];
    EdgeHandler endless =
        (ClientExchange exchange) -> {
          ReplyStream stream = exchange.startStream(EVENTS);
          while (stream.write(piece)) {
            written.addAndGet(piece.length);
          }
          total.complete(written.get());
        };
    try (RunningEdge edge = new RunningEdge(RunningEdge.shortLimits(), endless);
        RawClient client = edge.client()) {
      client.get("/").readHead();
      // The kernel's socket buffers take some megabytes; the node itself takes a few chunks.
      assertThat(total.get(10, TimeUnit.SECONDS)).isLessThan(24L << 20);
      await().until(() -> edge.server().connections() == 0);
    }
  }

  @Test
  void aClientThatReadsSlowlyIsNotCut() throws Exception {
    byte[] piece = new byte[64 << 10];
    int pieces = 200;
    try (RunningEdge edge =
            new RunningEdge(
                RunningEdge.shortLimits(),
                exchange -> {
                  ReplyStream stream = exchange.startStream(EVENTS);
                  for (int i = 0; i < pieces && stream.write(piece); i++) {}
                  stream.end();
                });
        RawClient client = edge.client()) {
      Answer answer = client.get("/").read();
      assertThat(answer.complete()).isTrue();
      assertThat(answer.body()).hasSize(pieces * piece.length);
    }
  }
}

package io.bitrouter.node.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bitrouter.core.gateway.StreamMeter;
import io.bitrouter.core.gateway.StreamMeter.Verdict;
import io.bitrouter.node.edge.EdgeLimits;
import io.bitrouter.node.edge.NoLeaks;
import io.bitrouter.node.edge.RawClient;
import io.bitrouter.node.edge.RawClient.Answer;
import io.bitrouter.node.edge.RunningEdge;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoLeaks.class)
class PumpTest {
  private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

  private static Gateway gateway(RawUpstream upstream, OnDisconnect onDisconnect) throws Exception {
    return new Gateway(upstream.uri(), UpstreamTimeouts.defaults(), onDisconnect);
  }

  @Test
  void chunksArriveAsTheyComeAndTheEndIsSettledFirst() throws Exception {
    Semaphore next = new Semaphore(0);
    try (RawUpstream upstream =
            new RawUpstream(connection -> {
              while (connection.read()) {
                connection.send(CHUNKED);
                for (int i = 0; i < 3; i++) {
                  next.acquireUninterruptibly();
                  connection.chunk("data: " + i + "\n\n");
                }
                next.acquireUninterruptibly();
                connection.send("0\r\n\r\n");
              }
            });
        Gateway gateway = gateway(upstream, OnDisconnect.CANCEL);
        RawClient client = gateway.client()) {
      for (int round = 0; round < 3; round++) {
        next.release();
        client.post("/stream", "q").readHead();
        for (int i = 0; i < 3; i++) {
          if (i > 0) {
            next.release();
          }
          assertThat(client.chunk()).isEqualTo("data: " + i + "\n\n");
        }
        next.release();
        assertThat(client.chunk()).isEqualTo("[rest]");
        assertThat(client.chunk()).isEqualTo("[held]");
        assertThat(client.chunk()).isEmpty();
        assertThat(gateway.outcome()).isEqualTo("UPSTREAM_ENDED 1 27");
      }
      assertThat(upstream.accepted()).isEqualTo(1);
    }
  }

  @Test
  void anAnswerThatIsAllThereIsPumpedToo() throws Exception {
    try (RawUpstream upstream =
            new RawUpstream(connection -> {
              connection.read();
              connection.answer("all of it");
            });
        Gateway gateway = gateway(upstream, OnDisconnect.CANCEL);
        RawClient client = gateway.client()) {
      assertThat(client.post("/stream", "q").read().body()).isEqualTo("all of it[rest][held]");
    }
  }

  @Test
  void aLargeStreamArrivesWhole() throws Exception {
    String piece = "0123456789abcdef".repeat(4_096);
    try (RawUpstream upstream =
            new RawUpstream(connection -> {
              connection.read();
              connection.send(CHUNKED);
              for (int i = 0; i < 300; i++) {
                connection.chunk(piece);
              }
              connection.send("0\r\n\r\n");
            });
        Gateway gateway = gateway(upstream, OnDisconnect.CANCEL);
        RawClient client = gateway.client()) {
      Answer answer = client.post("/stream", "q").read();
      assertThat(answer.body()).isEqualTo(piece.repeat(300) + "[rest][held]");
    }
  }

  @Test
  void aStreamThatBreaksIsIncompleteForTheClient() throws Exception {
    try (RawUpstream upstream =
            new RawUpstream(connection -> {
              connection.read();
              connection.send(CHUNKED);
              connection.chunk("part");
            });
        Gateway gateway = gateway(upstream, OnDisconnect.CANCEL);
        RawClient client = gateway.client()) {
      assertThat(client.post("/stream", "q").read().complete()).isFalse();
      assertThat(gateway.outcome()).isEqualTo("UPSTREAM_BROKEN 1 4");
    }
  }

  @Test
  void aStreamThatFallsSilentTimesOut() throws Exception {
    try (RawUpstream upstream =
            new RawUpstream(connection -> {
              connection.read();
              connection.send(CHUNKED);
              connection.chunk("part");
              connection.awaitEnd();
            });
        Gateway gateway =
            new Gateway(upstream.uri(), Gateway.shortTimeouts(), OnDisconnect.CANCEL);
        RawClient client = gateway.client()) {
      client.post("/stream", "q").read();
      assertThat(gateway.outcome()).isEqualTo("UPSTREAM_TIMEOUT 1 4");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/stream", "/collect", "/none"})
  void aClientThatLeavesCancelsTheUpstreamAtOnce(String path) throws Exception {
    CompletableFuture<Long> ended = new CompletableFuture<>();
    Semaphore begun = new Semaphore(0);
    try (RawUpstream upstream =
            new RawUpstream(connection -> {
              connection.read();
              if (!path.equals("/none")) {
                connection.send(CHUNKED);
                connection.chunk("part");
              }
              begun.release();
              connection.awaitEnd();
              ended.complete(System.nanoTime());
            });
        Gateway gateway = gateway(upstream, OnDisconnect.CANCEL);
        RawClient client = gateway.client()) {
      client.post(path, "q");
      if (path.equals("/stream")) {
        client.readHead();
        assertThat(client.chunk()).isEqualTo("part");
      }
      begun.acquire();
      long left = System.nanoTime();
      client.socket().close();
      long took = ended.get(10, TimeUnit.SECONDS) - left;
      assertThat(TimeUnit.NANOSECONDS.toMillis(took)).isLessThan(2_000);
      assertThat(gateway.outcome()).startsWith("CLIENT_GONE");
    }
  }

  @Test
  void drainingReadsOnForTheBooks() throws Exception {
    Semaphore gone = new Semaphore(0);
    try (RawUpstream upstream =
            new RawUpstream(connection -> {
              while (connection.read()) {
                connection.send(CHUNKED);
                connection.chunk("part");
                gone.acquireUninterruptibly();
                connection.chunk("rest of it");
                connection.send("0\r\n\r\n");
              }
            });
        Gateway gateway = gateway(upstream, OnDisconnect.DRAIN)) {
      for (String path : new String[] {"/stream", "/collect"}) {
        int before = upstream.requests().size();
        RawClient client = gateway.client();
        client.post(path, "q");
        if (path.equals("/stream")) {
          client.readHead();
          client.chunk();
        }
        await().until(() -> upstream.requests().size() == before + 1);
        client.reset();
        await().until(() -> gateway.edge().server().connections() == 0);
        gone.release();
        assertThat(gateway.outcome()).isIn("CLIENT_GONE_DRAINED 1 14", "WHOLE 1 14");
      }
    }
  }

  /** Leaving must not be a way to have an answer that a budget does not watch. */
  @ParameterizedTest
  @EnumSource(names = {"PAUSE", "CUT"})
  void drainingEndsWhereABudgetWouldHaveHadTheClientWait(Verdict verdict) throws Exception {
    Semaphore gone = new Semaphore(0);
    try (RawUpstream upstream =
            new RawUpstream(connection -> {
              connection.read();
              connection.send(CHUNKED);
              connection.chunk("part");
              gone.acquireUninterruptibly();
              connection.chunk("more of it");
              connection.read();
            });
        Gateway gateway = gateway(upstream, OnDisconnect.DRAIN)) {
      gateway.metered(
          new StreamMeter() {
            @Override
            public Verdict flowed(long outputBytes) {
              return outputBytes > 4 ? verdict : Verdict.GO_ON;
            }

            @Override
            public Verdict await() {
              return Verdict.GO_ON;
            }
          });
      RawClient client = gateway.client();
      client.post("/stream", "q").readHead();
      client.chunk();
      client.reset();
      await().until(() -> gateway.edge().server().connections() == 0);
      gone.release();
      assertThat(gateway.outcome()).isEqualTo("CLIENT_GONE 1 14");
    }
  }

  @Test
  void aClientThatDoesNotReadPausesTheUpstreamAndIsCutInTheEnd() throws Exception {
    AtomicLong sent = new AtomicLong();
    CompletableFuture<Void> ended = new CompletableFuture<>();
    String piece = "x".repeat(16 << 10);
    try (RawUpstream upstream =
            new RawUpstream(connection -> {
              connection.read();
              connection.send(CHUNKED);
              try {
                while (true) {
                  connection.chunk(piece);
                  sent.addAndGet(piece.length());
                }
              } finally {
                ended.complete(null);
              }
            });
        Gateway gateway =
            new Gateway(
                upstream.uri(),
                UpstreamTimeouts.defaults(),
                OnDisconnect.CANCEL,
                PassingTap::new,
                RunningEdge.shortLimits());
        RawClient client = gateway.client()) {
      client.post("/stream", "q").readHead();
      ended.get(10, TimeUnit.SECONDS);
      assertThat(gateway.outcome()).startsWith("CLIENT_GONE 1 ");
      // Four socket buffers take some megabytes each; the node itself takes a few chunks.
      assertThat(sent.get()).isLessThan(48L << 20);
    }
  }

  @Test
  void aTapThatFailsCancelsBothSides() throws Exception {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    try (RawUpstream upstream =
            new RawUpstream(connection -> {
              connection.read();
              connection.send(CHUNKED);
              connection.chunk("part");
              connection.awaitEnd();
              ended.complete(null);
            });
        Gateway gateway =
            new Gateway(
                upstream.uri(),
                UpstreamTimeouts.defaults(),
                OnDisconnect.CANCEL,
                () -> new PassingTap(true),
                EdgeLimits.defaults());
        RawClient client = gateway.client()) {
      assertThat(client.post("/stream", "q").read().complete()).isFalse();
      ended.get(10, TimeUnit.SECONDS);
      assertThat(gateway.outcome()).isEqualTo("UPSTREAM_BROKEN 1 4");
    }
  }
}

package io.bitrouter.it.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitrouter.testkit.FakeUpstream;
import io.bitrouter.testkit.HttpReader.Head;
import io.bitrouter.testkit.Sightings;
import io.bitrouter.testkit.TestKey;
import io.bitrouter.testkit.UpstreamScript;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Orderly ends: what is under way is finished, or at least on the books. */
final class StopTest {

  private static final String STREAM =
      "{\"model\":\"fake-%s\",\"stream\":%s,\"max_tokens\":500,\"messages\":[]}";

  @TempDir Path home;

  @ParameterizedTest
  @CsvSource({"chat,/v1/chat/completions,true", "messages,/v1/messages,false"})
  void requestsUnderWayAreFinished(String model, String path, boolean streamed) throws Exception {
    try (FakeUpstream upstream = FakeUpstream.start()) {
      upstream.answer(
          UpstreamScript.ok()
              .withChunks(20)
              .paced(Duration.ofMillis(streamed ? 0 : 400), Duration.ofMillis(15)));
      Sightings sightings = new Sightings();
      RunningNode node = RunningNode.start(home, NodeWorld.providers(upstream), sightings);
      Neighbour neighbour = Neighbour.plant(node, sightings);
      TestKey key = node.mint(node.defaultNamespace(), "test", TestKey.ALL_SCOPES);
      CompletableFuture<Void> stopped;
      try (RawConnection client = RawConnection.to(node.endpoint());
          RawConnection idle = RawConnection.to(node.endpoint())) {
        client.post(path, key.token(), STREAM.formatted(model, streamed));
        upstream.awaitRequests(1);
        stopped = CompletableFuture.runAsync(node::close);
        Head head = client.head();
        assertThat(head.status()).isEqualTo(200);
        assertThat(client.body(head, "word ", () -> mustRefuseOthers(node)).split("word ", -1))
            .hasSize(21);
        assertThat(idle.closedByNode()).isTrue();
        stopped.get(10, TimeUnit.SECONDS);
      }
      assertThat(home.resolve("node.json")).doesNotExist();
      neighbour.mustNotBeLogged(node, sightings);
      BookedRow row = rowAfterRestart(key);
      row.ended("succeeded", 200).used("reported", 11, 20).charged("computed");
    }
  }

  @Test
  void aStopThatMayNotWaitCutsOffAndBooks() throws Exception {
    try (FakeUpstream upstream = FakeUpstream.start()) {
      upstream.answer(
          UpstreamScript.ok().withChunks(2_000).paced(Duration.ZERO, Duration.ofMillis(10)));
      RunningNode node =
          RunningNode.start(
              home, "server: {drain_secs: 0}\n" + NodeWorld.providers(upstream), new Sightings());
      TestKey key = node.mint(node.defaultNamespace(), "test", TestKey.ALL_SCOPES);
      try (RawConnection client = RawConnection.to(node.endpoint())) {
        client.post("/v1/chat/completions", key.token(), STREAM.formatted("chat", true));
        client.bodyUntil(client.head(), "word ");
        long before = System.nanoTime();
        node.close();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
      }
      Awaitility.await().until(() -> upstream.broken() == 1);
      BookedRow row = rowAfterRestart(key);
      assertThat(row.text("status")).isIn("cancelled", "failed");
      row.usedAtLeast(11, 1);
    }
  }

  @Test
  void stoppingTwiceIsFine() throws Exception {
    RunningNode node = RunningNode.start(home, new Sightings());
    node.close();
    node.close();
    RunningNode.start(home, new Sightings()).close();
  }

  private BookedRow rowAfterRestart(TestKey key) throws Exception {
    try (RunningNode again = RunningNode.start(home, new Sightings())) {
      Ledger ledger = again.ledger(key);
      BookedRow row = ledger.only();
      ledger.mustAddUp();
      return row;
    }
  }

  /** Waits until new connections are turned away, which must be long before the end. */
  private static void mustRefuseOthers(RunningNode node) {
    Awaitility.await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() ->
            assertThatThrownBy(
                    () -> {
                      try (RawConnection other = RawConnection.to(node.endpoint())) {
                        other.send("GET /ping HTTP/1.1\r\nHost: x\r\n\r\n").reply();
                      }
                    })
                .isInstanceOf(IOException.class));
  }
}

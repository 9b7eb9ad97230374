package io.bitrouter.it.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.node.BookedRow;
import io.bitrouter.it.node.Neighbour;
import io.bitrouter.it.node.NodeWorld;
import io.bitrouter.it.node.RawConnection;
import io.bitrouter.it.node.RunningNode;
import io.bitrouter.testkit.ControlClient;
import io.bitrouter.testkit.FakeUpstream;
import io.bitrouter.testkit.Reply;
import io.bitrouter.testkit.Sightings;
import io.bitrouter.testkit.TestKey;
import io.bitrouter.testkit.UpstreamScript;
import io.bitrouter.testkit.UpstreamScript.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A disk that takes no settlement: the node says how many, and settles them at its next start. */
final class RefusedRowsTest {

  private static final int MORE_THAN_A_SEGMENT = 1_000;

  @TempDir Path home;

  @Test
  void aRowThatTheDiskRefusesIsCountedAndIndeterminateAfterTheNextStart() throws Exception {
    Path journal = home.resolve("journal");
    Path away = home.resolve("journal-away");
    Sightings sightings = new Sightings();
    Neighbour neighbour;
    TestKey key;
    try (FakeUpstream upstream = FakeUpstream.start();
        RunningNode node =
            RunningNode.start(
                home, "journal: {max_bytes: 1MiB}\n" + NodeWorld.providers(upstream), sightings)) {
      neighbour = Neighbour.plant(node, sightings);
      key = node.mint(node.defaultNamespace(), "test", TestKey.ALL_SCOPES);
      assertThat(ready(node).path("refused_rows").asInt(-1)).isZero();
      upstream.next(UpstreamScript.ok().failing(Fault.HANG));
      int refused;
      try (RawConnection client = RawConnection.to(node.endpoint())) {
        client.send(
            RawConnection.request(
                "/v1/messages",
                key.token(),
                Dialects.MESSAGES.body(false),
                "X-Request-Id: mine-42"));
        upstream.awaitRequests(1);
        // The segment in hand goes on; there is no place for the next one.
        Files.move(journal, away);
        fillTheSegment(node, key);
        assertThat(ready(node).path("journal").asBoolean(true)).isFalse();
        // That the request was refused is a row too.
        refused = ready(node).path("refused_rows").asInt();
        assertThat(refused).isPositive();
        client.reset();
      }
      Awaitility.await().until(() -> ready(node).path("refused_rows").asInt() == refused + 1);
      Files.move(away, journal);
      Awaitility.await().until(() -> ready(node).path("status").asString().equals("ready"));
      assertThat(ready(node).path("refused_rows").asInt()).isEqualTo(refused + 1);
      Awaitility.await()
          .until(() ->
              Files.readString(home.resolve("logs/node.log")).contains("did not take the rows of"));
    }
    try (RunningNode node = RunningNode.start(home, sightings)) {
      ControlClient client = node.with(key.token());
      long rows =
          client.get("/v1/namespaces/me/usage").mustBe(200).json().path("request_count").asLong();
      JsonNode oldest =
          client
              .get("/v1/namespaces/me/requests?limit=1&offset=" + (rows - 1))
              .mustBe(200)
              .json()
              .at("/data/0");
      BookedRow row = new BookedRow(oldest);
      assertThat(row.text("client_request_id")).isEqualTo("mine-42");
      row.ended("failed", 503, "node_restarted");
      assertThat(row.text("charge_state")).isEqualTo("indeterminate");
      assertThat(row.number("charge_nano_usd")).isPositive();
      neighbour.mustBeAsBefore(node, sightings);
    }
  }

  private static void fillTheSegment(RunningNode node, TestKey key) {
    for (int i = 0; i < MORE_THAN_A_SEGMENT; i++) {
      Reply reply = node.with(key.token()).post("/v1/chat/completions", Dialects.CHAT.body(false));
      if (reply.status() == 503) {
        assertThat(reply.json().at("/error/code").asString()).isEqualTo("journal_unavailable");
        return;
      }
      reply.mustBe(200);
    }
    throw new AssertionError("the journal went on without a place for it");
  }

  private static JsonNode ready(RunningNode node) {
    return node.anonymous().get("/health/ready").json();
  }
}

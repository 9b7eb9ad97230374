package io.bitrouter.it.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.node.NodeWorld;
import io.bitrouter.it.node.RunningNode;
import io.bitrouter.testkit.ControlClient;
import io.bitrouter.testkit.FakeUpstream;
import io.bitrouter.testkit.Sightings;
import io.bitrouter.testkit.TestKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that ends says what its requests had to pass. */
final class CountsAtStopTest {

  private static final String CHAT = "/v1/chat/completions";
  private static final String REQUEST = Rules.chat("fake-chat", 5, false);

  @TempDir Path home;

  @Test
  void everyRequestIsCountedWhereItCameBy() throws Exception {
    try (FakeUpstream upstream = FakeUpstream.start()) {
      TestKey key;
      try (RunningNode node = start(upstream)) {
        key = Rules.key(node, "counted");
        ControlClient client = node.with(key.token());
        bind(client, "guardrail", "{\"model_deny\":[\"fake-messages\"]}");
        bind(client, "rate_limit", "{\"window_secs\":3600,\"max_requests\":2}");
        bind(client, "budget", "{\"window\":\"day\",\"limit_micro_usd\":1000000}");
      }
      try (RunningNode node = start(upstream)) {
        ControlClient client = node.with(key.token());
        node.with(key.token() + "x").post(CHAT, REQUEST).mustBe(401);
        client.get("/v1/credential").mustBe(200);
        client.post("/v1/messages", Rules.chat("fake-messages", 5, false)).mustBe(403);
        client.post(CHAT, REQUEST).mustBe(200);
        client.post(CHAT, REQUEST).mustBe(200);
        client.post(CHAT, REQUEST).mustBe(429);
      }
    }
    Path log = home.resolve("logs/node.log");
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() ->
            assertThat(Files.readString(log))
                .contains("since the start: 5 authentications, 2 reservations, 3 rate decisions"));
  }

  private RunningNode start(FakeUpstream upstream) throws Exception {
    return RunningNode.start(home, NodeWorld.providers(upstream), new Sightings());
  }

  private static void bind(ControlClient client, String kind, String spec) {
    Rules.create(client, kind, spec, "namespace", "me");
  }
}

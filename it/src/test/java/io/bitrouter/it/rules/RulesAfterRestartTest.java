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
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node enforces after a restart is what it enforced before. */
final class RulesAfterRestartTest {

  private static final String NS = "/v1/namespaces/me";

  @TempDir Path folder;

  @Test
  void aKeysBudgetsCountWhatKeysBelowItSpentAndTotalsKeepTheirBeginning() throws Exception {
    Path home = Files.createDirectory(folder.resolve("home"));
    try (FakeUpstream upstream = FakeUpstream.start()) {
      String yaml = NodeWorld.providers(upstream);
      TestKey parent;
      String child;
      String day;
      String total;
      try (RunningNode node = RunningNode.start(home, yaml, new Sightings())) {
        parent = Rules.key(node, "parent");
        ControlClient client = node.with(parent.token());
        child =
            client
                .post(NS + "/keys", "{\"display_name\":\"c\",\"scopes\":[\"inference:invoke\"]}")
                .mustBe(200)
                .json()
                .path("token")
                .asString();
        ask(node.with(child), 4, 200);
        day = Rules.bindToKey(client, "budget", spec("day"), parent);
        total = Rules.bindToKey(client, "budget", spec("total"), parent);
        ask(node.with(child), 2, 200);
        assertThat(settled(client, day)).isEqualTo(51);
        assertThat(settled(client, total)).isEqualTo(17);
      }
      try (RunningNode node = RunningNode.start(home, new Sightings())) {
        ControlClient client = node.with(parent.token());
        assertThat(settled(client, day)).isEqualTo(51);
        assertThat(settled(client, total)).isEqualTo(17);
        client
            .send(
                "PUT",
                NS + "/budgets/" + day,
                "{\"limit_micro_usd\":100}",
                Map.of("if-match", "\"1\""))
            .mustBe(200);
        ask(node.with(child), 1, 402);
      }
    }
  }

  private static String spec(String window) {
    return "{\"window\":\"" + window + "\",\"limit_micro_usd\":1000000}";
  }

  /** Each answer costs 8.5 micro-USD. */
  private static void ask(ControlClient client, int times, int status) {
    for (int i = 0; i < times; i++) {
      client.post("/v1/chat/completions", Rules.chat("fake-chat", 5, false)).mustBe(status);
    }
  }

  private static long settled(ControlClient client, String budget) {
    return client
        .get(NS + "/budgets/" + budget + "/status")
        .mustBe(200)
        .json()
        .path("settled_micro_usd")
        .asLong();
  }
}

package io.bitrouter.it.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.node.Neighbour;
import io.bitrouter.it.node.NodeWorld;
import io.bitrouter.it.node.RunningNode;
import io.bitrouter.testkit.FakeUpstream;
import io.bitrouter.testkit.Reply;
import io.bitrouter.testkit.Sightings;
import io.bitrouter.testkit.TestKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node whose Java has dropped a time zone that a stored budget counts by. */
final class LostTimeZoneTest {

  private static final String CHAT = "/v1/chat/completions";
  private static final String ASKED = Rules.chat("fake-chat", 5, false);

  @TempDir Path home;

  @Test
  void whatTheBudgetAppliesToIsRefusedAndNothingElse() throws Exception {
    Sightings sightings = new Sightings();
    try (FakeUpstream upstream = FakeUpstream.start()) {
      TestKey capped;
      TestKey free;
      String policy;
      Neighbour neighbour;
      String yaml = NodeWorld.providers(upstream);
      try (RunningNode node = RunningNode.start(home, yaml, sightings)) {
        neighbour = Neighbour.plant(node, sightings);
        capped = Rules.key(node, "capped");
        free = node.mint(node.createNamespace("other"), "free", TestKey.ALL_SCOPES);
        policy =
            Rules.bindToKey(node.with(capped.token()), "budget", spec("Europe/Berlin"), capped);
        node.with(capped.token()).post(CHAT, ASKED).mustBe(200);
      }
      updateJava();
      RunningNode node = RunningNode.start(home, sightings);
      try (node) {
        Reply refused = node.with(capped.token()).post(CHAT, ASKED).mustBe(402);
        assertThat(refused.header("x-bitrouter-policy")).hasValue(policy);
        assertThat(refused.json().at("/error/message").asString()).contains("'Europe/Gone'");
        node.with(free.token()).post(CHAT, ASKED).mustBe(200);
        String budget = "/v1/namespaces/me/budgets/" + policy;
        node.with(capped.token()).get(budget + "/status").mustBe(200);
        node.with(capped.token()).send("PUT", budget, spec("UTC"), Map.of()).mustBe(200);
        node.with(capped.token()).post(CHAT, ASKED).mustBe(200);
        neighbour.mustBeAsBefore(node, sightings);
      }
      assertThat(Files.readString(home.resolve("logs/node.log")))
          .contains("does not know the time zone", "of policy " + policy);
      neighbour.mustNotBeLogged(node, sightings);
    }
  }

  /** What is stored is then of a zone that there is not. */
  private void updateJava() throws Exception {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + home.resolve("bitrouter.db"));
        Statement statement = connection.createStatement()) {
      int changed =
          statement.executeUpdate(
              "UPDATE policy SET spec = replace(spec, 'Europe/Berlin', 'Europe/Gone')");
      assertThat(changed).isEqualTo(1);
    }
  }

  private static String spec(String zone) {
    return "{\"window\":\"day\",\"limit_micro_usd\":1000000,\"period\":{\"unit\":\"day\","
        + "\"align\":\"calendar\",\"time_zone\":\""
        + zone
        + "\"}}";
  }
}

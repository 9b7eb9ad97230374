package io.bitrouter.it.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.node.BookedRow;
import io.bitrouter.it.node.Ledger;
import io.bitrouter.it.node.Neighbour;
import io.bitrouter.it.node.NodeWorld;
import io.bitrouter.it.node.RunningNode;
import io.bitrouter.testkit.FakeUpstream;
import io.bitrouter.testkit.Sightings;
import io.bitrouter.testkit.TestKey;
import io.bitrouter.testkit.UpstreamScript;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An orderly stop and another start: nothing that was there before is missing or different. */
final class RestartTest {

  @TempDir Path home;

  @Test
  void rowsUsageKeysAndNamespacesStay() throws Exception {
    Sightings sightings = new Sightings();
    TestKey key;
    TestKey revoked;
    String before;
    String operator;
    Neighbour neighbour;
    try (FakeUpstream upstream = FakeUpstream.start()) {
      try (RunningNode node = RunningNode.start(home, NodeWorld.providers(upstream), sightings)) {
        operator = node.operatorToken();
        neighbour = Neighbour.plant(node, sightings);
        key = node.mint(node.createNamespace("team-a"), "first", TestKey.ALL_SCOPES);
        revoked = node.mint(key.namespaceId(), "second", List.of("inference:invoke"));
        use(node, upstream, key);
        node.with(key.token()).delete("/v1/namespaces/me/keys/" + revoked.id()).mustBe(200);
        before = state(node, key);
      }
      try (RunningNode node = RunningNode.start(home, sightings)) {
        assertThat(node.operatorToken()).isEqualTo(operator);
        assertThat(state(node, key)).isEqualTo(before);
        assertThat(
                node.with(revoked.token())
                    .post("/v1/messages", Dialects.MESSAGES.body(false))
                    .mustBe(401)
                    .json()
                    .at("/error/code")
                    .asString())
            .isEqualTo("key_revoked");
        Ledger ledger = node.ledger(key);
        ledger.mark();
        use(node, upstream, key);
        BookedRow fraction = ledger.rows(4).getFirst();
        // The half micro-USD of the row before the restart makes a whole one with this.
        fraction.used("reported", 1, 0).charged("computed", 500);
        ledger.mustAddUp();
        neighbour.mustBeAsBefore(node, sightings);
      }
    }
    assertThat(Files.exists(home.resolve("node.json"))).isFalse();
  }

  /** One request of each kind, the first for half a micro-USD. */
  private static void use(RunningNode node, FakeUpstream upstream, TestKey key) {
    upstream.next(
        UpstreamScript.ok().withUsage("{\"prompt_tokens\":1,\"completion_tokens\":0}"),
        UpstreamScript.ok(),
        UpstreamScript.refusing(422, "no"));
    node.with(key.token()).post("/v1/chat/completions", Dialects.CHAT.body(false)).mustBe(200);
    node.with(key.token()).post("/v1/messages", Dialects.MESSAGES.body(true)).mustBe(200);
    node.with(key.token()).post("/v1/chat/completions", Dialects.CHAT.body(true)).mustBe(422);
    node.with(key.token())
        .post("/v1/chat/completions", Dialects.CHAT.body("none", true))
        .mustBe(404);
  }

  /** All that the key sees, but for what looking changes. */
  private static String state(RunningNode node, TestKey key) {
    StringBuilder state = new StringBuilder();
    for (String path : List.of("/v1/namespaces", "/v1/credential")) {
      state.append(node.with(key.token()).get(path).mustBe(200).text()).append('\n');
    }
    for (String path : List.of("keys", "requests", "usage")) {
      state
          .append(node.with(key.token()).get("/v1/namespaces/me/" + path).mustBe(200).text())
          .append('\n');
    }
    return state
        .toString()
        .replaceAll("\"(from|to|last_used_at)\":\"[^\"]*\"", "")
        .concat(node.operator().get("/v1/node/namespaces").mustBe(200).text());
  }
}

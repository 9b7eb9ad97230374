package io.bitrouter.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.node.NodeWorld;
import io.bitrouter.testkit.ControlClient;
import io.bitrouter.testkit.Reply;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** How budgets stand, which requests made them so, and what a key can reach. */
final class StandingTest {

  private static final String NS = "/v1/namespaces/me";
  private static final String CHAT = "{\"model\":\"fake-chat\",\"max_tokens\":64,\"messages\":[]}";

  @RegisterExtension static final NodeWorld WORLD = NodeWorld.plain();

  @Test
  void aBudgetIsExplainedByItsRows() {
    JsonNode parent = mint(WORLD.client(), "[\"inference:invoke\",\"keys:write\"]");
    ControlClient client = as(parent);
    JsonNode child = mint(client, "[\"inference:invoke\"]");
    JsonNode sibling = mint(WORLD.client(), "[\"inference:invoke\"]");
    String bind =
        ",\"bind\":{\"principal_type\":\"api_key\",\"principal_id\":\"" + id(parent) + "\"}";
    JsonNode budget =
        WORLD
            .client()
            .post(
                NS + "/budgets",
                "{\"name\":\"cap\",\"window\":\"day\",\"limit_micro_usd\":1000000" + bind + "}")
            .mustBe(200)
            .json();
    String one = NS + "/budgets/" + id(budget);
    JsonNode fresh = WORLD.client().get(one + "/status").mustBe(200).json();
    assertThat(fresh.path("remaining_micro_usd").asLong()).isEqualTo(1_000_000);
    assertThat(fresh.has("projected_exhaustion_at")).isFalse();

    List<String> made =
        List.of(ask(client), ask(as(child)), ask(client), ask(as(child)), ask(client));
    ask(as(sibling));
    JsonNode page = WORLD.client().get(one + "/explain?limit=2").mustBe(200).json();
    JsonNode rest =
        WORLD
            .client()
            .get(one + "/explain?limit=100&cursor=" + page.path("next_cursor").asString())
            .mustBe(200)
            .json();
    List<JsonNode> rows =
        Stream.concat(page.path("data").valueStream(), rest.path("data").valueStream()).toList();
    assertThat(rows.stream().map(row -> row.path("id").asString()))
        .containsExactlyElementsOf(made.reversed());
    long settled = rows.stream().mapToLong(row -> row.path("charge_nano_usd").asLong()).sum();
    assertThat(page.path("settled_nano_usd").asLong()).isEqualTo(settled);

    JsonNode status = WORLD.client().get(one + "/status").mustBe(200).json();
    assertThat(status.path("settled_micro_usd").asLong()).isEqualTo(settled / 1_000);
    assertThat(status.path("reserved_micro_usd").asLong(-1)).isZero();
    assertThat(status.path("worst_case_micro_usd").asLong()).isEqualTo(settled / 1_000);
    assertThat(status.path("remaining_micro_usd").asLong()).isEqualTo(1_000_000 - settled / 1_000);
    assertThat(status.path("burn_rate_micro_usd_per_hour").asLong()).isEqualTo(settled / 1_000);
    assertThat(status.path("next_free_at").asString()).isNotEmpty();
    assertThat(status.at("/bindings/0/principal_id").asString()).isEqualTo(id(parent));

    WORLD.client().get(one + "/explain?principal_type=namespace&principal_id=me").mustBe(404);
    WORLD.client().get(one + "/explain?principal_type=namespace").mustBe(400);
    WORLD.client().delete(one).mustBe(200);
  }

  @Test
  void anUnboundBudgetStandsAtNothing() {
    JsonNode budget =
        WORLD
            .client()
            .post(NS + "/budgets", "{\"name\":\"b\",\"window\":\"total\",\"limit_micro_usd\":5}")
            .mustBe(200)
            .json();
    String one = NS + "/budgets/" + id(budget);
    JsonNode status = WORLD.client().get(one + "/status").mustBe(200).json();
    assertThat(status.path("bindings")).isEmpty();
    assertThat(status.path("remaining_micro_usd").asLong(-1)).isZero();
    assertThat(status.at("/warnings/0").asString()).contains("bound to nothing");
    WORLD.client().get(one + "/explain").mustBe(404);
    WORLD.client().delete(one).mustBe(200);
  }

  @Test
  void aTotalCountsFromItsBinding() {
    ask(WORLD.client());
    JsonNode budget =
        WORLD
            .client()
            .post(
                NS + "/budgets",
                "{\"name\":\"t\",\"window\":\"total\",\"limit_micro_usd\":1000000,"
                    + "\"bind\":{\"principal_type\":\"api_key\",\"principal_id\":\""
                    + WORLD.key().id()
                    + "\"}}")
            .mustBe(200)
            .json();
    String one = NS + "/budgets/" + id(budget);
    assertThat(settled(one)).isZero();
    ask(WORLD.client());
    long first = settled(one);
    assertThat(first).isPositive();
    WORLD.client().send("PUT", one, "{\"limit_micro_usd\":2000000}", Map.of()).mustBe(200);
    assertThat(settled(one)).isEqualTo(first);
    WORLD.client().delete(one).mustBe(200);
  }

  @Test
  void theBlastRadiusOfAKeyIsWhatItCanReachAndDid() {
    JsonNode parent = mint(WORLD.client(), "[\"inference:invoke\",\"keys:write\"]");
    ControlClient client = as(parent);
    JsonNode child = mint(client, "[\"inference:invoke\"]");
    String radius = NS + "/keys/" + id(parent) + "/blast-radius";
    JsonNode open = WORLD.client().get(radius).mustBe(200).json();
    assertThat(open.has("worst_remaining_micro_usd")).isFalse();
    assertThat(open.path("providers").valueStream().map(JsonNode::asString))
        .contains("fakeai", "fakeant");
    String bind =
        ",\"bind\":{\"principal_type\":\"api_key\",\"principal_id\":\"" + id(parent) + "\"}";
    String preset =
        id(
            WORLD
                .client()
                .post(
                    NS + "/presets",
                    "{\"name\":\"narrow\",\"guardrail\":{\"model_allow\":[\"fakeai/fake-chat\"]},"
                        + "\"budget\":{\"window\":\"day\",\"limit_micro_usd\":20000}"
                        + bind
                        + "}")
                .mustBe(200)
                .json());
    ask(client);
    ask(as(child));
    client.post("/v1/chat/completions", CHAT.replace("fake-chat", "alias-chat")).mustBe(403);
    JsonNode narrow = WORLD.client().get(radius).mustBe(200).json();
    assertThat(narrow.path("models").toString()).isEqualTo("[\"fakeai/fake-chat\"]");
    assertThat(narrow.path("providers").toString()).isEqualTo("[\"fakeai\"]");
    assertThat(narrow.at("/descendants/0/id").asString()).isEqualTo(id(child));
    assertThat(narrow.at("/usage/request_count").asLong()).isEqualTo(2);
    assertThat(narrow.at("/usage/denied_count").asLong()).isEqualTo(1);
    long spent = narrow.at("/usage/spend_micro_usd").asLong();
    assertThat(narrow.path("worst_remaining_micro_usd").asLong())
        .isBetween(20_000 - spent - 2, 20_000 - spent);
    WORLD.client().delete(NS + "/keys/" + id(parent)).mustBe(200);
    JsonNode gone = WORLD.client().get(radius).mustBe(200).json();
    assertThat(gone.path("models")).isEmpty();
    assertThat(gone.path("worst_remaining_micro_usd").asLong(-1)).isZero();
    WORLD.client().delete(NS + "/presets/" + preset).mustBe(200);
  }

  private static long settled(String budget) {
    return WORLD
        .client()
        .get(budget + "/status")
        .mustBe(200)
        .json()
        .path("settled_micro_usd")
        .asLong();
  }

  private static String ask(ControlClient client) {
    Reply reply = client.post("/v1/chat/completions", CHAT).mustBe(200);
    return reply.header("x-request-id").orElseThrow();
  }

  private static ControlClient as(JsonNode minted) {
    return WORLD.node().with(minted.path("token").asString());
  }

  private static JsonNode mint(ControlClient client, String scopes) {
    return client
        .post(NS + "/keys", "{\"display_name\":\"k\",\"scopes\":" + scopes + "}")
        .mustBe(200)
        .json();
  }

  private static String id(JsonNode made) {
    return made.path("id").asString();
  }
}

package io.bitrouter.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.node.NodeWorld;
import io.bitrouter.it.node.RunningNode;
import io.bitrouter.testkit.Reply;
import io.bitrouter.testkit.Sightings;
import io.bitrouter.testkit.TestKey;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Namespaces from their creation to what is left of them; operators make them, keys see one. */
final class NamespacesTest {

  private static final String NAMESPACES = "/v1/node/namespaces";

  @RegisterExtension static final NodeWorld WORLD = NodeWorld.plain();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-a",
        "A",
        "a_b",
        "a b",
        " a",
        "a.b",
        "\u00e9",
        "a/b",
        "a\\u0000",
        "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggg"
      })
  void namesOutsideOfTheRuleAreRefused(String name) {
    String id = WORLD.node().createNamespace("rule-" + Integer.toHexString(name.hashCode()));
    Reply created = operator("POST", NAMESPACES, named(name)).mustBe(400);
    assertThat(created.json().path("error_description").asString()).contains("1 to 63 characters");
    operator("PATCH", NAMESPACES + "/" + id, named(name)).mustBe(400);
    operator("DELETE", NAMESPACES + "/" + id, "").mustBe(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0", "a--", "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggg"})
  void namesWithinTheRuleAreTaken(String name) {
    JsonNode made = operator("POST", NAMESPACES, named(name)).mustBe(200).json();
    assertThat(made.path("name").asString()).isEqualTo(name);
    assertThat(made.path("id").asString()).matches("ns_[0-9a-hjkmnp-tv-z]{26}");
    assertThat(made.path("created_at").asString()).endsWith("Z");
    operator("DELETE", NAMESPACES + "/" + made.path("id").asString(), "").mustBe(200);
  }

  @Test
  void aNameIsTakenOnceAndFreeAgainAfterwards() {
    String id = WORLD.node().createNamespace("taken");
    Reply again = operator("POST", NAMESPACES, named("taken")).mustBe(409);
    assertThat(again.json().path("error").asString()).isEqualTo("conflict");
    operator("PATCH", NAMESPACES + "/" + id, named("default")).mustBe(409);
    operator("PATCH", NAMESPACES + "/" + id, named("taken")).mustBe(200);
    operator("DELETE", NAMESPACES + "/" + id, "").mustBe(200);
    String other = WORLD.node().createNamespace("taken");
    assertThat(other).isNotEqualTo(id);
    operator("DELETE", NAMESPACES + "/" + other, "").mustBe(200);
  }

  @Test
  void renamingKeepsTheIdTheKeysAndTheRows() {
    String id = WORLD.node().createNamespace("before");
    TestKey key = WORLD.node().mint(id, "stays", TestKey.ALL_SCOPES);
    invoke(key);
    JsonNode renamed = operator("PATCH", NAMESPACES + "/" + id, named("after")).mustBe(200).json();
    assertThat(renamed.path("id").asString()).isEqualTo(id);
    assertThat(renamed.path("name").asString()).isEqualTo("after");
    JsonNode credential = WORLD.node().with(key.token()).get("/v1/credential").mustBe(200).json();
    assertThat(credential.path("namespace_name").asString()).isEqualTo("after");
    invoke(key);
    assertThat(usageOf(key).path("request_count").asInt()).isEqualTo(2);
    operator("DELETE", NAMESPACES + "/" + id, "").mustBe(200);
  }

  @Test
  void deletingEndsTheKeysAndLeavesTheUsageToTheOperator() {
    String id = WORLD.node().createNamespace("ends");
    TestKey key = WORLD.node().mint(id, "one", TestKey.ALL_SCOPES);
    TestKey other = WORLD.node().mint(id, "two", List.of("inference:invoke"));
    TestKey revoked = WORLD.node().mint(id, "three", List.of("inference:invoke"));
    WORLD.node().with(key.token()).delete("/v1/namespaces/me/keys/" + revoked.id()).mustBe(200);
    invoke(key);
    invoke(other);
    JsonNode before = group(id);
    assertThat(before.path("deleted").asBoolean(true)).isFalse();
    JsonNode deleted = operator("DELETE", NAMESPACES + "/" + id, "").mustBe(200).json();
    for (TestKey dead : List.of(key, other, revoked)) {
      WORLD.node().with(dead.token()).get("/v1/credential").mustBe(401);
      Reply chat =
          WORLD
              .node()
              .with(dead.token())
              .post("/v1/chat/completions", "{\"model\":\"fake-chat\"}")
              .mustBe(401);
      assertThat(chat.json().at("/error/code").asString()).isEqualTo("unauthorized");
    }
    assertThat(deleted.path("deleted").asBoolean()).isTrue();
    assertThat(deleted.path("revoked_keys").asInt()).isEqualTo(2);
    JsonNode after = group(id);
    assertThat(after.path("deleted").asBoolean()).isTrue();
    assertThat(after.path("name").asString()).isEqualTo("ends");
    assertThat(after.path("request_count").asInt()).isEqualTo(2);
    assertThat(after.path("spend_micro_usd").asInt()).isEqualTo(16);
    assertThat(after.path("prompt_tokens").asInt()).isEqualTo(22);
    assertThat(after.path("completion_tokens").asInt()).isEqualTo(6);
    assertThat(operator("GET", NAMESPACES, "").mustBe(200).text()).doesNotContain(id);
    for (String method : List.of("DELETE", "PATCH")) {
      operator(method, NAMESPACES + "/" + id, method.equals("PATCH") ? named("again") : "")
          .mustBe(404);
    }
    operator(
            "POST",
            NAMESPACES + "/" + id + "/keys",
            "{\"display_name\":\"late\",\"scopes\":[\"usage:read\"]}")
        .mustBe(404);
  }

  @Test
  void theLastOneStays(@TempDir Path home) throws Exception {
    try (RunningNode node =
        RunningNode.start(home, "simulator: {enabled: true}\n", new Sightings())) {
      String last = node.defaultNamespace();
      Reply refused = node.operator().delete(NAMESPACES + "/" + last).mustBe(409);
      assertThat(refused.json().path("error").asString()).isEqualTo("conflict");
      TestKey key = node.mint(last, "alive", TestKey.ALL_SCOPES);
      String other = node.createNamespace("other");
      node.operator().delete(NAMESPACES + "/" + last).mustBe(200);
      node.operator().delete(NAMESPACES + "/" + other).mustBe(409);
      node.with(key.token()).get("/v1/credential").mustBe(401);
    }
  }

  @Test
  void aKeySeesItsOwnAndTheOperatorAllOldestFirst() {
    JsonNode own = WORLD.client().get("/v1/namespaces").mustBe(200).json().path("data");
    assertThat(own).hasSize(1);
    assertThat(own.get(0).path("id").asString()).isEqualTo(WORLD.key().namespaceId());
    for (String path : List.of("/v1/namespaces", NAMESPACES)) {
      JsonNode all = operator("GET", path, "").mustBe(200).json().path("data");
      assertThat(all.size()).isGreaterThanOrEqualTo(2);
      assertThat(all.get(0).path("name").asString()).isEqualTo("default");
      assertThat(all.valueStream().map(one -> one.path("created_at").asString())).isSorted();
    }
  }

  @Test
  void aKeyCannotBeAnOperator() {
    Map<String, String> calls =
        Map.of(
            "GET " + NAMESPACES,
            "",
            "POST " + NAMESPACES,
            named("mine"),
            "DELETE " + NAMESPACES + "/" + WORLD.key().namespaceId(),
            "",
            "GET /v1/node/usage",
            "");
    calls.forEach((call, body) -> {
      String[] words = call.split(" ");
      Reply reply = WORLD.client().send(words[0], words[1], body, Map.of()).mustBe(403);
      assertThat(reply.json().path("error").asString()).isEqualTo("forbidden");
    });
  }

  @Test
  void theUsageOfAllAddsUpToTheUsageOfEach() {
    invoke(WORLD.key());
    WORLD.ledger().only().ended("succeeded", 200).used("reported", 11, 3).charged("computed");
    JsonNode mine = group(WORLD.key().namespaceId());
    JsonNode own = usageOf(WORLD.key());
    for (String sum :
        List.of("spend_micro_usd", "prompt_tokens", "completion_tokens", "request_count")) {
      assertThat(mine.path(sum)).as(sum).isEqualTo(own.path(sum));
    }
    operator("GET", "/v1/node/usage?group_by=key", "").mustBe(400);
  }

  private static void invoke(TestKey key) {
    WORLD
        .node()
        .with(key.token())
        .post("/v1/chat/completions", "{\"model\":\"fake-chat\",\"messages\":[]}")
        .mustBe(200);
  }

  private static JsonNode usageOf(TestKey key) {
    return WORLD.node().with(key.token()).get("/v1/namespaces/me/usage").mustBe(200).json();
  }

  private static JsonNode group(String id) {
    return operator("GET", "/v1/node/usage?group_by=namespace", "")
        .mustBe(200)
        .json()
        .path("groups")
        .valueStream()
        .filter(group -> group.path("namespace_id").asString().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static Reply operator(String method, String path, String body) {
    return WORLD.node().operator().send(method, path, body, Map.of());
  }

  private static String named(String name) {
    return JsonMapper.shared().writeValueAsString(Map.of("name", name));
  }
}

package io.bitrouter.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.node.NodeWorld;
import io.bitrouter.testkit.ControlClient;
import io.bitrouter.testkit.Reply;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What keys can be minted, how long they live, and that their token is told once. */
final class MintingTest {

  private static final String KEYS = "/v1/namespaces/me/keys";
  private final Instant later = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(900);

  @RegisterExtension static final NodeWorld WORLD = NodeWorld.plain();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"unknown:scope\"",
        "\"*\"",
        "\":*\"",
        "\"inference:*x\"",
        "\"INFERENCE:INVOKE\"",
        "\"inference:invoke usage:read\"",
        "\" usage:read\"",
        "\"\"",
        "\"node:namespace:read\"",
        "\"node:*\"",
        "\"account:read\"",
        "\"usage:read\",\"nothing:read\""
      })
  void unknownScopesAreRefused(String scopes) {
    Reply reply = WORLD.client().post(KEYS, "{\"display_name\":\"x\",\"scopes\":[" + scopes + "]}");
    assertThat(reply.mustBe(400).json().path("error").asString()).isEqualTo("bad_request");
    assertThat(description(reply)).startsWith("unknown scope '");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"display_name\":\"x\",\"scopes\":[]}",
        "{\"display_name\":\"x\"}",
        "{\"display_name\":\"x\",\"scopes\":null}",
        "{\"display_name\":\"x\",\"scopes\":[null]}",
        "{\"display_name\":\"x\",\"scopes\":\"usage:read\"}",
        "{\"display_name\":\"x\",\"scopes\":[7]}",
        "{\"scopes\":[\"usage:read\"]}",
        "{\"display_name\":\"\",\"scopes\":[\"usage:read\"]}",
        "{\"display_name\":\"  \\t \",\"scopes\":[\"usage:read\"]}",
        "{\"display_name\":\"a\\u0000b\",\"scopes\":[\"usage:read\"]}",
        "{\"display_name\":\"a\\nb\",\"scopes\":[\"usage:read\"]}",
        "{\"display_name\":7,\"scopes\":[\"usage:read\"]}",
        "{\"display_name\":\"x\",\"scopes\":[\"usage:read\"],\"scopes\":[\"keys:read\"]}",
        "{\"display_name\":\"x\",\"scopes\":[\"usage:read\"],\"expires_at\":1767225600}",
        "{\"display_name\":\"x\",\"scopes\":[\"usage:read\"],\"expires_at\":\"tomorrow\"}",
        "{\"display_name\":\"x\",\"scopes\":[\"usage:read\"],\"expires_at\":\"2020-01-01T00:00:00Z\"}",
        "{\"display_name\":\"x\",\"scopes\":[\"usage:read\"]} x",
        "[]",
        "null",
        "nonsense"
      })
  void malformedMintsAreRefused(String body) {
    Reply reply = WORLD.client().post(KEYS, body).mustBe(400);
    assertThat(reply.json().path("error").asString()).isEqualTo("bad_request");
    assertThat(description(reply)).isNotBlank().doesNotContain("tools.jackson");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "keys:write usage:read|inference:invoke|inference:invoke",
        "keys:write usage:read|usage:read keys:read inference:invoke|keys:read",
        "keys:write keys:read|keys:*|",
        "keys:write|keys:*|keys:*",
        "keys:*|keys:read keys:write|",
        "keys:* byok:*|byok:* keys:write|",
        "keys:write usage:read|usage:*|",
        "keys:write namespace:read|namespace:*|namespace:*",
        "keys:write namespace:read|namespace:write|namespace:write",
        "keys:write user:read|user:write|user:write"
      })
  void aKeyGivesWhatItHasAndNothingMore(String own, String wanted, String missing) {
    ControlClient parent = as(mint(WORLD.client(), "parent", own, Map.of()));
    Reply reply = parent.post(KEYS, draft("child", wanted, Map.of()));
    if (missing == null) {
      JsonNode child = reply.mustBe(200).json();
      assertThat(child.path("scopes").valueStream().map(JsonNode::asString))
          .containsExactlyInAnyOrder(wanted.split(" "));
    } else {
      reply.mustBe(403);
      assertThat(reply.json().path("error").asString()).isEqualTo("forbidden");
      assertThat(description(reply)).isEqualTo("missing required scope: " + missing);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/keys,keys:read", "POST,/keys,keys:write", "DELETE,/keys/key_x,keys:write",
    "GET,/keys/key_x,keys:read", "GET,/usage,usage:read", "GET,/requests,usage:read"
  })
  void theMissingScopeIsNamedExactly(String method, String path, String scope) {
    ControlClient weak = as(mint(WORLD.client(), "weak", "inference:invoke", Map.of()));
    Reply reply = weak.send(method, "/v1/namespaces/me" + path, "", Map.of()).mustBe(403);
    assertThat(reply.json().path("error").asString()).isEqualTo("forbidden");
    assertThat(description(reply)).isEqualTo("missing required scope: " + scope);
  }

  @Test
  void aChildEndsWithItsParentAtTheLatest() {
    JsonNode parent =
        mint(WORLD.client(), "parent", "keys:write usage:read", Map.of("expires_at", text(later)));
    assertThat(parent.path("expires_at").asString()).isEqualTo(text(later));
    ControlClient client = as(parent);
    assertThat(mint(client, "heir", "usage:read", Map.of()).path("expires_at").asString())
        .isEqualTo(text(later));
    for (Instant fine : List.of(later, later.minusSeconds(1))) {
      JsonNode child = mint(client, "fine", "usage:read", Map.of("expires_at", text(fine)));
      assertThat(child.path("expires_at").asString()).isEqualTo(text(fine));
    }
    for (String late : List.of(text(later.plusSeconds(1)), "9999-12-31T23:59:59Z")) {
      Reply reply =
          client.post(KEYS, draft("late", "usage:read", Map.of("expires_at", late))).mustBe(400);
      assertThat(description(reply)).startsWith("expires_at is later than the end");
    }
    String offset = text(later.plusSeconds(7_200)).replace("Z", "+02:00");
    assertThat(
            mint(client, "offset", "usage:read", Map.of("expires_at", offset))
                .path("expires_at")
                .asString())
        .isEqualTo(text(later));
  }

  @Test
  void aKeyIsRefusedFromItsEndOn() {
    String soon = text(Instant.now().plusMillis(700).truncatedTo(ChronoUnit.MILLIS));
    ControlClient client =
        as(
            mint(
                WORLD.client(),
                "short",
                "inference:invoke usage:read",
                Map.of("expires_at", soon)));
    client.get("/v1/credential").mustBe(200);
    Awaitility.await()
        .atMost(Duration.ofSeconds(5))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> client.get("/v1/credential").status() == 401);
    Reply control = client.get("/v1/namespaces/me/usage").mustBe(401);
    assertThat(control.json().path("error").asString()).isEqualTo("unauthorized");
    assertThat(control.json().path("code").asString()).isEqualTo("key_expired");
    Reply chat = client.post("/v1/chat/completions", "{\"model\":\"fake-chat\"}").mustBe(401);
    assertThat(chat.json().at("/error/code").asString()).isEqualTo("key_expired");
  }

  @Test
  void namesAreTrimmedAndMayBeAnyText() {
    JsonNode minted =
        mint(WORLD.client(), "  \u00e9 \ud83d\ude00 \"<&>'  ", "usage:read", Map.of());
    assertThat(minted.path("display_name").asString()).isEqualTo("\u00e9 \ud83d\ude00 \"<&>'");
    mint(WORLD.client(), "n".repeat(128), "usage:read", Map.of());
    WORLD.client().post(KEYS, draft("n".repeat(129), "usage:read", Map.of())).mustBe(400);
  }

  @Test
  void scopesThatAreRepeatedCountOnce() {
    JsonNode minted =
        WORLD
            .client()
            .post(KEYS, "{\"display_name\":\"x\",\"scopes\":[\"usage:read\",\"usage:read\"]}")
            .mustBe(200)
            .json();
    assertThat(minted.path("scopes")).hasSize(1);
  }

  @Test
  void theTokenIsToldOnce() {
    JsonNode minted = mint(WORLD.client(), "once", "usage:read keys:read", Map.of());
    String token = minted.path("token").asString();
    String secret = token.substring(token.indexOf('.') + 1);
    ControlClient own = as(minted);
    for (ControlClient client : List.of(WORLD.client(), own)) {
      for (String path :
          List.of(KEYS, KEYS + "/" + minted.path("id").asString(), "/v1/credential")) {
        Reply reply = client.get(path).mustBe(200);
        assertThat(reply.toString()).doesNotContain(secret).doesNotContainIgnoringCase("\"mac\"");
        assertThat(reply.text()).doesNotContain("\"token\"").doesNotContain("pepper");
      }
    }
  }

  @Test
  void theLastUseIsKnownToTheMinute() {
    JsonNode minted = mint(WORLD.client(), "used", "usage:read", Map.of());
    String path = KEYS + "/" + minted.path("id").asString();
    assertThat(WORLD.client().get(path).mustBe(200).json().has("last_used_at")).isFalse();
    Instant before = Instant.now().truncatedTo(ChronoUnit.MINUTES);
    as(minted).get("/v1/namespaces/me/usage").mustBe(200);
    Instant after = Instant.now();
    String used = WORLD.client().get(path).mustBe(200).json().path("last_used_at").asString();
    assertThat(used).endsWith(":00Z");
    assertThat(Instant.parse(used)).isBetween(before, after);
  }

  private static JsonNode mint(
      ControlClient client, String name, String scopes, Map<String, String> more) {
    return client.post(KEYS, draft(name, scopes, more)).mustBe(200).json();
  }

  private static ControlClient as(JsonNode minted) {
    return WORLD.node().with(minted.path("token").asString());
  }

  private static String draft(String name, String scopes, Map<String, String> more) {
    Map<String, Object> body = new LinkedHashMap<>(more);
    body.put("display_name", name);
    body.put("scopes", List.of(scopes.split(" ")));
    return JsonMapper.shared().writeValueAsString(body);
  }

  private static String text(Instant time) {
    return time.toString();
  }

  private static String description(Reply reply) {
    return reply.json().path("error_description").asString();
  }
}

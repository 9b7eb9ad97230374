package io.bitrouter.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.node.NodeWorld;
import io.bitrouter.testkit.ControlClient;
import io.bitrouter.testkit.Reply;
import io.bitrouter.testkit.TestKey;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Operator credentials, rotation, suspension: what operators and keys do about themselves. */
final class OperatorsTest {

  private static final String CREDENTIALS = "/v1/node/credentials";
  private static final String KEYS = "/v1/namespaces/me/keys";

  @RegisterExtension static final NodeWorld WORLD = NodeWorld.plain();

  @Test
  void anIssuedCredentialDoesWhatItWasIssuedFor() {
    JsonNode issued = issue(root(), "\"finance\"", "[\"node:usage:read\"]", "").mustBe(200).json();
    assertThat(issued.path("token").asString()).matches("bro_[0-9A-Za-z]{16}\\.[0-9A-Za-z]{38}");
    assertThat(issued.has("namespaces")).isFalse();
    ControlClient finance = WORLD.node().with(issued.path("token").asString());
    Reply refused = finance.get("/v1/node/namespaces").mustBe(403);
    assertThat(description(refused)).isEqualTo("missing required scope: node:namespace:read");
    refused = issue(finance, "\"x\"", "[\"node:usage:read\"]", "").mustBe(403);
    assertThat(description(refused)).isEqualTo("missing required scope: node:credential:write");
    String listed = root().get(CREDENTIALS).mustBe(200).text();
    assertThat(listed).contains(issued.path("id").asString());
    assertThat(listed).doesNotContain(issued.path("token").asString().substring(21));
    String one = CREDENTIALS + "/" + issued.path("id").asString();
    for (int i = 0; i < 2; i++) {
      assertThat(root().delete(one).mustBe(200).json().path("revoked").asBoolean()).isTrue();
    }
    assertThat(finance.get("/v1/credential").mustBe(401).json().path("code").asString())
        .isEqualTo("key_revoked");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]||400|scopes is empty",
        "['usage:read']||400|unknown operator scope",
        "['node:*']||400|unknown operator scope",
        "['node:namespace:write']||403|missing required scope: node:namespace:write",
        "['node:usage:read']|,'expires_at':'2020-01-01T00:00:00Z'|400|in the past",
        "['node:usage:read']|,'expires_at':'9999-01-01T00:00:00Z'|400|later than the end",
        "['node:usage:read']|,'namespaces':[]|400|namespaces must name",
        "['node:usage:read']|,'namespaces':['ns_00000000000000000000000000']|404|no such namespace"
      })
  void nothingWiderThanTheIssuerIsIssued(String scopes, String more, int status, String message) {
    JsonNode narrow =
        issue(
                root(),
                "\"narrow\"",
                "[\"node:usage:read\",\"node:credential:write\"]",
                ",\"expires_at\":\"2999-01-01T00:00:00Z\"")
            .mustBe(200)
            .json();
    ControlClient issuer = WORLD.node().with(narrow.path("token").asString());
    String rest = more == null ? "" : more.replace('\'', '"');
    Reply reply = issue(issuer, "\"child\"", scopes.replace('\'', '"'), rest).mustBe(status);
    assertThat(description(reply)).contains(message);
    JsonNode child = issue(issuer, "\"child\"", "[\"node:usage:read\"]", "").mustBe(200).json();
    assertThat(child.path("expires_at").asString()).isEqualTo("2999-01-01T00:00:00Z");
  }

  @Test
  void aCredentialForSomeNamespacesKnowsOfNoOthers() {
    String own = WORLD.key().namespaceId();
    String other = WORLD.node().createNamespace("unseen");
    JsonNode issued =
        issue(
                root(),
                "\"team\"",
                "[\"node:usage:read\",\"node:namespace:read\",\"node:namespace:write\","
                    + "\"node:namespace:enter\",\"node:credential:write\"]",
                ",\"namespaces\":[\"" + own + "\"]")
            .mustBe(200)
            .json();
    ControlClient team = WORLD.node().with(issued.path("token").asString());
    JsonNode seen = team.get("/v1/node/namespaces").mustBe(200).json().path("data");
    assertThat(seen).hasSize(1);
    assertThat(seen.at("/0/id").asString()).isEqualTo(own);
    assertThat(team.get("/v1/node/usage").mustBe(200).text()).doesNotContain(other);
    for (String verb : List.of("/keys", "/enter", "/suspend", "/resume", "/policies")) {
      String body =
          verb.equals("/keys")
              ? "{\"display_name\":\"x\",\"scopes\":[\"usage:read\"]}"
              : verb.equals("/enter")
                  ? "{\"reason\":\"x\",\"scopes\":[\"usage:read\"],\"ttl_secs\":60}"
                  : "{\"name\":\"x\",\"kind\":\"guardrail\",\"spec\":{}}";
      Reply reply = team.post("/v1/node/namespaces/" + other + verb, body).mustBe(404);
      assertThat(description(reply)).isEqualTo("no such namespace");
    }
    team.delete("/v1/node/namespaces/" + other).mustBe(404);
    team.post("/v1/node/namespaces", "{\"name\":\"more\"}").mustBe(403);
    issue(team, "\"wide\"", "[\"node:usage:read\"]", ",\"namespaces\":[\"" + other + "\"]")
        .mustBe(404);
    JsonNode child = issue(team, "\"child\"", "[\"node:usage:read\"]", "").mustBe(200).json();
    assertThat(child.at("/namespaces/0").asString()).isEqualTo(own);
    assertThat(team.get(CREDENTIALS).mustBe(200).json().path("data"))
        .allMatch(one -> one.path("namespaces").size() == 1);
    root().delete("/v1/node/namespaces/" + other).mustBe(200);
  }

  @Test
  void withACredentialGoesWhatItIssuedDirectlyOrNot() {
    JsonNode parent =
        issue(root(), "\"p\"", "[\"node:usage:read\",\"node:credential:write\"]", "")
            .mustBe(200)
            .json();
    JsonNode child =
        issue(client(parent), "\"c\"", "[\"node:usage:read\",\"node:credential:write\"]", "")
            .mustBe(200)
            .json();
    JsonNode grandchild =
        issue(client(child), "\"g\"", "[\"node:usage:read\"]", "").mustBe(200).json();
    JsonNode sibling = issue(root(), "\"s\"", "[\"node:usage:read\"]", "").mustBe(200).json();
    String one = CREDENTIALS + "/" + parent.path("id").asString();
    assertThat(descendants(root().delete(one + "?dry_run=true"))).isEqualTo(2);
    client(grandchild).get("/v1/credential").mustBe(200);
    assertThat(descendants(root().delete(one))).isEqualTo(2);
    for (JsonNode dead : List.of(parent, child, grandchild)) {
      assertThat(client(dead).get("/v1/credential").mustBe(401).json().path("code").asString())
          .isEqualTo("key_revoked");
    }
    client(sibling).get("/v1/credential").mustBe(200);
    assertThat(descendants(root().delete(one))).isZero();
  }

  private static ControlClient client(JsonNode issued) {
    return WORLD.node().with(issued.path("token").asString());
  }

  private static int descendants(Reply reply) {
    return reply.mustBe(200).json().path("revoked_descendants").asInt(-1);
  }

  @Test
  void theHostsOwnCredentialStays() {
    JsonNode me = root().get("/v1/credential").mustBe(200).json();
    Reply refused = root().delete(CREDENTIALS + "/" + me.path("id").asString()).mustBe(409);
    assertThat(description(refused)).contains("cannot revoke itself");
    JsonNode lesser =
        issue(root(), "\"lesser\"", "[\"node:credential:write\"]", "").mustBe(200).json();
    WORLD
        .node()
        .with(lesser.path("token").asString())
        .delete(CREDENTIALS + "/" + me.path("id").asString())
        .mustBe(403);
    issue(root(), "\" root \"", "[\"node:usage:read\"]", "").mustBe(400);
    root().get("/v1/credential").mustBe(200);
  }

  @Test
  void aSuspendedNamespaceDoesNoInferenceAndIsOtherwiseThere() {
    TestKey key =
        WORLD
            .node()
            .mint(
                WORLD.node().createNamespace("paused"),
                "k",
                List.of("inference:invoke", "usage:read"));
    ControlClient client = WORLD.node().with(key.token());
    String chat = "{\"model\":\"fake-chat\",\"messages\":[]}";
    client.post("/v1/chat/completions", chat).mustBe(200);
    String one = "/v1/node/namespaces/" + key.namespaceId();
    assertThat(
            root()
                .post(one + "/suspend?dry_run=true", "")
                .mustBe(200)
                .json()
                .path("suspended")
                .asBoolean())
        .isTrue();
    client.post("/v1/chat/completions", chat).mustBe(200);
    for (int i = 0; i < 2; i++) {
      assertThat(root().post(one + "/suspend", "").mustBe(200).json().path("suspended").asBoolean())
          .isTrue();
    }
    Reply refused = client.post("/v1/chat/completions", chat).mustBe(403);
    assertThat(refused.json().at("/error/code").asString()).isEqualTo("namespace_suspended");
    client.get("/v1/namespaces/me/usage").mustBe(200);
    assertThat(
            root().post(one + "/resume", "").mustBe(200).json().path("suspended").asBoolean(true))
        .isFalse();
    client.post("/v1/chat/completions", chat).mustBe(200);
    root().delete(one).mustBe(200);
  }

  @Test
  void aRotatedKeyIsTheSameKeyWithAnotherToken() {
    JsonNode key = mint(WORLD.client(), "rotated", "[\"keys:write\",\"keys:read\"]");
    ControlClient old = WORLD.node().with(key.path("token").asString());
    String one = KEYS + "/" + key.path("id").asString();
    JsonNode first = old.post(one + "/rotate", "").mustBe(200).json();
    assertThat(first.path("id")).isEqualTo(key.path("id"));
    assertThat(first.path("scopes")).isEqualTo(key.path("scopes"));
    assertThat(first.path("token")).isNotEqualTo(key.path("token"));
    ControlClient now = WORLD.node().with(first.path("token").asString());
    old.get("/v1/credential").mustBe(200);
    now.get("/v1/credential").mustBe(200);
    JsonNode second = now.post(one + "/rotate", "{\"overlap_secs\":0}").mustBe(200).json();
    old.get("/v1/credential").mustBe(401);
    assertThat(now.get("/v1/credential").mustBe(401).json().path("code").asString())
        .isEqualTo("key_expired");
    ControlClient last = WORLD.node().with(second.path("token").asString());
    assertThat(last.get(one).mustBe(200).json().path("key_prefix"))
        .isEqualTo(second.path("key_prefix"));
    last.post(one + "/rotate", "{\"overlap_secs\":2592001}").mustBe(400);
    JsonNode dry = last.post(one + "/rotate?dry_run=true", "").mustBe(200).json();
    assertThat(dry.path("token").asString()).isEmpty();
    last.get("/v1/credential").mustBe(200);
  }

  @Test
  void aKeyRotatesItselfAndThoseBelowIt() {
    JsonNode parent = mint(WORLD.client(), "parent", "[\"keys:write\",\"usage:read\"]");
    ControlClient client = WORLD.node().with(parent.path("token").asString());
    JsonNode child = mint(client, "child", "[\"usage:read\"]");
    JsonNode sibling = mint(WORLD.client(), "sibling", "[\"usage:read\"]");
    client.post(KEYS + "/" + child.path("id").asString() + "/rotate", "").mustBe(200);
    client.post(KEYS + "/" + sibling.path("id").asString() + "/rotate", "").mustBe(403);
    client.post(KEYS + "/" + WORLD.key().id() + "/rotate", "").mustBe(403);
    client.post(KEYS + "/key_00000000000000000000000000/rotate", "").mustBe(404);
    client.delete(KEYS + "/" + child.path("id").asString()).mustBe(200);
    client.post(KEYS + "/" + child.path("id").asString() + "/rotate", "").mustBe(409);
  }

  @Test
  void aDryMintAndADryRevokeChangeNothing() {
    int before = WORLD.client().get(KEYS).mustBe(200).json().path("data").size();
    JsonNode dry =
        WORLD
            .client()
            .post(KEYS + "?dry_run=true", "{\"display_name\":\"x\",\"scopes\":[\"usage:read\"]}")
            .mustBe(200)
            .json();
    assertThat(dry.path("token").asString()).isEmpty();
    assertThat(WORLD.client().get(KEYS).mustBe(200).json().path("data")).hasSize(before);
    JsonNode parent = mint(WORLD.client(), "p", "[\"keys:write\",\"usage:read\"]");
    ControlClient client = WORLD.node().with(parent.path("token").asString());
    mint(client, "c", "[\"usage:read\"]");
    JsonNode revoked =
        WORLD
            .client()
            .delete(KEYS + "/" + parent.path("id").asString() + "?dry_run=true")
            .mustBe(200)
            .json();
    assertThat(revoked.path("revoked_descendants").asInt()).isEqualTo(1);
    client.get("/v1/credential").mustBe(200);
  }

  private static ControlClient root() {
    return WORLD.node().operator();
  }

  private static Reply issue(ControlClient issuer, String name, String scopes, String more) {
    return issuer.post(CREDENTIALS, "{\"name\":" + name + ",\"scopes\":" + scopes + more + "}");
  }

  private static JsonNode mint(ControlClient client, String name, String scopes) {
    return client
        .post(KEYS, "{\"display_name\":\"" + name + "\",\"scopes\":" + scopes + "}")
        .mustBe(200)
        .json();
  }

  private static String description(Reply reply) {
    return reply.json().path("error_description").asString();
  }
}

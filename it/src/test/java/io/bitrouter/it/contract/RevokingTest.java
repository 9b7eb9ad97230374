package io.bitrouter.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.node.NodeWorld;
import io.bitrouter.it.node.RawConnection;
import io.bitrouter.testkit.HttpReader.Head;
import io.bitrouter.testkit.Reply;
import io.bitrouter.testkit.TestKey;
import io.bitrouter.testkit.UpstreamScript;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Revoked keys are refused from the very next request on, and take their descendants along. */
final class RevokingTest {

  private static final String KEYS = "/v1/namespaces/me/keys";
  private static final List<String> SCOPES =
      List.of("inference:invoke", "keys:write", "keys:read", "usage:read");

  @RegisterExtension static final NodeWorld WORLD = NodeWorld.plain();

  @Test
  void descendantsGoAlong() {
    TestKey parent = child(WORLD.key());
    TestKey child = child(parent);
    TestKey grandchild = child(child);
    TestKey sibling = child(WORLD.key());
    for (TestKey key : List.of(parent, child, grandchild, sibling)) {
      mustWork(key);
    }
    JsonNode answer = revoke(WORLD.key(), parent.id(), "").mustBe(200).json();
    for (TestKey key : List.of(grandchild, parent, child)) {
      mustBeRevoked(key);
    }
    mustWork(sibling);
    assertThat(answer.path("revoked").asBoolean()).isTrue();
    assertThat(answer.path("revoked_descendants").asInt()).isEqualTo(2);
    for (TestKey key : List.of(parent, child, grandchild)) {
      assertThat(WORLD.client().get(KEYS + "/" + key.id()).mustBe(200).json().has("revoked_at"))
          .isTrue();
    }
  }

  @Test
  void descendantsStayWhenAsked() {
    TestKey parent = child(WORLD.key());
    TestKey child = child(parent);
    TestKey grandchild = child(child);
    JsonNode answer = revoke(WORLD.key(), parent.id(), "?cascade=false").mustBe(200).json();
    assertThat(answer.path("revoked_descendants").asInt(-1)).isZero();
    mustBeRevoked(parent);
    mustWork(child);
    mustWork(grandchild);
    answer = revoke(WORLD.key(), child.id(), "?cascade=true").mustBe(200).json();
    assertThat(answer.path("revoked_descendants").asInt()).isEqualTo(1);
    mustBeRevoked(child);
    mustBeRevoked(grandchild);
  }

  @Test
  void revokingTwiceIsFine() {
    TestKey key = child(WORLD.key());
    revoke(WORLD.key(), key.id(), "").mustBe(200);
    String first = revokedAt(key);
    JsonNode again = revoke(WORLD.key(), key.id(), "").mustBe(200).json();
    assertThat(again.path("revoked").asBoolean()).isTrue();
    assertThat(again.path("revoked_descendants").asInt(-1)).isZero();
    assertThat(revokedAt(key)).isEqualTo(first);
  }

  @Test
  void aKeyCanRevokeItself() {
    TestKey key = child(WORLD.key());
    revoke(key, key.id(), "").mustBe(200);
    mustBeRevoked(key);
  }

  @Test
  void aRevokedKeyMintsNothing() {
    TestKey key = child(WORLD.key());
    revoke(WORLD.key(), key.id(), "").mustBe(200);
    WORLD.node().with(key.token()).post(KEYS, draft()).mustBe(401);
  }

  @Test
  void unknownAndForeignKeysAreNotFoundAlike() {
    Reply unknown = revoke(WORLD.key(), "key_00000000000000000000000000", "").mustBe(404);
    Reply foreign = revoke(WORLD.key(), WORLD.neighbour().id(), "").mustBe(404);
    revoke(WORLD.key(), "x".repeat(5_000), "").mustBe(404);
    assertThat(foreign.json().path("error_description"))
        .isEqualTo(unknown.json().path("error_description"));
    mustWork(WORLD.neighbour());
  }

  @Test
  void cascadeIsTrueOrFalse() {
    TestKey key = child(WORLD.key());
    for (String wrong : List.of("?cascade=no", "?cascade=", "?cascade=TRUE")) {
      revoke(WORLD.key(), key.id(), wrong).mustBe(400);
    }
    mustWork(key);
  }

  @Test
  void whatIsUnderWayIsFinished() throws Exception {
    WORLD
        .upstream()
        .answer(UpstreamScript.ok().withChunks(20).paced(Duration.ZERO, Duration.ofMillis(10)));
    TestKey key = child(WORLD.key());
    try (RawConnection client = RawConnection.to(WORLD.node().endpoint())) {
      client.post(
          "/v1/chat/completions",
          key.token(),
          "{\"model\":\"fake-chat\",\"stream\":true,\"messages\":[]}");
      Head head = client.head();
      String body = client.body(head, "word ", () -> revoke(WORLD.key(), key.id(), "").mustBe(200));
      assertThat(body).endsWith("data: [DONE]\n\n");
    }
    mustBeRevoked(key);
    WORLD.ledger().only().ended("succeeded", 200).used("reported", 11, 20).charged("computed");
  }

  private static TestKey child(TestKey parent) {
    JsonNode minted = WORLD.node().with(parent.token()).post(KEYS, draft()).mustBe(200).json();
    return new TestKey(
        parent.namespaceId(), minted.path("id").asString(), minted.path("token").asString());
  }

  private static String draft() {
    return "{\"display_name\":\"child\",\"scopes\":"
        + JsonMapper.shared().writeValueAsString(SCOPES)
        + "}";
  }

  private static Reply revoke(TestKey by, String id, String query) {
    return WORLD.node().with(by.token()).delete(KEYS + "/" + id + query);
  }

  private static String revokedAt(TestKey key) {
    return WORLD
        .client()
        .get(KEYS + "/" + key.id())
        .mustBe(200)
        .json()
        .path("revoked_at")
        .asString();
  }

  private static void mustWork(TestKey key) {
    assertThat(WORLD.node().with(key.token()).get("/v1/models").status()).isEqualTo(200);
  }

  private static void mustBeRevoked(TestKey key) {
    Reply chat =
        WORLD
            .node()
            .with(key.token())
            .post("/v1/chat/completions", "{\"model\":\"fake-chat\"}")
            .mustBe(401);
    assertThat(chat.json().at("/error/code").asString()).isEqualTo("key_revoked");
    Reply control = WORLD.node().with(key.token()).get(KEYS).mustBe(401);
    assertThat(control.json().path("code").asString()).isEqualTo("key_revoked");
    assertThat(control.json().path("error").asString()).isEqualTo("unauthorized");
  }
}

package io.bitrouter.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.node.NodeWorld;
import io.bitrouter.testkit.ControlClient;
import io.bitrouter.testkit.Reply;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Requests with an {@code Idempotency-Key}, repeated. */
final class RepeatedRequestsTest {

  private static final String KEYS = "/v1/namespaces/me/keys";
  private static final String MINT = "{\"display_name\":\"once\",\"scopes\":[\"usage:read\"]}";

  @RegisterExtension static final NodeWorld WORLD = NodeWorld.plain();

  @Test
  void aRepeatedMintIsAnsweredWithTheSameKey() throws Exception {
    long before = count();
    Reply first = post(WORLD.client(), KEYS, MINT, "mint-1").mustBe(200);
    assertThat(first.header("idempotent-replayed")).isEmpty();
    Reply again = post(WORLD.client(), KEYS, MINT, "mint-1").mustBe(200);
    assertThat(again.header("idempotent-replayed")).hasValue("true");
    assertThat(again.text()).isEqualTo(first.text());
    assertThat(count()).isEqualTo(before + 1);
    String token = first.json().path("token").asString();
    WORLD.node().with(token).get("/v1/credential").mustBe(200);
    String secret = token.substring(token.indexOf('.') + 1);
    for (var file : List.of("bitrouter.db", "bitrouter.db-wal")) {
      String stored =
          Files.readString(WORLD.node().home().resolve(file), StandardCharsets.ISO_8859_1);
      assertThat(stored.contains(secret)).as("the secret is in %s", file).isFalse();
    }
  }

  @Test
  void anotherRequestUnderTheSameNameIsRefused() {
    post(WORLD.client(), KEYS, MINT, "mint-2").mustBe(200);
    String other = MINT.replace("once", "twice");
    Reply refused = post(WORLD.client(), KEYS, other, "mint-2").mustBe(409);
    assertThat(refused.json().path("error").asString()).isEqualTo("conflict");
    String byId = "/v1/namespaces/" + WORLD.key().namespaceId() + "/keys";
    post(WORLD.client(), byId, MINT, "mint-2").mustBe(409);
    post(
            WORLD.client(),
            "/v1/namespaces/me/policies",
            "{\"name\":\"n\",\"kind\":\"guardrail\",\"spec\":{}}",
            "mint-2")
        .mustBe(409);
  }

  @Test
  void aNameBelongsToItsCredential() {
    ControlClient other = minted("keys:write usage:read");
    String first = post(WORLD.client(), KEYS, MINT, "mint-3").mustBe(200).text();
    Reply theirs = post(other, KEYS, MINT, "mint-3").mustBe(200);
    assertThat(theirs.header("idempotent-replayed")).isEmpty();
    assertThat(theirs.text()).isNotEqualTo(first);
  }

  @Test
  void aRotatedTokenCannotReadWhatTheOldOneWasTold() {
    JsonNode key = mint("keys:write usage:read");
    ControlClient old = WORLD.node().with(key.path("token").asString());
    post(old, KEYS, MINT, "mint-4").mustBe(200);
    JsonNode rotated =
        old.post(KEYS + "/" + key.path("id").asString() + "/rotate", "{\"overlap_secs\":60}")
            .mustBe(200)
            .json();
    Reply refused =
        post(WORLD.node().with(rotated.path("token").asString()), KEYS, MINT, "mint-4").mustBe(409);
    assertThat(refused.json().path("error_description").asString()).contains("another token");
    assertThat(post(old, KEYS, MINT, "mint-4").mustBe(200).header("idempotent-replayed"))
        .hasValue("true");
  }

  @Test
  void manyAtOnceMakeOne() throws Exception {
    long before = count();
    List<Future<Reply>> replies = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 16; i++) {
        replies.add(threads.submit(() -> post(WORLD.client(), KEYS, MINT, "mint-5")));
      }
    }
    String body = post(WORLD.client(), KEYS, MINT, "mint-5").mustBe(200).text();
    for (Future<Reply> future : replies) {
      Reply reply = future.get();
      assertThat(reply.status()).isIn(200, 409);
      if (reply.status() == 200) {
        assertThat(reply.text()).isEqualTo(body);
      } else {
        assertThat(reply.header("retry-after")).isPresent();
      }
    }
    assertThat(count()).isEqualTo(before + 1);
  }

  @Test
  void whatWasRefusedIsTriedAgain() {
    post(WORLD.client(), KEYS, "{\"display_name\":\"x\",\"scopes\":[]}", "mint-6").mustBe(400);
    post(WORLD.client(), KEYS, MINT, "mint-6").mustBe(200);
  }

  @Test
  void operatorsRequestsAreKeptToo() {
    ControlClient operator = WORLD.node().operator();
    for (String path : List.of("/v1/node/namespaces", "/v1/node/credentials")) {
      String body =
          path.endsWith("credentials")
              ? "{\"name\":\"finance\",\"scopes\":[\"node:usage:read\"]}"
              : "{\"name\":\"repeated\"}";
      Reply first = post(operator, path, body, path).mustBe(200);
      Reply again = post(operator, path, body, path).mustBe(200);
      assertThat(again.header("idempotent-replayed")).hasValue("true");
      assertThat(again.text()).isEqualTo(first.text());
    }
    String keys = "/v1/node/namespaces/" + WORLD.key().namespaceId() + "/keys";
    assertThat(post(operator, keys, MINT, "op").mustBe(200).text())
        .isEqualTo(post(operator, keys, MINT, "op").mustBe(200).text());
  }

  @Test
  void aNameMustBeOne() {
    Reply reply = post(WORLD.client(), KEYS, MINT, "n".repeat(201)).mustBe(400);
    assertThat(reply.json().path("error_description").asString())
        .startsWith("Idempotency-Key must have");
  }

  @Test
  void aDryRunKeepsNothing() {
    WORLD
        .client()
        .send("POST", KEYS + "?dry_run=true", MINT, Map.of("idempotency-key", "mint-7"))
        .mustBe(200);
    assertThat(post(WORLD.client(), KEYS, MINT, "mint-7").mustBe(200).header("idempotent-replayed"))
        .isEmpty();
  }

  private static Reply post(ControlClient client, String path, String body, String name) {
    return client.send("POST", path, body, Map.of("idempotency-key", name));
  }

  private static ControlClient minted(String scopes) {
    return WORLD.node().with(mint(scopes).path("token").asString());
  }

  private static JsonNode mint(String scopes) {
    return WORLD
        .client()
        .post(
            KEYS, "{\"display_name\":\"k\",\"scopes\":[\"" + scopes.replace(" ", "\",\"") + "\"]}")
        .mustBe(200)
        .json();
  }

  private static long count() {
    return WORLD.client().get(KEYS).mustBe(200).json().path("data").size();
  }
}

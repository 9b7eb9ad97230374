package io.bitrouter.it.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.node.NodeWorld;
import io.bitrouter.it.node.RawConnection;
import io.bitrouter.testkit.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The list of models, and one by its id. */
final class ModelsTest {

  @RegisterExtension static final NodeWorld WORLD = NodeWorld.plain();

  private static final Map<String, String> ANTHROPIC = Map.of("anthropic-version", "2023-06-01");

  @AfterEach
  void lookingIsNotOnTheBooks() {
    WORLD.ledger().rows(0);
  }

  @Test
  void theListHoldsEveryRoutableModelOnce() {
    JsonNode list = WORLD.client().get("/v1/models").mustBe(200).json();
    assertThat(list.path("object").asString()).isEqualTo("list");
    assertThat(ids(list))
        .containsExactly(
            "fakeai/fake-chat",
            "fakeai/org/slashed",
            "fakeai/alias-chat",
            "fakeai/buckets-chat",
            "fakeai/unpriced-chat",
            "fakeant/fake-messages",
            "fakeant/alias-messages",
            "fakeant/buckets-messages",
            "nowhere/nowhere-chat");
    for (JsonNode model : list.path("data")) {
      assertThat(model.path("object").asString()).isEqualTo("model");
      assertThat(model.path("created").isIntegralNumber()).isTrue();
      assertThat(model.path("providers").isArray()).isTrue();
      assertThat(model.toString()).doesNotContain("127.0.0.1").doesNotContain("sk-fake");
    }
    assertThat(list.at("/data/4").has("pricing")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fakeai/org/slashed",
        "fakeai%2Forg%2Fslashed",
        "fakeai/org%2fslashed",
        "org/slashed",
        "fakeai:org/slashed",
        "fakeai%3Aorg/slashed"
      })
  void aModelIsFoundByEveryFormOfItsName(String id) {
    JsonNode model = WORLD.client().get("/v1/models/" + id).mustBe(200).json();
    assertThat(model.path("id").asString()).isEqualTo("fakeai/org/slashed");
  }

  @Test
  void aClientOfMessagesGetsItsOwnShape() {
    JsonNode list = WORLD.client().send("GET", "/v1/models", "", ANTHROPIC).mustBe(200).json();
    assertThat(ids(list)).contains("fakeant/fake-messages").contains("fakeai/fake-chat");
    assertThat(list.path("has_more").isBoolean()).isTrue();
    assertThat(list.path("first_id").asString()).isEqualTo("fakeai/fake-chat");
    assertThat(list.path("last_id").asString()).isEqualTo("nowhere/nowhere-chat");
    assertThat(list.at("/data/0/type").asString()).isEqualTo("model");
    assertThat(list.at("/data/0/created_at").asString()).endsWith("Z");
    JsonNode one =
        WORLD
            .client()
            .send("GET", "/v1/models/fakeant%2Ffake-messages", "", ANTHROPIC)
            .mustBe(200)
            .json();
    assertThat(one.path("display_name").asString()).isEqualTo("fake-messages");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"none", "fakeai/none", "fakeai/fake-chat/", "%2e%2e", "a%00b", "%zz", "%"})
  void anUnknownModelIsNotFound(String id) throws Exception {
    try (RawConnection raw = RawConnection.to(WORLD.node().endpoint())) {
      raw.send(
          "GET /v1/models/"
              + id
              + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
              + WORLD.key().token()
              + "\r\n\r\n");
      Reply reply = raw.reply();
      assertThat(reply.status()).isIn(400, 404);
      assertThat(reply.json().path("error").isMissingNode()).isFalse();
    }
  }

  @Test
  void errorsAreInTheShapeOfTheClient() {
    Reply chat = WORLD.client().get("/v1/models/none").mustBe(404);
    assertThat(chat.json().at("/error/code").asString()).isEqualTo("model_not_found");
    Reply messages = WORLD.client().send("GET", "/v1/models/none", "", ANTHROPIC).mustBe(404);
    assertThat(messages.json().path("type").asString()).isEqualTo("error");
    assertThat(messages.json().at("/error/type").asString()).isEqualTo("not_found_error");
  }

  @Test
  void theListNeedsTheScopeToInvoke() {
    String reader =
        WORLD.node().mint(WORLD.key().namespaceId(), "reader", List.of("usage:read")).token();
    for (String path : List.of("/v1/models", "/v1/models/fakeai/fake-chat")) {
      Reply reply = WORLD.node().with(reader).get(path).mustBe(403);
      assertThat(reply.json().at("/error/message").asString())
          .isEqualTo("missing required scope: inference:invoke");
      WORLD.node().anonymous().get(path).mustBe(401);
      WORLD.node().operator().get(path).mustBe(403);
    }
  }

  private static List<String> ids(JsonNode list) {
    List<String> ids = new ArrayList<>();
    list.path("data").forEach(model -> ids.add(model.path("id").asString()));
    return ids;
  }
}

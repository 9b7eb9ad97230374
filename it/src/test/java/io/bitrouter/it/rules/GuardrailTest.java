package io.bitrouter.it.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.node.NodeWorld;
import io.bitrouter.testkit.ControlClient;
import io.bitrouter.testkit.Reply;
import io.bitrouter.testkit.TestKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a guardrail does not allow does not reach an upstream, from the answer 200 on. */
final class GuardrailTest {

  private static final String CHAT = "/v1/chat/completions";

  @RegisterExtension static final NodeWorld WORLD = NodeWorld.plain();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"model_deny\":[\"fake-chat\"]} | {} | model_not_allowed | 403",
        "{\"model_allow\":[]} | {} | model_not_allowed | 403",
        "{\"model_allow\":[\"fakeant/*\"]} | {} | model_not_allowed | 403",
        "{\"providers_deny\":[\"fakeai\"]} | {} | model_not_allowed | 403",
        "{\"allow_streaming\":false} | {\"stream\":true} | streaming_not_allowed | 403",
        "{\"max_request_tokens\":10} | {\"max_tokens\":11} | exceeds_limit | 400",
        "{\"byok\":\"required\"} | {} | byok_required | 403",
        "{\"tools_deny\":[\"rm\"]} | {\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"rm\"}}]}"
            + " | tool_not_allowed | 403",
        "{\"modalities_allow\":[\"text\"]} | {\"messages\":[{\"role\":\"user\",\"content\":"
            + "[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:,\"}}]}]} | guardrail_blocked | 400",
      })
  void whatIsNotAllowedIsRefusedWithItsNameAndLeavesARow(
      String spec, String members, String code, int status) {
    TestKey key = Rules.key(WORLD.node(), "guarded");
    ControlClient client = WORLD.node().with(key.token());
    client.post(CHAT, body(members)).mustBe(200);
    String policy = Rules.bindToKey(WORLD.client(), "guardrail", spec, key);
    Reply refused = client.post(CHAT, body(members)).mustBe(status);
    assertThat(refused.json().at("/error/code").asString()).isEqualTo(code);
    assertThat(refused.header("x-bitrouter-policy")).hasValue(policy);
    assertThat(refused.header("x-should-retry")).hasValue("false");
    assertThat(WORLD.upstream().requests()).hasSize(1);
    var row = WORLD.ledger().rows(2).getLast().ended("denied", status, code).free();
    assertThat(row.text("policy_id")).isEqualTo(policy);
    WORLD.client().post("/v1/namespaces/me/policies/" + policy + "/disable", "").mustBe(200);
    client.post(CHAT, body(members)).mustBe(200);
  }

  @Test
  void aSubKeyIsBoundByItsParentsRulesAlsoWhenTheParentIsRevoked() {
    TestKey parent = Rules.key(WORLD.node(), "parent");
    ControlClient asParent = WORLD.node().with(parent.token());
    Rules.bindToKey(WORLD.client(), "guardrail", "{\"model_deny\":[\"fake-chat\"]}", parent);
    String child =
        asParent
            .post(
                "/v1/namespaces/me/keys",
                "{\"display_name\":\"child\",\"scopes\":[\"inference:invoke\"]}")
            .mustBe(200)
            .json()
            .path("token")
            .asString();
    ControlClient asChild = WORLD.node().with(child);
    asChild.post(CHAT, Rules.chat("fake-chat", 5, false)).mustBe(403);
    WORLD.client().delete("/v1/namespaces/me/keys/" + parent.id() + "?cascade=false").mustBe(200);
    asChild.post(CHAT, Rules.chat("fake-chat", 5, false)).mustBe(403);
    asChild.post(CHAT, Rules.chat("alias-chat", 5, false)).mustBe(200);
  }

  /** The refusal told the child, which may not read policies, how much its parent is allowed. */
  @Test
  void theAmountsOfAParentsRuleAreNotToldToAChild() {
    TestKey parent = Rules.key(WORLD.node(), "amounts");
    ControlClient asParent = WORLD.node().with(parent.token());
    Rules.bindToKey(WORLD.client(), "guardrail", "{\"max_request_tokens\":77}", parent);
    String child =
        asParent
            .post(
                "/v1/namespaces/me/keys",
                "{\"display_name\":\"child\",\"scopes\":[\"inference:invoke\"]}")
            .mustBe(200)
            .json()
            .path("token")
            .asString();
    String chat = Rules.chat("fake-chat", 500, false);
    assertThat(asParent.post(CHAT, chat).mustBe(400).text()).contains("allows 77 output tokens");
    assertThat(WORLD.node().with(child).post(CHAT, chat).mustBe(400).json().at("/error/message"))
        .asString()
        .contains("allows fewer output tokens")
        .doesNotContain("77");
  }

  @ParameterizedTest
  @CsvSource({"/v1/chat/completions,fake-chat", "/v1/messages,fake-messages"})
  void aRequestThatDeclaresNoOutputGetsTheCap(String path, String model) {
    TestKey key = Rules.key(WORLD.node(), "capped");
    Rules.bindToKey(WORLD.client(), "guardrail", "{\"max_request_tokens\":77}", key);
    WORLD
        .node()
        .with(key.token())
        .post(
            path,
            "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")
        .mustBe(200);
    assertThat(WORLD.upstream().onlyRequest().json().path("max_tokens").asInt()).isEqualTo(77);
  }

  private static String body(String members) {
    String more = members.strip();
    String inner = more.substring(1, more.length() - 1);
    String messages =
        inner.contains("\"messages\"")
            ? ""
            : "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
    String separator = inner.isEmpty() || messages.isEmpty() ? "" : ",";
    return "{\"model\":\"fakeai/fake-chat\"," + inner + separator + messages + "}";
  }
}

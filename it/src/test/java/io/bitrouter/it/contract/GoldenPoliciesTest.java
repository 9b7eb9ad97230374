package io.bitrouter.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.node.NodeWorld;
import io.bitrouter.it.node.RawConnection;
import io.bitrouter.testkit.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What the original client asks about policies, byte for byte, over a plain socket. */
final class GoldenPoliciesTest {

  @RegisterExtension static final NodeWorld WORLD = NodeWorld.plain();

  static Stream<String> namespaces() {
    return Stream.of("me", "id");
  }

  @ParameterizedTest
  @MethodSource("namespaces")
  void policies(String form) throws Exception {
    String all = ns(form) + "/policies";
    JsonNode made =
        golden(
            "POST " + all,
            """
            {"name":"n","kind":"budget","spec":{"limit_micro_usd":5000000,"window":"day"}}\
            """);
    mustBeAPolicy(made, "n", "budget");
    assertThat(made.at("/spec/limit_micro_usd").asLong()).isEqualTo(5_000_000);
    assertThat(made.at("/spec/window").asString()).isEqualTo("day");
    String one = all + "/" + made.path("id").asString();
    mustBeAPolicy(golden("GET " + one, ""), "n", "budget");
    mustBeAPolicy(golden("PUT " + one, "{\"name\":\"z\"}"), "z", "budget");
    for (JsonNode listed : golden("GET " + all, "").path("data")) {
      mustBeAPolicy(listed, listed.path("name").asString(), listed.path("kind").asString());
    }
    assertThat(golden("GET " + all + "?kind=rate_limit", "").path("data")).isEmpty();
    assertThat(golden("GET " + all + "?kind=budget", "").path("data")).isNotEmpty();
    send("GET " + all + "?kind=rate-limit", "").mustBe(400);

    String principal =
        "{\"principal_type\":\"api_key\",\"principal_id\":\"" + WORLD.key().id() + "\"}";
    String binding = text(golden("POST " + one + "/bind", principal), "binding_id");
    JsonNode bound = golden("GET " + one + "/bindings", "").at("/data/0");
    assertThat(text(bound, "id")).isEqualTo(binding);
    assertThat(text(bound, "policy_id")).isEqualTo(made.path("id").asString());
    assertThat(text(bound, "principal_type")).isEqualTo("api_key");
    assertThat(text(bound, "principal_id")).isEqualTo(WORLD.key().id());
    assertThat(
            golden("GET " + ns(form) + "/principals/api_key/" + WORLD.key().id() + "/policies", "")
                .path("data"))
        .hasSize(1);
    JsonNode effective =
        golden(
            "GET " + all + "/effective?principal_type=api_key&principal_id=" + WORLD.key().id(),
            "");
    assertThat(effective.at("/budgets/0/window").asString()).isEqualTo("day");
    assertThat(effective.at("/budgets/0/limit_micro_usd").asLong()).isEqualTo(5_000_000);
    assertThat(effective.path("rate_limits").isArray()).isTrue();

    assertThat(golden("POST " + one + "/disable", "").path("disabled").asBoolean()).isTrue();
    assertThat(golden("POST " + one + "/enable", "").path("disabled").asBoolean(true)).isFalse();
    assertThat(golden("DELETE " + one + "/bind/" + binding, "").path("unbound").asBoolean())
        .isTrue();
    assertThat(golden("DELETE " + one, "").path("deleted").asBoolean()).isTrue();
    mustBeAnError(send("GET " + one, "").mustBe(404), "not_found");
  }

  @ParameterizedTest
  @MethodSource("namespaces")
  void budgets(String form) throws Exception {
    String all = ns(form) + "/budgets";
    JsonNode made =
        golden(
            "POST " + all,
            """
            {"name":"daily-cap","window":"day","limit_micro_usd":5000000}\
            """);
    assertThat(text(made, "name")).isEqualTo("daily-cap");
    assertThat(text(made, "window")).isEqualTo("day");
    assertThat(made.path("limit_micro_usd").asLong()).isEqualTo(5_000_000);
    String one = all + "/" + text(made, "id");
    JsonNode changed = golden("PUT " + one, "{\"limit_micro_usd\":7}");
    assertThat(changed.path("limit_micro_usd").asLong()).isEqualTo(7);
    assertThat(text(changed, "name")).isEqualTo("daily-cap");
    assertThat(golden("GET " + one, "").path("limit_micro_usd").asLong()).isEqualTo(7);
    assertThat(golden("GET " + all, "").path("data")).isNotEmpty();
    for (String limit : List.of("0", "-1")) {
      mustBeAnError(
          send("PUT " + one, "{\"limit_micro_usd\":" + limit + "}").mustBe(400), "bad_request");
      mustBeAnError(
          send(
                  "POST " + all,
                  "{\"name\":\"x\",\"window\":\"day\",\"limit_micro_usd\":" + limit + "}")
              .mustBe(400),
          "bad_request");
    }
    assertThat(golden("DELETE " + one, "").path("deleted").asBoolean()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("namespaces")
  void presets(String form) throws Exception {
    String all = ns(form) + "/presets";
    JsonNode made =
        golden(
            "POST " + all,
            """
            {"name":"e","guardrail":{"model_allow":["fake-chat"]},\
            "budget":{"window":"month","limit_micro_usd":9}}\
            """);
    assertThat(made.at("/budget/window").asString()).isEqualTo("month");
    assertThat(made.at("/guardrail/model_allow/0").asString()).isEqualTo("fake-chat");
    String one = all + "/" + text(made, "id");
    JsonNode changed = golden("PUT " + one, "{\"clear_budget\":true}");
    assertThat(changed.has("budget")).isFalse();
    assertThat(changed.has("guardrail")).isTrue();
    assertThat(golden("GET " + one, "").has("budget")).isFalse();
    assertThat(golden("GET " + all, "").path("data")).isNotEmpty();
    assertThat(golden("DELETE " + one, "").path("deleted").asBoolean()).isTrue();
    golden("DELETE " + all + "/" + text(golden("POST " + all, "{\"name\":\"empty\"}"), "id"), "");
  }

  @Test
  void theBalanceIsThatOfTheTotalBudget() throws Exception {
    Reply none = send("GET /v1/billing/balance", "").mustBe(404);
    mustBeAnError(none, "not_found");
    assertThat(none.json().path("hint").asString()).contains("budget create");
    JsonNode made =
        golden(
            "POST /v1/namespaces/me/budgets",
            """
            {"name":"all","window":"total","limit_micro_usd":2000000,\
            "bind":{"principal_type":"namespace","principal_id":"me"}}\
            """);
    JsonNode fresh = golden("GET /v1/billing/balance", "");
    assertThat(fresh.path("balance_micro_usd").asLong()).isEqualTo(2_000_000);
    assertThat(fresh.path("pending_debits_micro_usd").asLong(-1)).isZero();
    assertThat(fresh.path("available_micro_usd").asLong()).isEqualTo(2_000_000);
    assertThat(text(fresh, "currency")).isEqualTo("USD");
    Reply paid =
        send(
            "POST /v1/chat/completions",
            "{\"model\":\"fake-chat\",\"max_tokens\":64,\"messages\":[]}");
    paid.mustBe(200);
    String id = paid.header("x-request-id").orElseThrow();
    JsonNode receipt = golden("GET /v1/requests/" + id + "/settlement", "");
    long charge = receipt.path("final_charge_micro_usd").asLong();
    assertThat(charge).isPositive();
    long left = golden("GET /v1/billing/balance", "").path("balance_micro_usd").asLong();
    assertThat(2_000_000 - left).isBetween(charge - 1, charge);
    golden("DELETE /v1/namespaces/me/budgets/" + text(made, "id"), "");
  }

  @Test
  void aReceiptIsForTheKeyThatMadeTheRequest() throws Exception {
    Reply made =
        send("POST /v1/chat/completions", "{\"model\":\"fake-chat\",\"messages\":[]}").mustBe(200);
    String id = made.header("x-request-id").orElseThrow();
    String path = "GET /v1/requests/" + id + "/settlement";
    for (String credential :
        List.of(
            "authorization: Bearer " + WORLD.key().token(), "x-api-key: " + WORLD.key().token())) {
      JsonNode receipt = raw(path, "", credential).mustBe(200).json();
      assertThat(text(receipt, "request_id")).isEqualTo(id);
      assertThat(text(receipt, "state")).isEqualTo("computed");
      assertThat(text(receipt, "model_id")).isEqualTo("fakeai/fake-chat");
      assertThat(text(receipt, "provider_id")).isEqualTo("fakeai");
      assertThat(receipt.path("final_charge_micro_usd").isIntegralNumber()).isTrue();
      for (String bucket :
          List.of(
              "uncached_input_tokens",
              "cache_read_tokens",
              "cache_write_tokens",
              "output_tokens",
              "reasoning_tokens")) {
        assertThat(receipt.path("usage").path(bucket).asLong(-1)).as(bucket).isNotNegative();
      }
    }
    JsonNode child =
        golden(
            "POST /v1/namespaces/me/keys",
            "{\"display_name\":\"child\",\"scopes\":[\"usage:read\"]}");
    mustBeAnError(raw(path, "", "x-api-key: " + text(child, "token")).mustBe(404), "not_found");
    Reply denied =
        send("POST /v1/chat/completions", "{\"model\":\"none\",\"messages\":[]}").mustBe(404);
    JsonNode free =
        golden(
            "GET /v1/requests/" + denied.header("x-request-id").orElseThrow() + "/settlement", "");
    assertThat(text(free, "state")).isEqualTo("not_charged");
    assertThat(free.has("final_charge_micro_usd")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"model", "provider", "key", "root_key", "day", "hour"})
  void groupsAddUpToTheWhole(String group) throws Exception {
    for (int i = 0; i < 3; i++) {
      send("POST /v1/chat/completions", "{\"model\":\"fake-chat\",\"messages\":[]}").mustBe(200);
    }
    JsonNode usage =
        golden("GET /v1/namespaces/me/usage?group_by=" + group + "&tz=Asia%2FKathmandu", "");
    assertThat(usage.path("groups")).isNotEmpty();
    for (String sum :
        List.of("spend_micro_usd", "prompt_tokens", "completion_tokens", "request_count")) {
      assertThat(usage.path("groups").valueStream().mapToLong(one -> one.path(sum).asLong()).sum())
          .as(sum)
          .isEqualTo(usage.path(sum).asLong());
    }
    boolean timed = group.equals("day") || group.equals("hour");
    assertThat(usage.at("/groups/0").has("from")).isEqualTo(timed);
  }

  @Test
  void requestsAreFilteredAndFollowedByCursor() throws Exception {
    for (int i = 0; i < 5; i++) {
      send("POST /v1/chat/completions", "{\"model\":\"org/slashed\",\"messages\":[]}").mustBe(200);
    }
    String requests = "GET /v1/namespaces/me/requests?";
    String filter = "model=fakeai%2Forg%2Fslashed&status=succeeded&charge_state=computed";
    JsonNode all = golden(requests + filter, "").path("data");
    assertThat(all.size()).isGreaterThanOrEqualTo(5);
    assertThat(all).allMatch(row -> row.path("model_id").asString().equals("fakeai/org/slashed"));
    List<String> paged = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = golden(requests + filter + "&limit=2" + cursor, "");
      page.path("data").forEach(row -> paged.add(row.path("id").asString()));
      cursor = page.has("next_cursor") ? "&cursor=" + text(page, "next_cursor") : "";
    } while (!cursor.isEmpty());
    assertThat(paged)
        .containsExactlyElementsOf(all.valueStream().map(r -> r.path("id").asString()).toList());
    assertThat(golden(requests + "status=denied&model=none", "").path("data")).isEmpty();
    for (String wrong :
        List.of(
            "status=won",
            "charge_state=maybe",
            "cursor=abc",
            "cursor=" + paged.getFirst() + "&offset=1",
            "from=yesterday")) {
      mustBeAnError(send(requests + wrong, "").mustBe(400), "bad_request");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"group_by=colour", "tz=Mars%2FPhobos", "group_by=day&tz=%2B02%3A00"})
  void whatIsNoGroupIsRefused(String query) throws Exception {
    mustBeAnError(send("GET /v1/namespaces/me/usage?" + query, "").mustBe(400), "bad_request");
  }

  private static String ns(String form) {
    return "/v1/namespaces/" + (form.equals("me") ? "me" : WORLD.key().namespaceId());
  }

  private static void mustBeAPolicy(JsonNode policy, String name, String kind) {
    assertThat(text(policy, "id")).matches("pol_[0-9a-hjkmnp-tv-z]{26}");
    assertThat(text(policy, "name")).isEqualTo(name);
    assertThat(text(policy, "kind")).isEqualTo(kind);
    assertThat(policy.path("spec").isObject()).isTrue();
  }

  /** A request that must be answered with 200, a JSON object, and no number but integers. */
  private static JsonNode golden(String request, String body) throws IOException {
    JsonNode json = send(request, body).mustBe(200).json();
    assertThat(json.isObject()).isTrue();
    mustHoldIntegersOnly(json);
    return json;
  }

  private static Reply send(String request, String body) throws IOException {
    return raw(request, body, "authorization: Bearer " + WORLD.key().token());
  }

  /** Sent as the original client does: without a length or a type when there is no body. */
  private static Reply raw(String request, String body, String credential) throws IOException {
    String content =
        body.isEmpty()
            ? ""
            : "content-type: application/json\r\ncontent-length: "
                + body.getBytes(StandardCharsets.ISO_8859_1).length
                + "\r\n";
    try (RawConnection client = RawConnection.to(WORLD.node().endpoint())) {
      client.send(
          request
              + " HTTP/1.1\r\n"
              + credential
              + "\r\naccept: */*\r\nuser-agent: bitrouter-cloud-sdk/1.0.0-alpha.27\r\nhost: 127.0.0.1:"
              + WORLD.node().endpoint().getPort()
              + "\r\n"
              + content
              + "\r\n"
              + body);
      return client.reply();
    }
  }

  private static void mustBeAnError(Reply reply, String word) {
    assertThat(reply.json().path("error").asString()).isEqualTo(word);
    assertThat(reply.json().path("error_description").asString()).isNotEmpty();
  }

  private static String text(JsonNode json, String member) {
    String text = json.path(member).asString("");
    assertThat(text).as("%s of %s", member, json).isNotEmpty();
    return text;
  }

  private static void mustHoldIntegersOnly(JsonNode json) {
    assertThat(json.isFloatingPointNumber()).as("%s", json).isFalse();
    for (JsonNode part : json) {
      mustHoldIntegersOnly(part);
    }
  }
}

package io.bitrouter.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.node.NodeWorld;
import io.bitrouter.testkit.ControlClient;
import io.bitrouter.testkit.Reply;
import io.bitrouter.testkit.TestKey;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Policies as they are written, bound, changed and locked. */
final class PoliciesTest {

  private static final String NS = "/v1/namespaces/me";
  private static final String POLICIES = NS + "/policies";
  private static final String TO_ME =
      "\"bind\":{\"principal_type\":\"namespace\",\"principal_id\":\"me\"}";

  @RegisterExtension static final NodeWorld WORLD = NodeWorld.plain();

  /** Leaves the namespace without rules. */
  @AfterEach
  void clear() {
    operator()
        .get(locked())
        .mustBe(200)
        .json()
        .path("data")
        .valueStream()
        .forEach(one -> operator().delete(locked() + "/" + id(one)).mustBe(200));
    key()
        .get(POLICIES)
        .mustBe(200)
        .json()
        .path("data")
        .valueStream()
        .forEach(one -> key().delete(POLICIES + "/" + id(one)).mustBe(200));
  }

  @Test
  void aPolicyIsMadeChangedAndDeleted() {
    Reply made =
        key().post(POLICIES, guardrail("  no streams ", "{\"allow_streaming\":false}", ""));
    JsonNode policy = made.mustBe(200).json();
    assertThat(policy.path("name").asString()).isEqualTo("no streams");
    assertThat(policy.path("kind").asString()).isEqualTo("guardrail");
    assertThat(policy.path("spec").path("allow_streaming").asBoolean(true)).isFalse();
    assertThat(policy.path("revision").asInt()).isEqualTo(1);
    assertThat(policy.path("locked").asBoolean(true)).isFalse();
    assertThat(policy.path("binding_count").asInt(-1)).isZero();
    assertThat(policy.at("/warnings/0").asString()).contains("no effect until it is bound");
    assertThat(made.header("x-bitrouter-warnings")).hasValue("unbound");
    assertThat(made.header("etag")).hasValue("\"1\"");

    String one = POLICIES + "/" + id(policy);
    JsonNode changed =
        put(one, "{\"spec\":{\"max_request_tokens\":9}}", Map.of()).mustBe(200).json();
    assertThat(changed.path("spec").toString()).isEqualTo("{\"max_request_tokens\":9}");
    assertThat(changed.path("revision").asInt()).isEqualTo(2);
    assertThat(key().get(one).mustBe(200).json().path("spec")).isEqualTo(changed.path("spec"));
    assertThat(names(key().get(POLICIES + "?kind=guardrail"))).containsExactly("no streams");
    assertThat(names(key().get(POLICIES + "?kind=preset"))).isEmpty();
    key().get(POLICIES + "?kind=all").mustBe(400);

    assertThat(key().delete(one).mustBe(200).json().path("deleted").asBoolean()).isTrue();
    key().get(one).mustBe(404);
    key().delete(one).mustBe(404);
  }

  @Test
  void aBindingIsTheSameWhenItIsMadeAgainAndGoneOnce() {
    String one = POLICIES + "/" + id(make(guardrail("g", "{}", "")));
    String bind = "{\"principal_type\":\"api_key\",\"principal_id\":\"" + WORLD.key().id() + "\"}";
    JsonNode first = key().post(one + "/bind", bind).mustBe(200).json();
    assertThat(key().post(one + "/bind", bind).mustBe(200).json()).isEqualTo(first);
    String binding = first.path("binding_id").asString();
    JsonNode listed = key().get(one + "/bindings").mustBe(200).json().at("/data/0");
    assertThat(listed.path("id").asString()).isEqualTo(binding);
    assertThat(listed.path("principal_type").asString()).isEqualTo("api_key");
    assertThat(names(key().get(NS + "/principals/api_key/" + WORLD.key().id() + "/policies")))
        .containsExactly("g");
    assertThat(names(key().get(NS + "/principals/namespace/me/policies"))).isEmpty();
    String path = one + "/bind/" + binding;
    assertThat(key().delete(path).mustBe(200).json().path("unbound").asBoolean()).isTrue();
    key().delete(path).mustBe(404);
  }

  @ParameterizedTest
  @CsvSource({
    "api_key,key_00000000000000000000000000,404",
    "api_key,me,404",
    "namespace,ns_00000000000000000000000000,404",
    "oauth_token,x,404",
    "oauth_client,x,404",
    "user,x,400",
    "account,x,400",
    "'',x,400"
  })
  void onlyWhatIsThereIsBound(String type, String id, int status) {
    String one = POLICIES + "/" + id(make(guardrail("g", "{}", "")));
    String ref = "{\"principal_type\":\"" + type + "\",\"principal_id\":\"" + id + "\"}";
    key().post(one + "/bind", ref).mustBe(status);
    key().post(POLICIES, guardrail("h", "{}", ",\"bind\":" + ref)).mustBe(status);
    key()
        .get(POLICIES + "/effective?principal_type=" + type + "&principal_id=" + id)
        .mustBe(status);
    assertThat(names(key().get(POLICIES))).containsExactly("g");
  }

  @Test
  void aNeighboursKeyIsNoPrincipalHere() {
    String one = POLICIES + "/" + id(make(guardrail("g", "{}", "")));
    TestKey other =
        WORLD.node().mint(WORLD.node().createNamespace("other-one"), "k", List.of("usage:read"));
    key()
        .post(
            one + "/bind",
            "{\"principal_type\":\"api_key\",\"principal_id\":\"" + other.id() + "\"}")
        .mustBe(404);
    operator().delete("/v1/node/namespaces/" + other.namespaceId()).mustBe(200);
  }

  @Test
  void effectiveNamesTheSourceOfEachClause() {
    String own =
        ",\"bind\":{\"principal_type\":\"api_key\",\"principal_id\":\"" + WORLD.key().id() + "\"}";
    JsonNode budget =
        key()
            .post(NS + "/budgets", budget("cap", "day", 5_000_000, "," + TO_ME))
            .mustBe(200)
            .json();
    key()
        .post(
            NS + "/presets",
            "{\"name\":\"bundle\",\"guardrail\":{\"model_deny\":[\"b*\"]},"
                + "\"rate_limit\":{\"window_secs\":60,\"max_requests\":1000}"
                + own
                + "}")
        .mustBe(200);
    make(guardrail("narrow", "{\"model_allow\":[\"fakeai/*\"]}", own));

    JsonNode all = effective("api_key", WORLD.key().id());
    assertThat(all.path("budgets")).hasSize(1);
    JsonNode clause = all.at("/budgets/0");
    assertThat(clause.path("policy_id").asString()).isEqualTo(id(budget));
    assertThat(clause.path("policy_name").asString()).isEqualTo("cap");
    assertThat(clause.path("binding_id").asString())
        .isEqualTo(budget.path("binding_id").asString());
    assertThat(clause.path("principal_type").asString()).isEqualTo("namespace");
    assertThat(clause.path("window").asString()).isEqualTo("day");
    assertThat(clause.path("limit_micro_usd").asLong()).isEqualTo(5_000_000);
    assertThat(all.at("/rate_limits/0/policy_name").asString()).isEqualTo("bundle");
    assertThat(all.at("/rate_limits/0/max_requests").asInt()).isEqualTo(1000);
    assertThat(all.path("guardrail_sources")).hasSize(2);
    assertThat(all.path("guardrail").toString())
        .isEqualTo("{\"model_allow\":[\"fakeai/*\"],\"model_deny\":[\"b*\"]}");

    JsonNode whole = effective("namespace", "me");
    assertThat(whole.path("budgets")).hasSize(1);
    assertThat(whole.path("rate_limits")).isEmpty();
    assertThat(whole.has("guardrail")).isFalse();
  }

  @Test
  void aDisabledPolicyAppliesToNothing() {
    String one = POLICIES + "/" + id(make(guardrail("g", "{\"model_deny\":[\"x\"]}", "," + TO_ME)));
    assertThat(effective("namespace", "me").has("guardrail")).isTrue();
    for (int i = 0; i < 2; i++) {
      assertThat(key().post(one + "/disable", "").mustBe(200).json().path("disabled").asBoolean())
          .isTrue();
    }
    assertThat(key().get(one).mustBe(200).json().has("disabled_at")).isTrue();
    assertThat(effective("namespace", "me").has("guardrail")).isFalse();
    assertThat(key().post(one + "/enable", "").mustBe(200).json().path("disabled").asBoolean(true))
        .isFalse();
    assertThat(effective("namespace", "me").has("guardrail")).isTrue();
  }

  @Test
  void budgetsAndPresetsAreFoundUnderTheirOwnKindOnly() {
    String rail = id(make(guardrail("g", "{}", "")));
    String budget = id(key().post(NS + "/budgets", budget("b", "total", 7, "")).mustBe(200).json());
    String preset = id(key().post(NS + "/presets", "{\"name\":\"p\"}").mustBe(200).json());
    for (String wrong : List.of("/budgets/" + rail, "/budgets/" + preset, "/presets/" + budget)) {
      key().get(NS + wrong).mustBe(404);
      put(NS + wrong, "{\"name\":\"x\"}", Map.of()).mustBe(404);
      key().delete(NS + wrong).mustBe(404);
    }
    for (String id : List.of(rail, budget, preset)) {
      key().get(POLICIES + "/" + id).mustBe(200);
    }
  }

  @Test
  void aBudgetChangesInParts() {
    String one =
        NS
            + "/budgets/"
            + id(key().post(NS + "/budgets", budget("b", "day", 7, "")).mustBe(200).json());
    JsonNode week =
        put(
                one,
                "{\"period\":{\"unit\":\"week\",\"align\":\"calendar\",\"time_zone\":\"Europe/Berlin\"}}",
                Map.of())
            .mustBe(200)
            .json();
    assertThat(week.path("window").asString()).isEqualTo("month");
    assertThat(week.at("/period/unit").asString()).isEqualTo("week");
    JsonNode strict =
        put(one, "{\"limit_micro_usd\":8,\"mode\":\"strict\"}", Map.of()).mustBe(200).json();
    assertThat(strict.path("limit_micro_usd").asLong()).isEqualTo(8);
    assertThat(strict.path("mode").asString()).isEqualTo("strict");
    assertThat(strict.at("/period/time_zone").asString()).isEqualTo("Europe/Berlin");
    JsonNode day = put(one, "{\"window\":\"day\"}", Map.of()).mustBe(200).json();
    assertThat(day.has("period")).isFalse();
    put(one, "{\"limit_micro_usd\":0}", Map.of()).mustBe(400);
  }

  @Test
  void aPresetsClausesAreReplacedAndCleared() {
    String one =
        NS
            + "/presets/"
            + id(
                key()
                    .post(
                        NS + "/presets",
                        "{\"name\":\"p\",\"budget\":{\"window\":\"day\",\"limit_micro_usd\":5},"
                            + "\"guardrail\":{\"allow_streaming\":false}}")
                    .mustBe(200)
                    .json());
    JsonNode cleared = put(one, "{\"clear_budget\":true}", Map.of()).mustBe(200).json();
    assertThat(cleared.has("budget")).isFalse();
    assertThat(cleared.path("guardrail").toString()).isEqualTo("{\"allow_streaming\":false}");
    JsonNode replaced =
        put(one, "{\"guardrail\":{\"model_allow\":[]}}", Map.of()).mustBe(200).json();
    assertThat(replaced.path("guardrail").toString()).isEqualTo("{\"model_allow\":[]}");
    Reply both = put(one, "{\"clear_guardrail\":true,\"guardrail\":{}}", Map.of()).mustBe(400);
    assertThat(description(both)).contains("not both");
    assertThat(description(put(one, "{\"budget\":{\"window\":\"day\"}}", Map.of()).mustBe(400)))
        .isEqualTo("budget.limit_micro_usd is required");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'name':'n','kind':'budget','spec':{'window':'day','limit_micro_usd':0}}|spec.limit_micro_usd must be",
        "{'name':'n','kind':'budget','spec':{'window':'day','limit_micro_usd':1,'x':1}}|unknown member spec.x",
        "{'name':'n','kind':'budget','spec':'day'}|spec must be a JSON object",
        "{'name':'n','kind':'budgets','spec':{}}|kind must be one of budget, rate_limit, guardrail, preset",
        "{'name':'n','kind':'rate_limit','spec':{'window_secs':60}}|is needed",
        "{'name':'n','kind':'guardrail','spec':{'content_patterns':[{'name':'a','pattern':'b'}]}}|come with content guardrails",
        "{'name':' ','kind':'guardrail','spec':{}}|name must have 1 to 128 characters",
        "{'kind':'guardrail','spec':{}}|member 'name' is required"
      })
  void whatIsWrongIsNamedAndNothingIsStored(String body, String message) {
    Reply reply = key().post(POLICIES, body.replace('\'', '"')).mustBe(400);
    assertThat(description(reply)).contains(message);
    assertThat(names(key().get(POLICIES))).isEmpty();
  }

  @Test
  void namesThatMeanNothingAreWarnedAbout() {
    Reply reply =
        key()
            .post(
                POLICIES,
                guardrail(
                    "g",
                    "{\"model_allow\":[\"fakeai/*\",\"gpt-99\"],"
                        + "\"providers_deny\":[\"nobody\"]}",
                    "," + TO_ME))
            .mustBe(200);
    assertThat(reply.header("x-bitrouter-warnings"))
        .hasValue("unknown_model:gpt-99, unknown_provider:nobody");
    assertThat(reply.json().path("warnings")).hasSize(2);
  }

  @Test
  void aChangeOfAnotherRevisionIsRefused() {
    String one = POLICIES + "/" + id(make(guardrail("g", "{}", "")));
    Reply changed = put(one, "{\"name\":\"h\"}", Map.of("if-match", "\"1\"")).mustBe(200);
    assertThat(changed.header("etag")).hasValue("\"2\"");
    Map<String, String> stale = Map.of("if-match", "\"1\"");
    Reply refused = put(one, "{\"name\":\"i\"}", stale).mustBe(409);
    assertThat(refused.json().path("error").asString()).isEqualTo("conflict");
    key().send("DELETE", one, "", stale).mustBe(409);
    key().send("POST", one + "/disable", "", stale).mustBe(409);
    key()
        .send(
            "POST",
            one + "/bind",
            "{\"principal_type\":\"namespace\",\"principal_id\":\"me\"}",
            stale)
        .mustBe(409);
    assertThat(key().get(one).mustBe(200).json().path("name").asString()).isEqualTo("h");
    put(one, "{\"name\":\"i\"}", Map.of("if-match", "\"7\", \"2\"")).mustBe(200);
    put(one, "{\"name\":\"j\"}", Map.of("if-match", "*")).mustBe(200);
  }

  @Test
  void aDryRunAnswersAndChangesNothing() {
    long audited = newestAudit();
    JsonNode shown =
        key()
            .post(POLICIES + "?dry_run=true", guardrail("g", "{}", "," + TO_ME))
            .mustBe(200)
            .json();
    assertThat(shown.path("binding_count").asInt()).isEqualTo(1);
    assertThat(names(key().get(POLICIES))).isEmpty();
    assertThat(newestAudit()).isEqualTo(audited);
    String one = POLICIES + "/" + id(make(guardrail("g", "{}", "")));
    assertThat(
            put(one + "?dry_run=true", "{\"name\":\"h\"}", Map.of())
                .mustBe(200)
                .json()
                .path("revision")
                .asInt())
        .isEqualTo(2);
    key().delete(one + "?dry_run=true").mustBe(200);
    assertThat(key().get(one).mustBe(200).json().path("name").asString()).isEqualTo("g");
    put(one + "?dry_run=yes", "{\"name\":\"h\"}", Map.of()).mustBe(400);
    assertThat(
            description(
                key()
                    .post(POLICIES + "?dry_run=true", guardrail("g", "{\"x\":1}", ""))
                    .mustBe(400)))
        .contains("spec.x");
  }

  @Test
  void aLockedPolicyIsTheOperatorsAlone() {
    JsonNode policy =
        operator()
            .post(locked(), guardrail("house rule", "{\"model_deny\":[\"x\"]}", "," + TO_ME))
            .mustBe(200)
            .json();
    assertThat(policy.path("locked").asBoolean()).isTrue();
    String one = POLICIES + "/" + id(policy);
    assertThat(key().get(one).mustBe(200).json().path("locked").asBoolean()).isTrue();
    String binding = policy.path("binding_id").asString();
    Stream.of(
            put(one, "{\"name\":\"x\"}", Map.of()),
            key().delete(one),
            key().post(one + "/disable", ""),
            key().post(one + "/bind", "{\"principal_type\":\"namespace\",\"principal_id\":\"me\"}"),
            key().delete(one + "/bind/" + binding))
        .forEach(reply -> {
          assertThat(reply.mustBe(403).json().path("error").asString()).isEqualTo("forbidden");
          assertThat(description(reply)).contains("locked").contains("only an operator");
        });
    String mine = id(make(guardrail("mine", "{}", "")));
    operator().delete(locked() + "/" + mine).mustBe(404);
    assertThat(names(operator().get(locked()))).containsExactly("house rule");
    String theirs = locked() + "/" + id(policy);
    assertThat(
            operator()
                .send("PUT", theirs, "{\"name\":\"new name\"}", Map.of())
                .mustBe(200)
                .json()
                .path("revision")
                .asInt())
        .isEqualTo(2);
    operator().delete(theirs).mustBe(200);
    key().get(one).mustBe(404);
  }

  @Test
  void everyChangeIsInTheAuditLog() {
    long before = newestAudit();
    JsonNode policy = make(guardrail("g", "{}", "," + TO_ME));
    String one = POLICIES + "/" + id(policy);
    put(one, "{\"name\":\"h\"}", Map.of()).mustBe(200);
    key().post(one + "/disable", "").mustBe(200);
    key().post(one + "/disable", "").mustBe(200);
    key().delete(one + "/bind/" + policy.path("binding_id").asString()).mustBe(200);
    key().delete(one).mustBe(200);
    List<JsonNode> rows =
        key().get(NS + "/audit?limit=5").mustBe(200).json().path("data").valueStream().toList();
    assertThat(rows.stream().map(row -> row.path("action").asString()))
        .containsExactly(
            "policy.delete", "policy.unbind", "policy.disable", "policy.update", "policy.create");
    JsonNode update = rows.get(3);
    assertThat(update.at("/before/name").asString()).isEqualTo("g");
    assertThat(update.at("/after/name").asString()).isEqualTo("h");
    assertThat(update.at("/after/revision").asInt()).isEqualTo(2);
    assertThat(update.at("/actor/id").asString()).isEqualTo(WORLD.key().id());
    assertThat(update.at("/target/id").asString()).isEqualTo(id(policy));
    assertThat(rows.getLast().path("seq").asLong()).isEqualTo(before + 1);
    assertThat(rows.get(2).path("prev_hash")).isEqualTo(rows.get(3).path("hash"));
    JsonNode verdict = key().get(NS + "/audit/verify").mustBe(200).json();
    assertThat(verdict.path("ok").asBoolean()).isTrue();
    assertThat(verdict.at("/head/seq").asLong()).isEqualTo(before + 5);
    assertThat(verdict.at("/head/hash")).isEqualTo(rows.getFirst().path("hash"));
    JsonNode page = key().get(NS + "/audit?limit=2").mustBe(200).json();
    JsonNode next =
        key()
            .get(NS + "/audit?limit=2&cursor=" + page.path("next_cursor").asString())
            .mustBe(200)
            .json();
    assertThat(next.at("/data/0/seq").asLong()).isEqualTo(before + 3);
  }

  private static ControlClient key() {
    return WORLD.client();
  }

  private static ControlClient operator() {
    return WORLD.node().operator();
  }

  private static String locked() {
    return "/v1/node/namespaces/" + WORLD.key().namespaceId() + "/policies";
  }

  private static JsonNode make(String body) {
    return key().post(POLICIES, body).mustBe(200).json();
  }

  private static Reply put(String path, String body, Map<String, String> headers) {
    return key().send("PUT", path, body, headers);
  }

  private static JsonNode effective(String type, String id) {
    return key()
        .get(POLICIES + "/effective?principal_type=" + type + "&principal_id=" + id)
        .mustBe(200)
        .json();
  }

  private static long newestAudit() {
    return key().get(NS + "/audit?limit=1").mustBe(200).json().at("/data/0/seq").asLong();
  }

  private static String guardrail(String name, String spec, String more) {
    return "{\"name\":\"" + name + "\",\"kind\":\"guardrail\",\"spec\":" + spec + more + "}";
  }

  private static String budget(String name, String window, long limit, String more) {
    return "{\"name\":\""
        + name
        + "\",\"window\":\""
        + window
        + "\",\"limit_micro_usd\":"
        + limit
        + more
        + "}";
  }

  private static String id(JsonNode made) {
    return made.path("id").asString();
  }

  private static List<String> names(Reply reply) {
    return reply
        .mustBe(200)
        .json()
        .path("data")
        .valueStream()
        .map(one -> one.path("name").asString())
        .toList();
  }

  private static String description(Reply reply) {
    return reply.json().path("error_description").asString();
  }
}

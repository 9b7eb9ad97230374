package io.bitrouter.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.node.NodeWorld;
import io.bitrouter.it.node.RawConnection;
import io.bitrouter.testkit.Reply;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The requests of the original client, byte for byte, over a plain socket. */
final class GoldenRequestsTest {

  private static final String SDK = "bitrouter-cloud-sdk/1.0.0-alpha.27";
  private static final String MY_AGENT =
      """
      {"display_name":"my-agent","scopes":["inference:invoke","keys:read","policy:read","usage:read"]}\
      """;

  @RegisterExtension static final NodeWorld WORLD = NodeWorld.plain();

  static Stream<String> namespaces() {
    return Stream.of("me", "id");
  }

  @Test
  void theNamespacesOfAKeyAreItsOwn() throws Exception {
    JsonNode data = get("/v1/namespaces").path("data");
    assertThat(data).hasSize(1);
    mustHaveTexts(data.get(0), "id", "name", "created_at");
    assertThat(data.get(0).path("name").asString()).isEqualTo("default");
    assertThat(data.get(0).path("id").asString()).matches("ns_[0-9a-hjkmnp-tv-z]{26}");
  }

  @ParameterizedTest
  @MethodSource("namespaces")
  void keysAreListedMintedAndRevoked(String form) throws Exception {
    String keys = "/v1/namespaces/" + nsid(form) + "/keys";
    JsonNode minted = post(keys, MY_AGENT);
    mustHaveTexts(minted, "token", "id", "key_prefix", "display_name");
    assertThat(minted.path("token").asString())
        .matches("brk_[0-9A-Za-z]{16}\\.[0-9A-Za-z]{38}")
        .startsWith(minted.path("key_prefix").asString() + ".");
    assertThat(texts(minted.path("scopes")))
        .containsExactlyInAnyOrder("inference:invoke", "keys:read", "policy:read", "usage:read");
    String id = minted.path("id").asString();
    JsonNode listed = find(get(keys).path("data"), id);
    mustHaveTexts(listed, "id", "display_name", "key_prefix", "created_at", "parent_id", "root_id");
    assertThat(listed.path("parent_id").asString()).isEqualTo(WORLD.key().id());
    assertThat(listed.path("root_id").asString()).isEqualTo(WORLD.key().id());
    assertThat(get(keys + "/" + id)).isEqualTo(listed);
    JsonNode revoked = golden("DELETE " + keys + "/" + id, "");
    assertThat(revoked.path("revoked").asBoolean()).isTrue();
    assertThat(revoked.path("revoked_descendants").asInt(-1)).isZero();
    mustHaveTexts(find(get(keys).path("data"), id), "revoked_at");
  }

  @ParameterizedTest
  @MethodSource("namespaces")
  void aMintWithoutKnownScopesIsRefused(String form) throws Exception {
    String keys = "POST /v1/namespaces/" + nsid(form) + "/keys";
    for (String body :
        List.of(
            "{\"display_name\":\"x\",\"scopes\":[\"a\",\"b\",\"c\"],"
                + "\"expires_at\":\"2026-12-31T00:00:00Z\"}",
            "{\"display_name\":\"noscope\",\"scopes\":[]}")) {
      Reply reply = send(keys, body).mustBe(400);
      mustBeAnError(reply, "bad_request");
    }
  }

  @ParameterizedTest
  @MethodSource("namespaces")
  void usageIsSummedOverARange(String form) throws Exception {
    String usage = "/v1/namespaces/" + nsid(form) + "/usage";
    JsonNode all = get(usage);
    mustHaveTexts(all, "from", "to");
    for (String sum :
        List.of(
            "spend_micro_usd",
            "prompt_tokens",
            "completion_tokens",
            "request_count",
            "denied_count")) {
      assertThat(all.path(sum).isIntegralNumber()).as(sum).isTrue();
    }
    JsonNode range = get(usage + "?from=2026-05-01T00%3A00%3A00Z&to=2026-06-01T00%3A00%3A00.500Z");
    assertThat(range.path("from").asString()).isEqualTo("2026-05-01T00:00:00Z");
    assertThat(range.path("to").asString()).isEqualTo("2026-06-01T00:00:00.500Z");
    assertThat(range.path("request_count").asInt(-1)).isZero();
  }

  @ParameterizedTest
  @MethodSource("namespaces")
  void requestsArePaged(String form) throws Exception {
    String requests = "/v1/namespaces/" + nsid(form) + "/requests";
    for (int i = 0; i < 3; i++) {
      WORLD
          .client()
          .post("/v1/chat/completions", "{\"model\":\"fake-chat\",\"messages\":[]}")
          .mustBe(200);
    }
    JsonNode page = get(requests + "?limit=25");
    assertThat(page.path("limit").asInt()).isEqualTo(25);
    assertThat(page.path("offset").asInt(-1)).isZero();
    JsonNode first = page.path("data").get(0);
    mustHaveTexts(
        first,
        "id",
        "request_id",
        "status",
        "model_id",
        "provider_id",
        "created_at",
        "completed_at");
    for (String member : List.of("prompt_tokens", "completion_tokens", "final_charge_micro_usd")) {
      assertThat(first.path(member).isIntegralNumber()).as(member).isTrue();
    }
    assertThat(get(requests).path("limit").asInt()).isEqualTo(25);
    JsonNode second = get(requests + "?limit=1&offset=1");
    assertThat(second.path("data")).hasSize(1);
    assertThat(second.path("data").get(0)).isEqualTo(page.path("data").get(1));
    assertThat(get(requests + "?limit=5&offset=10000").path("data")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0,1",
    "1,1",
    "100,100",
    "101,100",
    "4294967296,100",
    "18446744073709551615,100",
    "007,7"
  })
  void aLimitIsBroughtIntoItsBounds(String asked, int used) throws Exception {
    JsonNode page = get("/v1/namespaces/me/requests?limit=" + asked);
    assertThat(page.path("limit").asInt()).isEqualTo(used);
    assertThat(get("/v1/namespaces/me/requests?limit=1&offset=" + asked).path("data").isArray())
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"limit=-1", "limit=ten", "limit=", "limit=1.5", "offset=-1", "offset=x"})
  void whatIsNoNumberIsRefused(String query) throws Exception {
    mustBeAnError(send("GET /v1/namespaces/me/requests?" + query, "").mustBe(400), "bad_request");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "from=yesterday",
        "from=2026-05-01",
        "from=2026-06-01T00%3A00%3A00Z&to=2026-05-01T00%3A00%3A00Z",
        "from=2026-05-01T00%3A00%3A00Z&to=2026-05-01T00%3A00%3A00Z",
        "to=2026-05-01T25%3A00%3A00Z"
      })
  void whatIsNoRangeIsRefused(String query) throws Exception {
    mustBeAnError(send("GET /v1/namespaces/me/usage?" + query, "").mustBe(400), "bad_request");
  }

  @Test
  void unknownParametersAndMembersAreTolerated() throws Exception {
    for (String path :
        List.of(
            "/v1/namespaces?kind=x",
            "/v1/namespaces/me/keys?zz=1&zz=2&%7A",
            "/v1/namespaces/me/usage?group_by=model&cursor=",
            "/v1/namespaces/me/requests?limit=2&colour=abc",
            "/v1/credential?verbose")) {
      get(path);
    }
    JsonNode minted =
        post(
            "/v1/namespaces/me/keys?idempotent=1",
            """
            {"display_name":"tolerant","zz":{"deep":[1.5]},"scopes":["usage:read"],\
            "expires_at":null}\
            """);
    assertThat(minted.has("expires_at")).isFalse();
  }

  @Test
  void whatIsIgnoredIsNamed() throws Exception {
    for (String path : List.of("usage?from=2026-05-01T00%3A00%3A00Z", "requests?limit=2", "keys")) {
      assertThat(warnings("GET /v1/namespaces/me/" + path, "", 200)).isEmpty();
    }
    assertThat(
            warnings("GET /v1/namespaces/me/requests?limit=2&colour=abc&colour&limit=3", "", 200))
        .hasValue("ignored_query:colour");
    assertThat(warnings("GET /v1/namespaces/me/keys?from=1&a%0D%0Ab%2C%C3%A4=1", "", 200))
        .hasValue("ignored_query:from, ignored_query:a??b??");
    assertThat(warnings("GET /v1/models?limit=1000", "", 200)).hasValue("ignored_query:limit");
    assertThat(
            warnings(
                "POST /v1/namespaces/me/keys?dryrun=true",
                "{\"display_name\":\"a\",\"scope\":\"usage:read\",\"scopes\":[]}",
                400))
        .hasValue("ignored_query:dryrun, ignored_member:scope");
    assertThat(warnings("GET /v1/namespaces/me/keys?" + WORLD.key().token(), "", 200))
        .hasValue("ignored_query:[redacted]");
  }

  @Test
  void manyAndLongNamesAreCut() throws Exception {
    StringBuilder query = new StringBuilder("GET /v1/credential?" + "n".repeat(5_000));
    for (int i = 0; i < 500; i++) {
      query.append("&p").append(i);
    }
    String named = warnings(query.toString(), "", 200).orElseThrow();
    assertThat(named.split(", "))
        .hasSize(17)
        .startsWith("ignored_query:" + "n".repeat(64), "ignored_query:p0")
        .endsWith("more_ignored");
  }

  @Test
  void whoMayNotAskHearsNothingOfWhatWasIgnored() throws Exception {
    Reply stranger = raw("GET /v1/namespaces/me/keys?zz=1", "", "X: y").mustBe(401);
    assertThat(stranger.header("x-bitrouter-warnings")).isEmpty();
  }

  private static Optional<String> warnings(String request, String body, int status)
      throws IOException {
    return send(request, body).mustBe(status).header("x-bitrouter-warnings");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /v1/namespaces/me/policies/pol_1/disable",
        "POST /v1/namespaces/me/keys",
        "DELETE /v1/namespaces/me/keys/none",
        "GET /v1/namespaces/me/routing-presets",
        "GET /v1/billing/transactions",
        "GET /v1/byok/keys",
        "POST /v1/billing/checkout/sessions",
        "PUT /v1/namespaces/me/budgets/x",
        "POST /v1/namespaces",
        "GET /nothing",
        "GET /v1",
        "GET /v1/",
        "GET //v1/namespaces",
        "GET /v1/namespaces/",
        "GET /v1/namespaces/me/../me/keys",
        "DELETE /v1/credential",
        "HEAD /v1/credential"
      })
  void everyErrorHasAFlatBody(String request) throws Exception {
    Reply reply = send(request, "");
    assertThat(reply.status()).isIn(400, 404, 405);
    if (!request.startsWith("HEAD")) {
      mustBeAnError(reply, reply.status() == 404 ? "not_found" : "bad_request");
    }
    if (reply.status() == 405) {
      assertThat(reply.header("allow")).isPresent();
    }
  }

  @Test
  void aCredentialTellsWhatItIs() throws Exception {
    JsonNode own = get("/v1/credential");
    assertThat(own.path("kind").asString()).isEqualTo("api_key");
    assertThat(own.path("id").asString()).isEqualTo(WORLD.key().id());
    assertThat(own.path("namespace_id").asString()).isEqualTo(WORLD.key().namespaceId());
    assertThat(own.path("namespace_name").asString()).isEqualTo("default");
    assertThat(texts(own.path("scopes"))).contains("inference:invoke").hasSize(16);
    assertThat(own.toString()).doesNotContain(WORLD.key().token().substring(4));
    JsonNode operator =
        raw("GET /v1/credential", "", "Authorization: Bearer " + WORLD.node().operatorToken())
            .mustBe(200)
            .json();
    assertThat(operator.path("kind").asString()).isEqualTo("operator");
    assertThat(operator.has("namespace_id")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization: Bearer %s",
        "authorization: bearer %s",
        "AUTHORIZATION: BEARER %s",
        "X-Api-Key: %s",
        "Authorization: Bearer  %s "
      })
  void theKeyIsTakenFromEitherHeader(String line) throws Exception {
    raw("GET /v1/credential", "", line.formatted(WORLD.key().token())).mustBe(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X: y",
        "Authorization: Basic %s",
        "Authorization: %s",
        "Authorization: Bearer",
        "Authorization: Bearer brk_none",
        "X-Api-Key: brk_",
        "X-Api-Key: sk-vendor",
        "Authorization: Bearer %sx",
        "Cookie: key=%s"
      })
  void allThatIsNoKeyGetsTheSameAnswer(String line) throws Exception {
    Reply reply = raw("GET /v1/credential", "", line.formatted(WORLD.key().token())).mustBe(401);
    mustBeAnError(reply, "unauthorized");
    assertThat(reply.json().path("error_description").asString())
        .isEqualTo("no valid BitRouter key in the request");
    assertThat(reply.header("www-authenticate")).hasValue("Bearer realm=\"bitrouter\"");
  }

  private static String nsid(String form) {
    return form.equals("me") ? "me" : WORLD.key().namespaceId();
  }

  private static JsonNode get(String path) throws IOException {
    return golden("GET " + path, "");
  }

  private static JsonNode post(String path, String body) throws IOException {
    return golden("POST " + path, body);
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
            : "content-type: application/json\r\ncontent-length: " + body.length() + "\r\n";
    try (RawConnection client = RawConnection.to(WORLD.node().endpoint())) {
      client.send(
          request
              + " HTTP/1.1\r\n"
              + credential
              + "\r\naccept: */*\r\nuser-agent: "
              + SDK
              + "\r\nhost: 127.0.0.1:"
              + WORLD.node().endpoint().getPort()
              + "\r\n"
              + content
              + "\r\n"
              + body);
      Reply reply = request.startsWith("HEAD") ? client.replyWithoutBody() : client.reply();
      assertThat(reply.header("x-request-id").orElseThrow()).startsWith("req_");
      assertThat(reply.header("content-encoding")).isEmpty();
      return reply;
    }
  }

  private static void mustBeAnError(Reply reply, String word) {
    assertThat(reply.header("content-type")).hasValue("application/json");
    JsonNode json = reply.json();
    mustHaveTexts(json, "error", "error_description", "request_id");
    assertThat(json.path("error").asString()).isEqualTo(word);
    assertThat(json.path("request_id").asString())
        .isEqualTo(reply.header("x-request-id").orElseThrow());
  }

  private static void mustHaveTexts(JsonNode json, String... members) {
    for (String member : members) {
      assertThat(json.path(member).asString("")).as("%s of %s", member, json).isNotEmpty();
    }
  }

  private static void mustHoldIntegersOnly(JsonNode json) {
    assertThat(json.isFloatingPointNumber()).as("%s", json).isFalse();
    for (JsonNode part : json) {
      mustHoldIntegersOnly(part);
    }
  }

  private static List<String> texts(JsonNode array) {
    return array.valueStream().map(JsonNode::asString).toList();
  }

  private static JsonNode find(JsonNode data, String id) {
    return data.valueStream()
        .filter(one -> one.path("id").asString().equals(id))
        .findFirst()
        .orElseThrow();
  }
}

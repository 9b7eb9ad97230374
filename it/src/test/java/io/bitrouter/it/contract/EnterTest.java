package io.bitrouter.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.node.NodeWorld;
import io.bitrouter.testkit.ControlClient;
import io.bitrouter.testkit.Reply;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** How operators get into a namespace, for how long, and that its log shows it. */
final class EnterTest {

  @RegisterExtension static final NodeWorld WORLD = NodeWorld.plain();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"reason\":\"r\",\"scopes\":[\"usage:read\"],\"ttl_secs\":0}",
        "{\"reason\":\"r\",\"scopes\":[\"usage:read\"],\"ttl_secs\":-1}",
        "{\"reason\":\"r\",\"scopes\":[\"usage:read\"],\"ttl_secs\":3601}",
        "{\"reason\":\"r\",\"scopes\":[\"usage:read\"],\"ttl_secs\":60.0}",
        "{\"reason\":\"r\",\"scopes\":[\"usage:read\"],\"ttl_secs\":\"60\"}",
        "{\"reason\":\"r\",\"scopes\":[\"usage:read\"],\"ttl_secs\":9223372036854775808}",
        "{\"reason\":\"r\",\"scopes\":[\"usage:read\"]}",
        "{\"reason\":\"\",\"scopes\":[\"usage:read\"],\"ttl_secs\":60}",
        "{\"reason\":\"  \",\"scopes\":[\"usage:read\"],\"ttl_secs\":60}",
        "{\"scopes\":[\"usage:read\"],\"ttl_secs\":60}",
        "{\"reason\":\"r\",\"scopes\":[],\"ttl_secs\":60}",
        "{\"reason\":\"r\",\"scopes\":[\"node:namespace:read\"],\"ttl_secs\":60}",
        "{\"reason\":\"a\\nb\",\"scopes\":[\"usage:read\"],\"ttl_secs\":60}"
      })
  void anEntryNeedsAReasonScopesAndAnEnd(String body) {
    Reply reply = enter(WORLD.key().namespaceId(), body).mustBe(400);
    assertThat(reply.json().path("error").asString()).isEqualTo("bad_request");
  }

  @Test
  void aReasonIsBounded() {
    String body = "{\"reason\":\"%s\",\"scopes\":[\"usage:read\"],\"ttl_secs\":60}";
    enter(WORLD.key().namespaceId(), body.formatted("r".repeat(101))).mustBe(400);
    enter(WORLD.key().namespaceId(), body.formatted("r".repeat(100))).mustBe(200);
  }

  @Test
  void noEntryGivesWhatNoKeyMayHold() {
    Reply reply =
        enter(
                WORLD.key().namespaceId(),
                "{\"reason\":\"r\",\"scopes\":[\"namespace:write\"],\"ttl_secs\":60}")
            .mustBe(403);
    assertThat(reply.json().path("error_description").asString())
        .isEqualTo("missing required scope: namespace:write");
  }

  @Test
  void anUnknownNamespaceCannotBeEntered() {
    for (String id : List.of("ns_00000000000000000000000000", "me", "default", "x")) {
      enter(id, "{\"reason\":\"r\",\"scopes\":[\"usage:read\"],\"ttl_secs\":60}").mustBe(404);
    }
  }

  @Test
  void anEntryEndsAndSoDoesWhatItMints() {
    Instant before = Instant.now();
    JsonNode minted =
        enter(
                WORLD.key().namespaceId(),
                """
                {"reason":"look at a fault","ttl_secs":3600,\
                "scopes":["inference:invoke","keys:write","usage:read"]}\
                """)
            .mustBe(200)
            .json();
    Instant end = Instant.parse(minted.path("expires_at").asString());
    assertThat(end)
        .isBetween(
            before.plus(Duration.ofHours(1)).minusMillis(2),
            Instant.now().plus(Duration.ofHours(1)));
    ControlClient entered = WORLD.node().with(minted.path("token").asString());
    entered.post("/v1/chat/completions", "{\"model\":\"fake-chat\",\"messages\":[]}").mustBe(200);
    JsonNode child =
        entered
            .post(
                "/v1/namespaces/me/keys",
                "{\"display_name\":\"child\",\"scopes\":[\"usage:read\"]}")
            .mustBe(200)
            .json();
    assertThat(child.path("expires_at")).isEqualTo(minted.path("expires_at"));
    entered
        .post(
            "/v1/namespaces/me/keys",
            "{\"display_name\":\"child\",\"scopes\":[\"usage:read\"],\"expires_at\":\""
                + end.plusSeconds(1)
                + "\"}")
        .mustBe(400);
    WORLD.ledger().only().ended("succeeded", 200).used("reported", 11, 3).charged("computed");
  }

  @Test
  void theLogOfTheNamespaceShowsIt() throws Exception {
    String body = "{\"reason\":\"why \\\"this\\\"\",\"scopes\":[\"usage:read\"],\"ttl_secs\":60}";
    Reply reply = enter(WORLD.key().namespaceId(), body).mustBe(200);
    String id = reply.json().path("id").asString();
    assertThat(audit(WORLD.key().namespaceId(), id))
        .singleElement()
        .asString()
        .startsWith("operator namespace.enter " + reply.header("x-request-id").orElseThrow())
        .contains("why");
    assertThat(audit(WORLD.neighbour().namespaceId(), id)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/v1/namespaces/me/keys",
    "POST,/v1/namespaces/me/keys",
    "DELETE,/v1/namespaces/me/keys/x",
    "GET,/v1/namespaces/me/usage",
    "GET,/v1/namespaces/me/requests",
    "GET,/v1/namespaces/%s/requests",
    "GET,/v1/models",
    "GET,/v1/models/x",
    "POST,/v1/chat/completions",
    "POST,/v1/messages"
  })
  void anOperatorMustEnterFirst(String method, String path) {
    Reply reply =
        WORLD
            .node()
            .operator()
            .send(method, path.formatted(WORLD.key().namespaceId()), "", Map.of())
            .mustBe(403);
    assertThat(reply.text()).contains("an operator credential must enter a namespace first");
    WORLD.ledger().rows(0);
  }

  private static Reply enter(String namespace, String body) {
    return WORLD.node().operator().post("/v1/node/namespaces/" + namespace + "/enter", body);
  }

  private static List<String> audit(String namespace, String target) throws Exception {
    List<String> found = new ArrayList<>();
    try (Connection store =
            DriverManager.getConnection(
                "jdbc:sqlite:" + WORLD.node().home().resolve("bitrouter.db"));
        PreparedStatement query =
            store.prepareStatement(
                "SELECT actor_kind || ' ' || action || ' ' || request_id || ' ' || state_after"
                    + " FROM audit WHERE namespace_id = ? AND target_id = ?")) {
      query.setString(1, namespace);
      query.setString(2, target);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          found.add(rows.getString(1));
        }
      }
    }
    return found;
  }
}

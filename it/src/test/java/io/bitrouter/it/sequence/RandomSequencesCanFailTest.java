package io.bitrouter.it.sequence;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitrouter.it.node.NodeWorld;
import io.bitrouter.testkit.Reply;
import io.bitrouter.testkit.SeededLoop;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Nodes with one hole each, and the report of exactly that hole. */
final class RandomSequencesCanFailTest {

  private static final String KEYS = "/v1/namespaces/me/keys";
  private static final String CHAT = "/v1/chat/completions";

  @RegisterExtension static final NodeWorld WORLD = NodeWorld.plain();

  @Test
  void aNodeThatForgetsTheRulesOfAncestorsIsFound() {
    Map<String, String> subKeys = new HashMap<>();
    assertFound(
        (token, method, path, body) -> {
          Reply reply = node().send(token, method, path, body);
          if (path.equals(KEYS) && method.equals("POST") && reply.status() == 200) {
            JsonNode minted = reply.json();
            subKeys.put(minted.path("token").asString(), minted.path("id").asString());
          }
          boolean passed = path.equals(CHAT) && isAncestors(token, subKeys, reply);
          return passed ? ok("{}") : reply;
        },
        "POST /v1/chat/completions: expected 40[23] (model_not_allowed|budget_exceeded), got 200");
  }

  /**
   * Whether a request of a sub-key was refused by a policy that is bound to keys above it alone.
   */
  private static boolean isAncestors(String token, Map<String, String> subKeys, Reply reply) {
    String policy = reply.header("x-bitrouter-policy").orElse("");
    if (policy.isEmpty() || !subKeys.containsKey(token)) {
      return false;
    }
    Reply bindings =
        node().send(token, "GET", "/v1/namespaces/me/policies/" + policy + "/bindings", "");
    return bindings.status() == 200
        && !bindings.text().contains("\"namespace\"")
        && !bindings.text().contains(subKeys.get(token));
  }

  @Test
  void aNodeThatDoesNotRevokeIsFound() {
    assertFound(
        (token, method, path, body) ->
            node()
                .send(
                    token,
                    method,
                    path.replace("cascade=false", "cascade=false&dry_run=true"),
                    body),
        "(expected 401 key_revoked, got|keys of ns_)");
  }

  @Test
  void aNodeThatTakesAnotherNamespaceForOnesOwnIsFound() {
    assertFound(
        (token, method, path, body) ->
            node()
                .send(
                    token,
                    method,
                    path.replaceFirst("/v1/namespaces/ns_[^/]+", "/v1/namespaces/me"),
                    body),
        "GET /v1/namespaces/ns_[0-9a-z]+/policies: expected 404 not_found, got (200|403)");
  }

  @Test
  void aNodeThatLosesARowIsFound() {
    assertFound(
        (token, method, path, body) -> {
          Reply reply = node().send(token, method, path, body);
          return path.contains("/requests?") && reply.status() == 200 ? oneFewer(reply) : reply;
        },
        "rows of ns_");
  }

  @Test
  void aNodeWhoseBudgetCountsOtherwiseIsFound() {
    assertFound(
        (token, method, path, body) -> {
          Reply reply = node().send(token, method, path, body);
          return path.endsWith("/status")
              ? ok(reply.text().replaceAll("(settled_micro_usd\":)(\\d+)", "$11$2"))
              : reply;
        },
        "standing of pol_");
  }

  private static Reply oneFewer(Reply reply) {
    if (reply.json() instanceof ObjectNode page && page.path("data") instanceof ArrayNode rows) {
      if (!rows.isEmpty()) {
        rows.remove(0);
      }
      return ok(page.toString());
    }
    return reply;
  }

  private static Front node() {
    return Front.of(WORLD.node());
  }

  private static Reply ok(String json) {
    return new Reply(200, Map.of(), json.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertFound(Front hole, String report) {
    assertThatThrownBy(() ->
            SeededLoop.of("random sequences, with a hole")
                .seeds(5)
                .run(walk -> new RandomSequence(hole, walk, new HashSet<>()).run(120)))
        .isInstanceOf(AssertionError.class)
        .cause()
        .hasMessageFindingMatch(report);
  }
}

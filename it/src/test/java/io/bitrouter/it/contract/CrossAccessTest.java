package io.bitrouter.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.node.RunningNode;
import io.bitrouter.testkit.ControlClient;
import io.bitrouter.testkit.Sightings;
import io.bitrouter.testkit.TestKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What is left of attempts on other namespaces, and of the node's rules, when a node stops. */
final class CrossAccessTest {

  private static final String NS = "/v1/namespaces/me";

  @TempDir Path folder;

  @Test
  void attemptsAreInTheLogOfTheOneWhoMadeThem() throws Exception {
    Path home = Files.createDirectory(folder.resolve("home"));
    TestKey mine;
    TestKey theirs;
    String policy;
    String signed;
    try (RunningNode node = RunningNode.start(home, "", new Sightings())) {
      mine =
          node.mint(
              node.defaultNamespace(),
              "mine",
              List.of("keys:read", "namespace:read", "policy:read", "policy:write"));
      theirs = node.mint(node.createNamespace("other"), "theirs", List.of("namespace:read"));
      for (int i = 0; i < 5; i++) {
        node.with(mine.token()).get("/v1/namespaces/" + theirs.namespaceId() + "/keys").mustBe(404);
      }
      node.with(mine.token()).get("/v1/namespaces/me/keys").mustBe(200);
      policy = denyX(node.with(mine.token()));
      signed =
          node.with(mine.token())
              .get(NS + "/audit/verify")
              .mustBe(200)
              .json()
              .at("/head/key")
              .asString();
    }
    assertThat(Files.getPosixFilePermissions(home.resolve("secrets/audit.ed25519"))).hasSize(2);
    assertLeft(home, mine, theirs, policy, signed);
  }

  private static void assertLeft(
      Path home, TestKey mine, TestKey theirs, String policy, String signed) throws Exception {
    try (RunningNode node = RunningNode.start(home, new Sightings())) {
      JsonNode log = node.with(mine.token()).get(NS + "/audit?limit=100").mustBe(200).json();
      List<JsonNode> rows =
          log.path("data")
              .valueStream()
              .filter(row -> row.path("action").asString().equals("namespace.cross_access"))
              .toList();
      assertThat(rows.stream().mapToLong(row -> row.at("/after/attempts").asLong()).sum())
          .isEqualTo(5);
      assertThat(rows)
          .allMatch(row -> row.at("/actor/id").asString().equals(mine.id()))
          .allMatch(row -> row.at("/target/id").asString().equals(theirs.namespaceId()));
      JsonNode other = node.with(theirs.token()).get(NS + "/audit?limit=100").mustBe(200).json();
      assertThat(other.toString()).doesNotContain("cross_access").doesNotContain(mine.id());

      JsonNode verdict = node.with(mine.token()).get(NS + "/audit/verify").mustBe(200).json();
      assertThat(verdict.path("ok").asBoolean()).isTrue();
      assertThat(verdict.at("/head/key").asString()).isEqualTo(signed);
      String id = policy.replaceAll(".*(pol_[0-9a-z]{26}).*", "$1");
      assertThat(
              node.with(mine.token())
                  .get(NS + "/policies/effective?principal_type=api_key&principal_id=" + mine.id())
                  .mustBe(200)
                  .json()
                  .at("/guardrail_sources/0/policy_id")
                  .asString())
          .isEqualTo(id);
    }
  }

  private static String denyX(ControlClient client) {
    return client
        .post(
            NS + "/policies",
            "{\"name\":\"kept\",\"kind\":\"guardrail\",\"spec\":{\"model_deny\":[\"x\"]},"
                + "\"bind\":{\"principal_type\":\"namespace\",\"principal_id\":\"me\"}}")
        .mustBe(200)
        .text();
  }
}

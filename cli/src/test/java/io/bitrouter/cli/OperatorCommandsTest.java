package io.bitrouter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator does: other operators' credentials, entering and stopping namespaces. */
class OperatorCommandsTest {
  @TempDir Path folder;
  private final FakeNode node = new FakeNode();

  @BeforeEach
  void namespaces() {
    node.on(
        "GET /v1/node/namespaces",
        """
        {"data":[{"id":"ns_1","name":"default","created_at":"2026-04-01T00:00:00Z"},
         {"id":"ns_2","name":"prod","created_at":"2026-04-02T00:00:00Z"}]}\
        """);
  }

  @AfterEach
  void close() {
    node.close();
  }

  private Person.Result run(String... words) {
    return new Person(folder).with(node).env("BITROUTER_OPERATOR_TOKEN", "bro_x.y").run(words);
  }

  private String sent() {
    return node.seen().getLast().body();
  }

  @Test
  void issueResolvesNamesAndShowsTheTokenOnce() {
    node.on(
        "POST /v1/node/credentials",
        """
        {"token":"bro_n.secret","id":"opr_1","name":"finance","scopes":["node:usage:read"],
         "namespaces":["ns_2","ns_1"],"expires_at":"2026-07-30T12:00:00Z"}\
        """);

    Person.Result result =
        run(
            "operator",
            "issue",
            "--name",
            "finance",
            "--scope",
            "node:usage:read node:usage:read",
            "--namespaces",
            "prod,ns_1",
            "--expires",
            "90d");

    assertThat(result.out())
        .isEqualTo(
            """
            id:          opr_1
            name:        finance
            scopes:      node:usage:read
            namespaces:  ns_2 ns_1
            expires:     2026-07-30T12:00:00Z
            token:       bro_n.secret
            """);
    assertThat(result.err()).endsWith("save the token now: it is not shown again\n");
    assertThat(sent())
        .isEqualTo(
            "{\"name\":\"finance\",\"scopes\":[\"node:usage:read\"],\"namespaces\":[\"ns_2\","
                + "\"ns_1\"],\"expires_at\":\"2026-07-30T12:00:00Z\"}");
    assertThat(node.seen().getLast().authorization()).isEqualTo("Bearer bro_x.y");
  }

  @Test
  void listAndRevoke() {
    node.on(
        "GET /v1/node/credentials",
        """
        {"data":[{"id":"opr_1","name":"root","key_prefix":"bro_a","scopes":["node:usage:read"],
          "created_at":"2026-04-01T00:00:00Z"},
         {"id":"opr_2","name":"finance","key_prefix":"bro_b","scopes":["node:usage:read"],
          "namespaces":["ns_2"],"created_at":"2026-04-01T00:00:00Z",
          "revoked_at":"2026-04-02T00:00:00Z"}]}\
        """);
    node.on("DELETE /v1/node/credentials/opr_2", "{\"revoked\":true,\"revoked_descendants\":1}");

    assertThat(run("operator", "list").out())
        .isEqualTo(
            """
            ID     NAME     PREFIX  STATE    NAMESPACES  SCOPES
            opr_1  root     bro_a   live     all         node:usage:read
            opr_2  finance  bro_b   revoked  ns_2        node:usage:read
            """);
    assertThat(run("operator", "revoke", "opr_2").out())
        .isEqualTo("revoked: true\nrevoked descendants: 1\n");
  }

  @Test
  void enterSaysWhy() {
    node.on(
        "POST /v1/node/namespaces/ns_2/enter",
        """
        {"token":"brk_n.secret","id":"key_9","key_prefix":"brk_n","display_name":"operator: x",
         "scopes":["usage:read"],"expires_at":"2026-05-01T12:15:00Z"}\
        """);

    Person.Result result =
        run("operator", "enter", "prod", "--reason", "ticket 4711", "--ttl", "15m");

    assertThat(result.out()).contains("token:    brk_n.secret\n");
    assertThat(sent())
        .isEqualTo(
            "{\"reason\":\"ticket 4711\",\"scopes\":[\"namespace:read\",\"keys:read\","
                + "\"policy:read\",\"usage:read\"],\"ttl_secs\":900}");
    run("operator", "enter", "ns_2", "--reason", "x", "--scope", "usage:read");
    assertThat(sent())
        .isEqualTo("{\"reason\":\"x\",\"scopes\":[\"usage:read\"],\"ttl_secs\":3600}");
    assertThat(run("operator", "enter", "prod").exit()).isEqualTo(2);
    assertThat(run("operator", "enter", "nowhere", "--reason", "x").exit()).isEqualTo(6);
  }

  @Test
  void suspendAndResume() {
    node.on("POST /v1/node/namespaces/ns_2/suspend", "{\"suspended\":true}");
    node.on("POST /v1/node/namespaces/ns_2/resume?dry_run=true", "{\"suspended\":false}");

    assertThat(run("cloud", "namespace", "suspend", "prod").out()).isEqualTo("suspended: true\n");
    Person.Result dry = run("cloud", "namespace", "resume", "--dry-run", "prod");
    assertThat(dry.out()).isEqualTo("suspended: false\n");
    assertThat(dry.err()).endsWith("dry run: nothing was changed\n");
  }

  @Test
  void aDryRunTouchesNoFile() {
    node.on(
        "PATCH /v1/node/namespaces/ns_2?dry_run=true",
        "{\"id\":\"ns_2\",\"name\":\"live\",\"created_at\":\"2026-04-02T00:00:00Z\"}");
    node.on(
        "DELETE /v1/node/namespaces/ns_2?dry_run=true", "{\"deleted\":true,\"revoked_keys\":4}");

    assertThat(run("cloud", "namespace", "rename", "prod", "live", "-n").out())
        .isEqualTo("ns_2  live\n");
    assertThat(run("cloud", "namespace", "delete", "prod", "--dry-run").out())
        .isEqualTo("deleted: true\nrevoked keys: 4\n");
  }
}

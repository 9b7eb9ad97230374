package io.bitrouter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each command prints as text, and that JSON is the server's own bytes. */
class TablesTest {
  private static final String KEYS =
      """
      {"data":[
        {"id":"key_1","display_name":"host cli","key_prefix":"brk_a","scopes":["keys:read"],
         "root_id":"key_1","created_at":"2026-04-01T00:00:00Z"},
        {"id":"key_2","display_name":"agent","key_prefix":"brk_b","scopes":["keys:read","x:y"],
         "parent_id":"key_1","root_id":"key_1","created_at":"2026-04-02T00:00:00Z",
         "last_used_at":"2026-04-30T10:11:00Z","expires_at":"2026-06-01T00:00:00Z"},
        {"id":"key_3","display_name":"old","key_prefix":"brk_c","scopes":["keys:read"],
         "parent_id":"key_2","root_id":"key_1","created_at":"2026-04-03T00:00:00Z",
         "revoked_at":"2026-04-04T00:00:00Z"},
        {"id":"key_4","display_name":"late","key_prefix":"brk_d","scopes":["keys:read"],
         "parent_id":"key_1","root_id":"key_1","created_at":"2026-04-04T00:00:00Z",
         "expires_at":"2026-04-30T00:00:00Z"}]}
      """;

  private static final String WHO =
      """
      {"kind":"api_key","id":"key_9","name":"agent","namespace_id":"ns_1",
       "namespace_name":"default","scopes":["keys:read","usage:read"],
       "expires_at":"2026-06-01T00:00:00Z"}\
      """;

  @TempDir Path folder;
  private final FakeNode node = new FakeNode();

  @AfterEach
  void close() {
    node.close();
  }

  private Person agent() {
    return new Person(folder).with(node);
  }

  @Test
  void keysList() {
    node.on("GET /v1/namespaces/me/keys", KEYS);

    assertThat(agent().run("cloud", "keys", "list").out())
        .isEqualTo(
            """
            ID     NAME      PREFIX  STATE                         LAST USED             SCOPES
            key_1  host cli  brk_a   live                          never                 keys:read
            key_2  agent     brk_b   expires 2026-06-01T00:00:00Z  2026-04-30T10:11:00Z  keys:read x:y
            key_3  old       brk_c   revoked                       never                 keys:read
            key_4  late      brk_d   expired                       never                 keys:read
            """);
    assertThat(node.seen().getFirst().authorization()).isEqualTo("Bearer brk_env.secret");
  }

  @Test
  void settings() {
    node.on("GET /v1/namespaces/me/settings", "{\"store_responses\":false}");
    node.on("PUT /v1/namespaces/me/settings", "{\"store_responses\":true}");

    assertThat(agent().run("cloud", "settings").out()).isEqualTo("store responses:  off\n");
    assertThat(agent().run("cloud", "settings", "--store-responses", "on").out())
        .isEqualTo("store responses:  on\n");
    assertThat(node.seen().getLast().body()).isEqualTo("{\"store_responses\":true}");
    assertThat(agent().run("cloud", "settings", "--store-responses", "maybe").exit()).isEqualTo(2);
  }

  @Test
  void keysTree() {
    node.on("GET /v1/namespaces/me/keys", KEYS);

    assertThat(agent().run("cloud", "keys", "tree").out())
        .isEqualTo(
            """
            host cli  key_1  live
              agent   key_2  expires 2026-06-01T00:00:00Z
                old   key_3  revoked
              late    key_4  expired
            """);
  }

  @Test
  void keysShow() {
    node.on(
        "GET /v1/namespaces/me/keys/key_2",
        """
        {"id":"key_2","display_name":"agent","key_prefix":"brk_b","scopes":["keys:read","x:y"],
         "parent_id":"key_1","root_id":"key_1","created_at":"2026-04-02T00:00:00Z"}\
        """);

    assertThat(agent().run("cloud", "keys", "show", "key_2").out())
        .isEqualTo(
            """
            id:         key_2
            name:       agent
            prefix:     brk_b
            scopes:     keys:read x:y
            state:      live
            minted by:  key_1
            root:       key_1
            created:    2026-04-02T00:00:00Z
            last used:  never
            expires:    never
            """);
  }

  @Test
  void keysMint() {
    node.on(
        "POST /v1/namespaces/me/keys",
        """
        {"token":"brk_n.secret","id":"key_7","key_prefix":"brk_n","display_name":"my-agent",
         "scopes":["inference:invoke","keys:read"],"expires_at":"2026-05-31T12:00:00Z"}\
        """);

    Person.Result result =
        agent()
            .run(
                "cloud",
                "keys",
                "mint",
                "--name",
                "my-agent",
                "--expires",
                "30d",
                "--scope",
                "inference:invoke  keys:read",
                "--scope",
                "keys:read");

    assertThat(result.out())
        .isEqualTo(
            """
            id:       key_7
            name:     my-agent
            prefix:   brk_n
            scopes:   inference:invoke keys:read
            expires:  2026-05-31T12:00:00Z
            token:    brk_n.secret
            """);
    assertThat(result.err()).isEqualTo("save the token now: it is not shown again\n");
    assertThat(node.seen().getFirst().body())
        .isEqualTo(
            "{\"display_name\":\"my-agent\",\"scopes\":[\"inference:invoke\",\"keys:read\"],"
                + "\"expires_at\":\"2026-05-31T12:00:00Z\"}");
  }

  @Test
  void keysRevoke() {
    node.on("DELETE /v1/namespaces/me/keys/key_1", "{\"revoked\":true,\"revoked_descendants\":3}");
    node.on(
        "DELETE /v1/namespaces/me/keys/key_1?cascade=false",
        "{\"revoked\":true,\"revoked_descendants\":0}");

    assertThat(agent().run("cloud", "keys", "revoke", "key_1").out())
        .isEqualTo("revoked: true\nrevoked descendants: 3\n");
    assertThat(agent().run("cloud", "keys", "revoke", "--no-cascade", "key_1").out())
        .isEqualTo("revoked: true\nrevoked descendants: 0\n");
  }

  @Test
  void anIdIsOnePathSegment() {
    node.on("DELETE /v1/namespaces/me/keys/a%2Fb%3Fc%20d", 404, "{}");

    assertThat(agent().run("cloud", "keys", "revoke", "a/b?c d").exit()).isEqualTo(6);
  }

  @Test
  void usage() {
    String target =
        "GET /v1/namespaces/me/usage?from=2026-05-01T00%3A00%3A00Z&to=2026-06-01T00%3A00%3A00.500Z";
    node.on(
        target,
        """
        {"from":"2026-05-01T00:00:00Z","to":"2026-06-01T00:00:00.500Z","spend_micro_usd":420000,
         "prompt_tokens":12345,"completion_tokens":678,"request_count":9,"denied_count":2}\
        """);

    assertThat(
            agent()
                .run(
                    "cloud",
                    "usage",
                    "--from",
                    "2026-05-01T02:00:00+02:00",
                    "--to",
                    "2026-06-01T00:00:00.5Z")
                .out())
        .isEqualTo(
            """
            from:               2026-05-01T00:00:00Z
            to:                 2026-06-01T00:00:00.500Z
            spend:              $0.42
            prompt tokens:      12345
            completion tokens:  678
            requests:           9
            denied:             2
            """);
  }

  @Test
  void requests() {
    node.on("GET /v1/namespaces/me/requests?limit=2&offset=4", requestPage());

    Person.Result result = agent().run("cloud", "requests", "--limit", "2", "--offset", "4");

    assertThat(result.out())
        .isEqualTo(
            """
            TIME                  STATUS         MODEL     CHARGE     PROMPT  COMPLETION  MS  REQUEST
            2026-05-01T00:00:01Z  succeeded      sim/echo  $0.000002  3       1           12  req_2
            2026-05-01T00:00:00Z  denied no_key  gpt-x     -          0       0           1   req_1
            """);
    assertThat(result.err()).isEqualTo("limit=2 offset=4\n");
  }

  private static String requestPage() {
    String common =
        """
        "namespace_id":"ns_1","key_id":"key_1","root_key_id":"key_1","protocol":"chat","attempts":1,
        "overhead_us":90,"usage":{"uncached_input":3,"cache_read":0,"cache_write_5m":0,
        "cache_write_1h":0,"output":1,"reasoning":0},"usage_origin":"reported",
        "charge_state":"computed","charge_nano_usd":2000,"repeat_count":1\
        """;
    return """
    {"data":[
      {"id":"req_2","request_id":"req_2","status":"succeeded","model_id":"sim/echo",
       "provider_id":"sim","prompt_tokens":3,"completion_tokens":1,"final_charge_micro_usd":2,
       "created_at":"2026-05-01T00:00:01Z","started_at":"2026-05-01T00:00:01Z",
       "http_status":200,"total_ms":12,%s},
      {"id":"req_1","request_id":"req_1","status":"denied","code":"no_key",
       "requested_model":"gpt-x","prompt_tokens":0,"completion_tokens":0,
       "created_at":"2026-05-01T00:00:00Z","started_at":"2026-05-01T00:00:00Z",
       "http_status":403,"total_ms":1,%s}],"limit":2,"offset":4}\
    """
        .formatted(common, common);
  }

  @Test
  void whoamiAsksTheNodeWhenOnlyTheEnvironmentIsKnown() {
    node.on("GET /v1/credential", WHO);

    String expected =
        """
        key:          agent (key_9)
        namespace:    default (ns_1)
        scopes:       keys:read usage:read
        expires:      2026-06-01T00:00:00Z
        credentials:  BITROUTER_URL and BITROUTER_API_KEY
        base url:     %s
        """
            .formatted(node.url());
    assertThat(agent().run("cloud", "whoami").out()).isEqualTo(expected);
    assertThat(agent().run("cloud", "status").out()).isEqualTo(expected);
    assertThat(agent().run("auth", "whoami").out()).isEqualTo(expected);
    assertThat(agent().run("cloud", "whoami", "--json").out())
        .isEqualTo(
            """
            {"kind":"api_key","id":"key_9","name":"agent","namespace_id":"ns_1",\
            "namespace_name":"default","scopes":["keys:read","usage:read"],\
            "expires_at":"2026-06-01T00:00:00Z","base_url":"%s"}
            """
                .formatted(node.url()));
    assertThat(agent().run("cloud", "namespace", "current").out()).isEqualTo("ns_1  default\n");
  }

  @Test
  void namespaceListOfAnAgentMarksTheBoundOne() {
    node.on("GET /v1/credential", WHO);
    node.on(
        "GET /v1/namespaces",
        "{\"data\":[{\"id\":\"ns_1\",\"name\":\"default\",\"created_at\":\"2026-04-01T00:00:00Z\"}]}");

    Person.Result result = agent().operatorToken().run("cloud", "namespace", "list");

    assertThat(result.out()).isEqualTo("ns_1  default  (active)\n");
    assertThat(result.err()).as("the host's operator is not the agent's").isEmpty();
  }

  @Test
  void nodeUsage() {
    node.on(
        "GET /v1/node/usage?group_by=namespace",
        """
        {"from":"2026-04-01T00:00:00Z","to":"2026-05-01T00:00:00Z","groups":[
         {"namespace_id":"ns_1","name":"default","deleted":false,"spend_micro_usd":1500000,
          "prompt_tokens":10,"completion_tokens":20,"request_count":3,"denied_count":0},
         {"namespace_id":"ns_2","name":"gone","deleted":true,"spend_micro_usd":0,
          "prompt_tokens":0,"completion_tokens":0,"request_count":0,"denied_count":4}]}\
        """);

    Person.Result result =
        agent()
            .env("BITROUTER_OPERATOR_TOKEN", "bro_x.y")
            .run("node", "usage", "--by", "namespace");

    assertThat(result.out())
        .isEqualTo(
            """
            NAMESPACE  NAME     SPEND  REQUESTS  DENIED  PROMPT  COMPLETION  STATE
            ns_1       default  $1.50  3         0       10      20          live
            ns_2       gone     $0.00  0         4       0       0           deleted
            """);
    assertThat(result.err())
        .isEqualTo(
            """
            using the operator credential from BITROUTER_OPERATOR_TOKEN
            2026-04-01T00:00:00Z to 2026-05-01T00:00:00Z
            """);
    assertThat(node.seen().getFirst().authorization()).isEqualTo("Bearer bro_x.y");
  }

  @Test
  void jsonIsTheServersOwnBytesWhereverTheFlagStands() {
    String odd = "{ \"data\" : [ ],\t\"x\":1.50e3, \"\\u00e9\":\"é\" }";
    node.on("GET /v1/namespaces/me/keys", odd);

    assertThat(agent().run("cloud", "keys", "list", "--json").out()).isEqualTo(odd + "\n");
    assertThat(agent().run("--json", "cloud", "keys", "list").out()).isEqualTo(odd + "\n");
    assertThat(agent().run("cloud", "--json", "keys", "tree").out()).isEqualTo(odd + "\n");
    assertThat(agent().env("BITROUTER_OUTPUT", "json").run("cloud", "keys", "list").out())
        .isEqualTo(odd + "\n");
  }

  @Test
  void controlCharactersOfTheServerNeverReachTheTerminal() {
    node.on(
        "GET /v1/namespaces/me/keys",
        KEYS.replace("\"agent\"", "\"a\\u001b[31mg\\ne\\u202ent\\u009b1m\""));

    assertThat(agent().run("cloud", "keys", "list").out())
        .contains("a[31mg ent1m")
        .doesNotContain("\u001b", "\u202e", "\u009b");
  }

  @Test
  void colourIsForTerminalsThatWantIt() {
    node.on("GET /v1/credential", WHO);
    node.on(
        "GET /v1/namespaces",
        "{\"data\":[{\"id\":\"ns_1\",\"name\":\"default\",\"created_at\":\"2026-04-01T00:00:00Z\"}]}");
    String plain = "ns_1  default  (active)\n";

    assertThat(agent().terminals(true, true, true).run("cloud", "namespace", "list").out())
        .isEqualTo("ns_1  default  \u001b[32m(active)\u001b[0m\n");
    assertThat(
            agent()
                .terminals(true, true, true)
                .env("NO_COLOR", "1")
                .run("cloud", "namespace", "list")
                .out())
        .isEqualTo(plain);
    assertThat(
            agent()
                .terminals(true, true, true)
                .env("TERM", "dumb")
                .run("cloud", "namespace", "list")
                .out())
        .isEqualTo(plain);
  }
}

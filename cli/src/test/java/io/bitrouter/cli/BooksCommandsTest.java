package io.bitrouter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Usage, requests, audit, billing, and what one does with a key that may have leaked. */
class BooksCommandsTest {
  private static final String NS = "/v1/namespaces/me";

  @TempDir Path folder;
  private final FakeNode node = new FakeNode();

  @AfterEach
  void close() {
    node.close();
  }

  private Person.Result run(String commandLine) {
    return new Person(folder).with(node).run(commandLine.split(" "));
  }

  private String sent() {
    return node.seen().getLast().body();
  }

  @Test
  void usageInGroups() {
    String totals =
        """
        "spend_micro_usd":420000,"prompt_tokens":12,"completion_tokens":6,"request_count":9,
        "denied_count":2\
        """;
    node.on(
        "GET " + NS + "/usage?group_by=root_key&tz=Europe%2FBerlin&model=sim%2Fecho&root_key=key_1",
        """
        {"from":"2026-05-01T00:00:00Z","to":"2026-06-01T00:00:00Z",%s,
         "groups":[{"group":"key_1",%s},{"group":"",%s}]}\
        """
            .formatted(totals, totals, totals));

    assertThat(
            run("cloud usage --group-by root_key --tz Europe/Berlin --model sim/echo"
                    + " --root-key key_1")
                .out())
        .endsWith(
            """
            denied:             2

            GROUP   SPEND  REQUESTS  DENIED  PROMPT  COMPLETION
            key_1   $0.42  9         2       12      6
            (none)  $0.42  9         2       12      6
            """);
  }

  @Test
  void requestsWithEveryFilter() {
    node.on(
        "GET "
            + NS
            + "/requests?limit=2&cursor=abc&from=2026-05-01T00%3A00%3A00Z&key=key_1"
            + "&status=denied&code=budget_exceeded&charge_state=computed&client_request_id=x%201",
        "{\"data\":[],\"limit\":2,\"offset\":0,\"next_cursor\":\"def\"}");

    Person.Result result =
        new Person(folder)
            .with(node)
            .run(
                "cloud",
                "requests",
                "--limit",
                "2",
                "--cursor",
                "abc",
                "--from",
                "2026-05-01T00:00:00Z",
                "--key",
                "key_1",
                "--status",
                "denied",
                "--code",
                "budget_exceeded",
                "--charge-state",
                "computed",
                "--client-request-id",
                "x 1");

    assertThat(result.out())
        .isEqualTo("TIME  STATUS  MODEL  CHARGE  PROMPT  COMPLETION  MS  REQUEST\n");
    assertThat(result.err()).isEqualTo("more with --cursor def\nlimit=2 offset=0\n");
  }

  @Test
  void billing() {
    node.on(
        "GET /v1/billing/balance",
        """
        {"balance_micro_usd":1000000,"pending_debits_micro_usd":10,"available_micro_usd":999990,
         "currency":"USD"}\
        """);

    assertThat(run("cloud billing balance").out())
        .isEqualTo("balance: $1.00\npending: $0.00001\navailable: $0.99999\n");
  }

  private static String row(String state, String charge) {
    return """
    {"id":"req_2","request_id":"req_2","status":"failed","model_id":"sim/echo",
     "prompt_tokens":3,"completion_tokens":1,"final_charge_micro_usd":%s,
     "created_at":"2026-05-01T00:00:01Z","started_at":"2026-05-01T00:00:01Z",
     "http_status":200,"total_ms":12,"namespace_id":"ns_1","key_id":"key_1","root_key_id":"key_1",
     "protocol":"chat","attempts":1,"overhead_us":90,"usage":{"uncached_input":3,"cache_read":0,
     "cache_write_5m":0,"cache_write_1h":0,"output":1,"reasoning":0},"usage_origin":"none",
     "charge_state":"%s","charge_nano_usd":2000,"repeat_count":1}\
    """
        .formatted(charge, state);
  }

  @Test
  void indeterminateChargesAreListedAndReconciled() {
    node.on(
        "GET " + NS + "/requests?charge_state=indeterminate",
        "{\"data\":[" + row("indeterminate", "20000") + "],\"limit\":25,\"offset\":0}");
    node.on("POST " + NS + "/requests/req_2/reconcile", row("computed", "10000"));

    Person.Result list = run("usage indeterminate");
    assertThat(list.out()).contains("failed  sim/echo  $0.02 ");
    assertThat(list.err()).contains("bitrouter usage reconcile REQUEST --charge '$0.01'");
    assertThat(run("usage reconcile req_2 --charge $0.01").out()).contains(" $0.01 ");
    assertThat(sent()).isEqualTo("{\"charge_micro_usd\":10000}");
    run("usage reconcile req_2 --charge-micro-usd 0");
    assertThat(sent()).isEqualTo("{\"charge_micro_usd\":0}");
    assertThat(run("usage reconcile req_2").exit()).isEqualTo(2);
  }

  private static String audit(long seq, String hash) {
    return """
    {"seq":%d,"at":"2026-05-01T00:00:00Z","actor":{"kind":"api_key","id":"key_1"},
     "action":"policy.create","target":{"kind":"policy","id":"pol_1"},"after":{"name":"x"},
     "ip":"%s","request_id":"req_%d","prev_hash":"00","hash":"%s"}\
    """
        .formatted(seq, seq == 1 ? "" : "127.0.0.1", seq, hash);
  }

  private static String verdict(String more, long seq, String hash) {
    return "{%s,\"rows\":3,\"head\":{\"seq\":%d,\"hash\":\"%s\",\"sig\":\"s\",\"key\":\"k\"}}"
        .formatted(more, seq, hash);
  }

  @Test
  void auditList() {
    node.on(
        "GET " + NS + "/audit?limit=2",
        "{\"data\":[%s,%s],\"next_cursor\":\"1\"}".formatted(audit(2, "bb"), audit(1, "aa")));

    Person.Result result = run("cloud audit list --limit 2");

    assertThat(result.out())
        .isEqualTo(
            """
            SEQ  TIME                  ACTOR          ACTION         TARGET        FROM       REQUEST
            2    2026-05-01T00:00:00Z  api_key:key_1  policy.create  policy:pol_1  127.0.0.1  req_2
            1    2026-05-01T00:00:00Z  api_key:key_1  policy.create  policy:pol_1  -          req_1
            """);
    assertThat(result.err()).isEqualTo("more with --cursor 1\n");
  }

  @Test
  void anExportedHeadIsFoundAgainBelowLaterRows() throws IOException {
    node.on("GET " + NS + "/audit/verify", verdict("\"ok\":true", 1, "aa"));
    Person.Result exported = run("cloud audit verify --export-head head.json");
    assertThat(exported.out()).isEqualTo("ok:    true\nrows:  3\nhead:  1 aa\n");
    assertThat(exported.err()).isEqualTo("wrote the head of row 1 to head.json\n");
    assertThat(Files.readString(folder.resolve("head.json")))
        .isEqualTo("{\"seq\":1,\"hash\":\"aa\",\"sig\":\"s\",\"key\":\"k\"}");
    assertThat(run("cloud audit verify --head head.json").exit()).isZero();

    node.on("GET " + NS + "/audit/verify", verdict("\"ok\":true", 3, "cc"));
    node.on(
        "GET " + NS + "/audit?limit=100",
        "{\"data\":[%s,%s],\"next_cursor\":\"2\"}".formatted(audit(3, "cc"), audit(2, "bb")));
    node.on("GET " + NS + "/audit?limit=100&cursor=2", "{\"data\":[" + audit(1, "aa") + "]}");

    Person.Result later = run("cloud audit verify --head head.json");
    assertThat(later.exit()).isZero();
    assertThat(later.err()).isEqualTo("the log still contains the head of row 1\n");
  }

  @Test
  void whatDoesNotFitTheExportedHeadFails() throws IOException {
    Files.writeString(
        folder.resolve("head.json"), "{\"seq\":2,\"hash\":\"bb\",\"sig\":\"s\",\"key\":\"k\"}");
    String verify = "cloud audit verify --head head.json";

    node.on("GET " + NS + "/audit/verify", verdict("\"ok\":true", 1, "aa"));
    assertThat(run(verify).err())
        .contains("the log was cut: it ends at row 1, and the exported head is of row 2");
    node.on("GET " + NS + "/audit/verify", verdict("\"ok\":true", 2, "xx"));
    assertThat(run(verify).err()).contains("row 2 is not the one of the exported head");
    node.on(
        "GET " + NS + "/audit/verify", verdict("\"ok\":true", 2, "bb").replace("\"k\"", "\"z\""));
    assertThat(run(verify).err()).contains("signed with another key");
    node.on(
        "GET " + NS + "/audit/verify",
        verdict("\"ok\":false,\"broken_at\":2,\"reason\":\"its hash differs\"", 3, "cc"));
    Person.Result broken = run("cloud audit verify");
    assertThat(broken.exit()).isEqualTo(1);
    assertThat(broken.err())
        .contains("error: the audit log is broken at row 2: its hash differs\n");
  }

  @Test
  void rotateKeepsTheKey() {
    node.on(
        "POST " + NS + "/keys/key_1/rotate",
        """
        {"token":"brk_n.secret","id":"key_1","key_prefix":"brk_n","display_name":"agent",
         "scopes":["keys:read"]}\
        """);

    assertThat(run("cloud keys rotate key_1 --overlap 1h").out())
        .contains("id:       key_1\n", "token:    brk_n.secret\n");
    assertThat(sent()).isEqualTo("{\"overlap_secs\":3600}");
    run("cloud keys rotate key_1 --overlap 0");
    assertThat(sent()).isEqualTo("{\"overlap_secs\":0}");
    run("cloud keys rotate key_1");
    assertThat(sent()).isEqualTo("{}");
  }

  @Test
  void aDryRunOfMintingHasNoTokenToSave() {
    node.on(
        "POST " + NS + "/keys?dry_run=true",
        """
        {"token":"","id":"key_1","key_prefix":"brk_n","display_name":"agent",
         "scopes":["keys:read"]}\
        """);

    Person.Result result = run("cloud keys mint --name agent --scope keys:read --dry-run");

    assertThat(result.out()).endsWith("expires:  never\n");
    assertThat(result.err()).isEqualTo("dry run: nothing was changed\n");
  }

  private void radius() {
    String key =
        """
        {"id":"key_%s","display_name":"agent","key_prefix":"brk_a","scopes":["inference:invoke"],
         "root_id":"key_1","created_at":"2026-04-01T00:00:00Z"%s}\
        """;
    node.on(
        "GET " + NS + "/keys/key_1/blast-radius?since=2026-04-30T12%3A00%3A00Z",
        """
        {"key":%s,"descendants":[%s,%s],"models":["sim/echo","sim/lorem"],"providers":["sim"],
         "worst_remaining_micro_usd":20000,"since":"2026-04-30T12:00:00Z","usage":
         {"spend_micro_usd":420000,"prompt_tokens":1,"completion_tokens":2,"request_count":12,
          "denied_count":3}}\
        """
            .formatted(
                key.formatted("1", ""),
                key.formatted("2", ""),
                key.formatted("3", ",\"revoked_at\":\"2026-04-02T00:00:00Z\"")));
    node.on("DELETE " + NS + "/keys/key_1", "{\"revoked\":true,\"revoked_descendants\":1}");
  }

  @Test
  void theBlastRadiusOfAKey() {
    radius();

    Person.Result result = run("cloud keys blast-radius key_1 --since 24h");

    assertThat(result.out())
        .isEqualTo(
            """
            key:              agent (key_1)
            state:            live
            scopes:           inference:invoke
            descendants:      2, 1 of them live
            models:           sim/echo sim/lorem
            providers:        sim
            can still spend:  $0.02
            since:            2026-04-30T12:00:00Z
            spent:            $0.42
            requests:         12
            denied:           3
            """);
    assertThat(node.lines()).hasSize(1);
    assertThat(run("cloud keys blast-radius key_1 --since yesterday").exit()).isEqualTo(2);
  }

  @Test
  void quarantineRevokesWhateverElseHappens() {
    radius();

    Person.Result result = run("cloud keys blast-radius key_1 --since 24h --quarantine");
    assertThat(result.exit()).isZero();
    assertThat(result.err()).isEqualTo("quarantined: the key and 1 minted from it are revoked\n");

    node.on("GET " + NS + "/keys/key_1/blast-radius", 403, "{}");
    Person.Result blind = run("cloud keys blast-radius key_1 --quarantine");
    assertThat(blind.exit()).isEqualTo(5);
    assertThat(blind.err()).startsWith("quarantined: the key and 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cloud requests --limit 0", "cloud requests --offset -1"})
  void impossiblePages(String commandLine) {
    assertThat(run(commandLine).exit()).isEqualTo(2);
    assertThat(node.seen()).isEmpty();
  }
}

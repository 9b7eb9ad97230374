package io.bitrouter.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The demo succeeds against a node that stops everything, and against no other. */
@Timeout(60)
class DemoTest {
  private static final String ME = "/v1/namespaces/me";
  private static final String OK = "{\"data\":[]}";

  @TempDir Path folder;
  private final FakeNode node = new FakeNode();
  private final AtomicInteger answered = new AtomicInteger();
  private int affordable = 39;
  private volatile boolean revoked;
  private Person person;

  @BeforeEach
  void host() {
    person =
        new Person(folder)
            .launcher(folder.resolve("bitrouter"))
            .env("OPENAI_API_KEY", "sk-of-the-caller")
            .env("BITROUTER_API_KEY", "brk_of.thecaller")
            .env("BITROUTER_URL", "http://127.0.0.1:1");
    person.file(folder.resolve("node.sh"), nodeScript(), "rwx------");
    person.file(
        folder.resolve("bitrouter"),
        "#!/bin/bash\nexec bash %s \"$@\" io.bitrouter.node\n".formatted(folder.resolve("node.sh")),
        "rwx------");
    node.on("GET /health/ready", "{}");
    operatorAnswers();
    ownerAnswers();
    thiefAnswers();
  }

  @AfterEach
  void close() {
    node.close();
  }

  private String nodeScript() {
    return """
    mkdir -p "$BITROUTER_HOME/secrets"
    echo bro_root.secret >"$BITROUTER_HOME/secrets/operator.token"
    chmod 600 "$BITROUTER_HOME/secrets/operator.token"
    env | sort >"%s"
    echo "$$ $BITROUTER_HOME $*" >"%s"
    cat >"$BITROUTER_HOME/node.new" <<JSON
    {"pid":$$,"started_at":"$(date -u +%%Y-%%m-%%dT%%H:%%M:%%SZ)","endpoint":"%s",
     "admin_endpoint":"http://127.0.0.1:1","home":"$BITROUTER_HOME","version":"0.1.0"}
    JSON
    chmod 600 "$BITROUTER_HOME/node.new"
    mv "$BITROUTER_HOME/node.new" "$BITROUTER_HOME/node.json"
    while true; do sleep 0.05; done\
    """
        .formatted(folder.resolve("env"), folder.resolve("started"), node.url());
  }

  private void operatorAnswers() {
    node.on(
        "POST /v1/node/namespaces",
        exchange -> {
          boolean first = !node.lines().contains("POST /v1/node/namespaces/ns_a/keys");
          byOperatorElse(
              exchange,
              "{\"id\":\"ns_%s\",\"name\":\"x\",\"created_at\":\"2026-05-01T00:00:00Z\"}"
                  .formatted(first ? "a" : "b"));
        });
    node.on("GET /v1/node/namespaces", exchange -> byOperatorElse(exchange, OK));
    node.on("GET /v1/node/usage?group_by=namespace", exchange -> byOperatorElse(exchange, OK));
    node.on("POST /v1/node/namespaces/ns_a/keys", minted("a"));
    node.on("POST /v1/node/namespaces/ns_b/keys", minted("b"));
  }

  private void byOperatorElse(HttpExchange exchange, String json) throws IOException {
    if (by(exchange, "bro_root")) {
      answer(exchange, 200, json);
    } else {
      answer(exchange, 403, "{\"error\":\"forbidden\",\"error_description\":\"for operators\"}");
    }
  }

  private static String minted(String who) {
    return """
    {"token":"brk_%s.secret","id":"key_%s","key_prefix":"brk_%s","display_name":"x","scopes":[]}\
    """
        .formatted(who, who, who);
  }

  private static String key(String id) {
    return """
    {"id":"key_%s","display_name":"x","key_prefix":"brk_x","scopes":[],"root_id":"key_a",
     "created_at":"2026-05-01T00:00:00Z"}\
    """
        .formatted(id);
  }

  private void ownerAnswers() {
    String policy =
        """
        "revision":1,"locked":false,"binding_count":1,"created_at":"2026-05-01T00:00:00Z",
        "updated_at":"2026-05-01T00:00:00Z"}\
        """;
    node.on(
        "POST " + ME + "/policies",
        "{\"id\":\"pol_r\",\"name\":\"x\",\"kind\":\"guardrail\",\"spec\":{}," + policy);
    node.on(
        "POST " + ME + "/budgets",
        exchange ->
            answer(
                exchange,
                200,
                """
                {"id":"pol_%s","name":"x","window":"day","limit_micro_usd":20000,"mode":"strict",
                 "unpriced_model":"deny",%s\
                """
                    .formatted(by(exchange, "brk_a") ? "a" : "b", policy)));
    node.on(
        "GET " + ME + "/budgets/pol_a/status",
        exchange ->
            answer(
                exchange,
                200,
                """
                {"id":"pol_a","name":"x","window":"day","mode":"strict","limit_micro_usd":20000,
                 "settled_micro_usd":%d,"reserved_micro_usd":0,"worst_case_micro_usd":0,
                 "remaining_micro_usd":0,"burn_rate_micro_usd_per_hour":0,"bindings":[]}\
                """
                    .formatted(500 * answered.get())));
    node.on(
        "GET " + ME + "/keys/key_t/blast-radius",
        """
        {"key":%s,"descendants":[],"models":["sim/echo"],"providers":["sim"],
         "since":"2026-05-01T00:00:00Z","usage":{"spend_micro_usd":0,"prompt_tokens":0,
         "completion_tokens":0,"request_count":0,"denied_count":0}}\
        """
            .formatted(key("t")));
    node.on("GET " + ME + "/keys", "{\"data\":[" + key("a") + "," + key("t") + "]}");
    node.on(
        "DELETE " + ME + "/keys/key_t",
        exchange -> {
          revoked = true;
          answer(exchange, 200, "{\"revoked\":true,\"revoked_descendants\":0}");
        });
    node.on(
        "GET /v1/credential",
        "{\"kind\":\"api_key\",\"id\":\"key_b\",\"name\":\"x\",\"scopes\":[]}");
  }

  private void thiefAnswers() {
    String none = "{\"error\":\"not_found\",\"error_description\":\"no such thing\"}";
    node.on("GET /v1/namespaces/ns_b/keys", 404, none);
    node.on("GET /v1/namespaces/ns_b/usage", 404, none);
    node.on("GET " + ME + "/keys/key_b", 404, none);
    node.on("DELETE " + ME + "/keys/key_b", 404, none);
    node.on("GET " + ME + "/policies/pol_b", 404, none);
    String scope = "{\"error\":\"forbidden\",\"error_description\":\"missing policy:write\"}";
    node.on(
        "POST " + ME + "/keys",
        exchange ->
            answer(
                exchange,
                by(exchange, "brk_a") ? 200 : 403,
                by(exchange, "brk_a") ? minted("t") : scope));
    node.on("PUT " + ME + "/budgets/pol_a", 403, scope);
    node.on("POST /v1/chat/completions", this::chat);
  }

  private void chat(HttpExchange exchange) throws IOException {
    boolean lorem = node.seen().stream().noneMatch(one -> one.body().contains("sim/echo"));
    if (revoked) {
      refuse(exchange, 401, "key_revoked");
    } else if (lorem) {
      refuse(exchange, 403, "model_not_allowed");
    } else if (answered.incrementAndGet() <= affordable) {
      answer(exchange, 200, "{}");
    } else {
      answered.decrementAndGet();
      refuse(exchange, 402, "budget_exceeded");
    }
  }

  private static void refuse(HttpExchange exchange, int status, String code) throws IOException {
    answer(exchange, status, "{\"error\":{\"message\":\"no\",\"code\":\"%s\"}}".formatted(code));
  }

  private static boolean by(HttpExchange exchange, String token) {
    return exchange.getRequestHeaders().getFirst("Authorization").startsWith("Bearer " + token);
  }

  private static void answer(HttpExchange exchange, int status, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  @Test
  void everythingIsStoppedAndNothingIsLeft() throws IOException {
    Person.Result result = person.run("demo");

    assertThat(result.err()).isEmpty();
    assertThat(result.exit()).isZero();
    assertThat(result.out())
        .contains(
            "1. reads globex, and uses globex's ids as if they were its own\n"
                + "   stopped by 404 not_found: no such thing (5 times)\n"
                + "   cost: $0.00\n",
            "   stopped by 402 budget_exceeded: no, after 39 answers\n   cost: $0.0195\n",
            "   stopped by 401 key_revoked: no\n   cost: $0.00\n")
        .endsWith(
            "\ncontained: the leaked key could reach one namespace of two and sim/echo, could spend"
                + " $0.02 and spent $0.0195\n");
    String[] started = Files.readString(folder.resolve("started")).split(" ");
    // Ended at once; the system, its parent, may take a moment to notice.
    long pid = Long.parseLong(started[0]);
    await("the node is gone")
        .until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    assertThat(Path.of(started[1]).getParent()).doesNotExist();
    assertThat(started).contains("serve", "--listen", "127.0.0.1:0");
    assertThat(Files.readString(folder.resolve("env")))
        .as("nothing of the caller's is used")
        .doesNotContain("sk-of-the-caller", "brk_of");
    assertThat(person.home()).doesNotExist();
  }

  @Test
  void inJsonItIsOneObject() {
    Person.Result result = person.run("demo", "--json");

    assertThat(result.out())
        .startsWith("{\"contained\":true,\"sentence\":\"contained: the leaked key")
        .contains("\"stopped_by\":\"403 forbidden: for operators (3 times)\",\"cost_micro_usd\":0")
        .hasLineCount(1);
  }

  /** Each line is a hole of its own in the node. */
  @ParameterizedTest
  @CsvSource({
    "GET /v1/namespaces/ns_b/usage,200,1",
    "DELETE /v1/namespaces/me/keys/key_b,200,1",
    "GET /v1/namespaces/ns_b/keys,403,1",
    "PUT /v1/namespaces/me/budgets/pol_a,200,2",
    "GET /v1/node/namespaces,200,5",
  })
  void aHoleIsFound(String request, int status, int line) {
    node.on(request, status, OK);

    breached(line);
  }

  @Test
  void aCapThatDoesNotHoldIsFound() {
    affordable = 41;

    breached(4);
  }

  @Test
  void aCapThatNeverBitesIsFound() {
    affordable = Integer.MAX_VALUE;

    breached(4);
  }

  @Test
  void aRevocationThatComesLateIsFound() {
    node.on("DELETE " + ME + "/keys/key_t", "{\"revoked\":true,\"revoked_descendants\":0}");

    breached(6);
  }

  @Test
  void aNeighbourThatSufferedIsFound() {
    node.on(
        "GET /v1/credential",
        "{\"kind\":\"api_key\",\"id\":\"key_z\",\"name\":\"x\",\"scopes\":[]}");

    Person.Result result = person.run("demo");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).contains("\nbreached: ").doesNotContain("contained");
  }

  private void breached(int line) {
    Person.Result result = person.run("demo");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).isEqualTo("error: not everything was stopped\n");
    assertThat(result.out())
        .containsPattern("\n" + line + "\\. [^\n]*\n   NOT STOPPED: ")
        .contains("\nbreached: ")
        .doesNotContain("contained");
  }

  @Test
  void aNodeThatDoesNotStartLeavesNothingEither() throws IOException {
    person.file(
        folder.resolve("node.sh"),
        "echo \"$BITROUTER_HOME\" >\"%s\"; echo broken; exit 3\n"
            .formatted(folder.resolve("started")),
        "rwx------");

    Person.Result result = person.run("demo");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).startsWith("error: the node ended; the last it wrote: broken\n");
    assertThat(Path.of(Files.readString(folder.resolve("started")).strip()).getParent())
        .doesNotExist();
  }
}

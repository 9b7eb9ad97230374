package io.bitrouter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the policy, budget and preset commands send and print. */
class PolicyCommandsTest {
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

  private static String policy(String id, String kind, String spec, String more) {
    return """
    {"id":"%s","name":"n-%s","kind":"%s","spec":%s,"revision":1,"locked":false,
     "created_at":"2026-05-01T00:00:00Z","updated_at":"2026-05-01T00:00:00Z",%s}\
    """
        .formatted(id, id, kind, spec, more);
  }

  private static String budget(String more) {
    return """
    {"id":"pol_1","name":"daily-cap","window":"day","limit_micro_usd":5000000,"mode":"metered",
     "unpriced_model":"deny","revision":1,"locked":false,"created_at":"2026-05-01T00:00:00Z",
     "updated_at":"2026-05-01T00:00:00Z",%s}\
    """
        .formatted(more);
  }

  @Test
  void listsMarkWhatHasNoEffect() {
    String list =
        "{\"data\":[%s,%s,%s]}"
            .formatted(
                policy("pol_1", "budget", "{}", "\"binding_count\":0"),
                policy(
                    "pol_2",
                    "rate_limit",
                    "{}",
                    "\"binding_count\":2,\"disabled_at\":\"2026-05-02T00:00:00Z\""),
                policy("pol_3", "guardrail", "{}", "\"binding_count\":1")
                    .replace("\"locked\":false", "\"locked\":true"));
    node.on("GET " + NS + "/policies", list);
    node.on("GET " + NS + "/policies?kind=rate_limit", "{\"data\":[]}");
    node.on("GET " + NS + "/principals/api_key/key_1/policies", list);

    String expected =
        """
        pol_1                     n-pol_1                   kind=budget (unbound: no effect)
        pol_2                     n-pol_2                   kind=rate_limit (disabled)
        pol_3                     n-pol_3                   kind=guardrail (locked)
        """;
    assertThat(run("cloud policy list").out()).isEqualTo(expected);
    assertThat(run("cloud policy for-principal api_key key_1").out()).isEqualTo(expected);
    Person.Result none = run("cloud policy list --kind rate-limit");
    assertThat(none.out()).isEmpty();
    assertThat(none.err()).isEqualTo("no policies\n");
    assertThat(run("cloud policy list --kind rate_limit").exit()).isEqualTo(2);
  }

  @Test
  void getShowsTheSpecAndHowToBindIt() {
    node.on(
        "GET " + NS + "/policies/pol_1",
        policy("pol_1", "budget", "{ \"window\": \"day\" }", "\"binding_count\":0"));

    Person.Result result = run("cloud policy get pol_1");

    assertThat(result.out())
        .isEqualTo(
            """
            id:        pol_1
            name:      n-pol_1
            kind:      budget
            spec:      {"window":"day"}
            state:     enabled
            bindings:  none, so no effect
            """);
    assertThat(result.err())
        .isEqualTo(
            "bind it to the whole namespace with 'bitrouter cloud policy bind pol_1"
                + " --principal-type namespace --principal-id me'\n");
  }

  @Test
  void createFromAFileSendsTheSpecAndItsOptions() {
    String target = "POST " + NS + "/policies";
    String answer = policy("pol_1", "budget", "{}", "\"binding_count\":1");
    node.on(target, answer);
    node.on(target + "?dry_run=true", answer);
    Person person = new Person(folder).with(node);
    person.file(
        folder.resolve("spec.json"), "{\"limit_micro_usd\": 5, \"window\":\"day\"}", "rw-------");

    Person.Result dry =
        person.run("cloud policy create --name n --kind budget --spec spec.json -n".split(" "));
    assertThat(dry.exit()).isZero();
    assertThat(dry.err()).isEqualTo("dry run: nothing was changed\n");
    person.run(
        "cloud policy create --name n --kind budget --spec spec.json --bind namespace".split(" "));
    assertThat(sent())
        .isEqualTo(
            "{\"name\":\"n\",\"kind\":\"budget\",\"spec\":{\"limit_micro_usd\":5,\"window\":"
                + "\"day\"},\"bind\":{\"principal_type\":\"namespace\",\"principal_id\":\"me\"}}");
    person.typing("{}");
    person.run("cloud policy create --name n --kind rate-limit --spec -".split(" "));
    assertThat(sent()).isEqualTo("{\"name\":\"n\",\"kind\":\"rate_limit\",\"spec\":{}}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]|- does not hold a JSON object",
        "'{\"a\":'|- is not JSON",
        "'{\"a\":1,\"a\":2}'|- is not JSON",
      })
  void aSpecMustBeAnObject(String typed, String message) {
    Person.Result result =
        new Person(folder)
            .with(node)
            .typing(typed)
            .run("cloud", "policy", "create", "--name", "n", "--kind", "budget", "--spec", "-");

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).startsWith("error: " + message);
    assertThat(node.seen()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "guardrail --name n --allow-model a/b --allow-model c/*,d --deny-model e --max-output 9"
            + " --max-input 8 --no-streaming --allow-tool t --deny-tool u --allow-modality text"
            + " --allow-provider p --deny-provider q --byok forbidden"
            + "|{\"name\":\"n\",\"kind\":\"guardrail\",\"spec\":{\"model_allow\":[\"a/b\",\"c/*\","
            + "\"d\"],\"model_deny\":[\"e\"],\"max_request_tokens\":9,\"allow_streaming\":false,"
            + "\"byok\":\"forbidden\",\"max_input_tokens\":8,\"tools_allow\":[\"t\"],"
            + "\"tools_deny\":[\"u\"],\"modalities_allow\":[\"text\"],\"providers_allow\":[\"p\"],"
            + "\"providers_deny\":[\"q\"]}}",
        "guardrail --name n --max-output 9 --bind api_key:key_1"
            + "|{\"name\":\"n\",\"kind\":\"guardrail\",\"spec\":{\"max_request_tokens\":9},"
            + "\"bind\":{\"principal_type\":\"api_key\",\"principal_id\":\"key_1\"}}",
        "rate-limit --name n --requests 60 --per 90s --tokens 100 --concurrent 4 --count actual"
            + "|{\"name\":\"n\",\"kind\":\"rate_limit\",\"spec\":{\"window_secs\":90,"
            + "\"max_requests\":60,\"max_tokens\":100,\"max_concurrent\":4,\"count\":\"actual\"}}",
        "rate-limit --name n --concurrent 4"
            + "|{\"name\":\"n\",\"kind\":\"rate_limit\",\"spec\":{\"window_secs\":60,"
            + "\"max_concurrent\":4}}",
      })
  void policiesFromOptions(String options, String body) {
    node.on("POST " + NS + "/policies", policy("pol_1", "guardrail", "{}", "\"binding_count\":1"));

    Person.Result result = run("cloud policy create " + options + " --idempotency-key once");

    assertThat(result.err()).isEmpty();
    assertThat(sent()).isEqualTo(body);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cloud policy create",
        "cloud policy create --name n --kind rate_limit --spec -",
        "cloud policy create guardrail --name n",
        "cloud policy create guardrail --max-output 9",
        "cloud policy create rate-limit --name n --per 1m",
        "cloud policy create guardrail --name n --max-output 9 --bind somebody",
        "cloud policy update pol_1",
        "cloud policy bind pol_1 --principal-type api_key",
        "cloud budget create --name n --window day",
        "cloud budget create --name n --limit $5",
        "cloud budget create --name n --window year --limit $5",
        "cloud budget create --name n --window day --limit 5",
        "cloud budget create --name n --window day --limit $5 --limit-micro-usd 5",
        "cloud budget create --name n --window day --per week --limit $5",
        "cloud budget create --name n --window day --calendar --limit $5",
        "cloud budget create --name n --per day --tz UTC --limit $5",
        "cloud budget create --name n --window day --limit $5 --bind namespace --unbound",
        "cloud budget update pol_1",
      })
  void mistakesAreToldBeforeAnythingIsSent(String commandLine) {
    Person.Result result = run(commandLine);

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).startsWith("error: ");
    assertThat(node.seen()).isEmpty();
  }

  @Test
  void theVerbsOfAPolicy() {
    String one = NS + "/policies/pol_1";
    node.on("POST " + one + "/bind", "{\"binding_id\":\"pb_1\"}");
    node.on("DELETE " + one + "/bind/pb_1", "{\"unbound\":true}");
    node.on("POST " + one + "/disable", "{\"disabled\":true}");
    node.on("POST " + one + "/enable?dry_run=true", "{\"disabled\":false}");
    node.on("DELETE " + one, "{\"deleted\":true}");
    node.on("PUT " + one, policy("pol_1", "budget", "{}", "\"binding_count\":3"));
    node.on(
        "GET " + one + "/bindings",
        """
        {"data":[{"id":"pb_1","policy_id":"pol_1","principal_type":"api_key",
         "principal_id":"key_1","created_at":"2026-05-01T00:00:00Z"}]}\
        """);

    assertThat(run("cloud policy bind pol_1 --principal-type api_key --principal-id key_1").out())
        .isEqualTo("binding id: pb_1\n");
    assertThat(sent()).isEqualTo("{\"principal_type\":\"api_key\",\"principal_id\":\"key_1\"}");
    assertThat(run("cloud policy unbind pol_1 pb_1").out()).isEqualTo("unbound: true\n");
    assertThat(run("cloud policy disable pol_1").out()).isEqualTo("disabled: true\n");
    assertThat(run("cloud policy enable --dry-run pol_1").out()).isEqualTo("disabled: false\n");
    assertThat(run("cloud policy bindings pol_1").out())
        .isEqualTo("pb_1  policy=pol_1  principal=api_key:key_1\n");
    assertThat(run("cloud policy update pol_1 --name z").out()).contains("bindings:  3\n");
    assertThat(sent()).isEqualTo("{\"name\":\"z\"}");
    assertThat(run("cloud policy delete pol_1").out()).isEqualTo("deleted: true\n");
  }

  @Test
  void effectiveCountsAndShowsAll() {
    String json =
        """
        {"budgets":[{"policy_id":"pol_1","policy_name":"cap","binding_id":"pb_1",
        "principal_type":"namespace","principal_id":"ns_1","window":"day","limit_micro_usd":5}],
        "rate_limits":[],"guardrail":{"model_deny":["x"]},"guardrail_sources":[]}\
        """;
    node.on("GET " + NS + "/policies/effective?principal_type=api_key&principal_id=key_1", json);

    assertThat(run("cloud policy effective --principal-type api_key --principal-id key_1").out())
        .isEqualTo("budgets: 1\nrate limits: 0\nguardrail: set\n" + json + "\n");
  }

  @Test
  void aBudgetIsBoundToTheNamespaceUnlessToldOtherwise() {
    node.on("POST " + NS + "/budgets", budget("\"binding_count\":1"));

    Person.Result result =
        run("cloud budget create --name daily-cap --window day --limit-micro-usd 5000000");

    assertThat(result.out())
        .isEqualTo(
            """
            id:        pol_1
            name:      daily-cap
            window:    day
            limit:     $5.00
            mode:      metered
            unpriced:  deny
            state:     enabled
            bindings:  1
            """);
    assertThat(result.err()).startsWith("bound to the whole namespace; --bind api_key:ID");
    String bound = ",\"bind\":{\"principal_type\":\"namespace\",\"principal_id\":\"me\"}";
    String body = "{\"name\":\"daily-cap\",\"window\":\"day\",\"limit_micro_usd\":5000000";
    assertThat(sent()).isEqualTo(body + bound + "}");
    run("cloud budget create --name daily-cap --window day --limit $5 --unbound");
    assertThat(sent()).isEqualTo(body + "}");
    run("cloud budget create --name daily-cap --window day --limit $5 --bind api_key:key_1");
    assertThat(sent())
        .isEqualTo(
            body + bound.replace("namespace", "api_key").replace("\"me\"", "\"key_1\"") + "}");
  }

  @Test
  void calendarPeriodsModesAndWarnings() {
    node.on(
        "POST " + NS + "/budgets",
        exchange -> {
          byte[] body =
              budget("\"binding_count\":0,\"warnings\":[\"it is unbound\"]")
                  .replace(
                      "\"window\":\"day\"",
                      "\"window\":\"month\",\"period\":{\"unit\":\"week\",\"align\":\"calendar\","
                          + "\"time_zone\":\"Europe/Berlin\"}")
                  .getBytes(java.nio.charset.StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("x-bitrouter-warnings", "unbound");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
        });

    Person.Result result =
        run(
            "cloud budget create --name n --per week --calendar --tz Europe/Berlin --limit $0.02"
                + " --mode strict --unpriced ceiling --unbound");

    assertThat(result.out()).contains("window:    calendar week Europe/Berlin\n");
    assertThat(result.err()).startsWith("warning: it is unbound\n");
    assertThat(sent())
        .isEqualTo(
            "{\"name\":\"n\",\"window\":\"month\",\"limit_micro_usd\":20000,\"period\":{\"unit\":"
                + "\"week\",\"align\":\"calendar\",\"time_zone\":\"Europe/Berlin\"},\"mode\":"
                + "\"strict\",\"unpriced_model\":\"ceiling\"}");
  }

  @Test
  void theVerbsOfABudget() {
    node.on("GET " + NS + "/budgets", "{\"data\":[" + budget("\"binding_count\":0") + "]}");
    node.on("GET " + NS + "/budgets/pol_1", budget("\"binding_count\":1"));
    node.on("PUT " + NS + "/budgets/pol_1", budget("\"binding_count\":1"));
    node.on("DELETE " + NS + "/budgets/pol_1", "{\"deleted\":true}");

    assertThat(run("cloud budget list").out())
        .isEqualTo(
            "pol_1                     daily-cap                 "
                + "window=day  limit=$5.00 (unbound: no effect)\n");
    assertThat(run("cloud budget get pol_1").out()).contains("limit:     $5.00\n");
    run("cloud budget update pol_1 --limit $0.000007");
    assertThat(sent()).isEqualTo("{\"limit_micro_usd\":7}");
    assertThat(run("cloud budget delete pol_1").out()).isEqualTo("deleted: true\n");
  }

  @Test
  void theStatusOfABudget() {
    String figures =
        """
        "settled_micro_usd":1200000,"reserved_micro_usd":300000,"worst_case_micro_usd":1500000,
        "remaining_micro_usd":3500000,"burn_rate_micro_usd_per_hour":400000,
        "projected_exhaustion_at":"2026-05-01T20:45:00Z"\
        """;
    node.on(
        "GET " + NS + "/budgets/pol_1/status",
        """
        {"id":"pol_1","name":"daily-cap","window":"day","mode":"strict","limit_micro_usd":5000000,
         %s,"bindings":[{"binding_id":"pb_1","principal_type":"namespace","principal_id":"ns_1",
         "window_from":"2026-04-30T12:00:00Z",%s}]}\
        """
            .formatted(figures, figures));

    assertThat(run("cloud budget status pol_1").out())
        .isEqualTo(
            """
            budget:      daily-cap (pol_1)
            window:      day
            mode:        strict
            limit:       $5.00
            settled:     $1.20
            reserved:    $0.30
            worst case:  $1.50
            remaining:   $3.50
            burn rate:   $0.40 an hour
            used up:     2026-05-01T20:45:00Z
            next free:   -

            BOUND TO        SINCE                 SETTLED  RESERVED  REMAINING  USED UP
            namespace:ns_1  2026-04-30T12:00:00Z  $1.20    $0.30     $3.50      2026-05-01T20:45:00Z
            """);
  }

  @Test
  void explainAsksForTheOnlyBinding() {
    String binding =
        """
        {"id":"pb_%s","policy_id":"pol_1","principal_type":"api_key","principal_id":"key_%s",
         "created_at":"2026-05-01T00:00:00Z"}\
        """;
    String one = binding.formatted("1", "1");
    node.on("GET " + NS + "/policies/pol_1/bindings", "{\"data\":[" + one + "]}");
    node.on(
        "GET " + NS + "/budgets/pol_1/explain?principal_type=api_key&principal_id=key_1&limit=2",
        """
        {"id":"pol_1","name":"cap","principal_type":"api_key","principal_id":"key_1",
         "window_from":"2026-04-30T12:00:00Z","window_to":"2026-05-01T12:00:00Z",
         "settled_nano_usd":42,"settled_micro_usd":1,"data":[],"next_cursor":"abc"}\
        """);

    Person.Result result = run("cloud budget explain pol_1 --limit 2");

    assertThat(result.out())
        .startsWith(
            "cap settled $0.000001 for api_key:key_1 from 2026-04-30T12:00:00Z to"
                + " 2026-05-01T12:00:00Z\nTIME");
    assertThat(result.err()).isEqualTo("more with --cursor abc\n");

    node.on(
        "GET " + NS + "/policies/pol_1/bindings",
        "{\"data\":[" + one + "," + binding.formatted("2", "2") + "]}");
    Person.Result several = run("cloud budget explain pol_1");
    assertThat(several.exit()).isEqualTo(2);
    assertThat(several.err()).contains("api_key:key_1, api_key:key_2");
  }

  @Test
  void presets() {
    String preset =
        """
        {"id":"pol_1","name":"trainee","guardrail":{"allow_streaming":false},"rate_limit":
         {"window_secs":60},"revision":1,"locked":false,"binding_count":1,
         "created_at":"2026-05-01T00:00:00Z","updated_at":"2026-05-01T00:00:00Z"}\
        """;
    node.on("GET " + NS + "/presets", "{\"data\":[" + preset + "]}");
    node.on("GET " + NS + "/presets/pol_1", preset);
    node.on("POST " + NS + "/presets", preset);
    node.on("PUT " + NS + "/presets/pol_1", preset);
    node.on("DELETE " + NS + "/presets/pol_1", "{\"deleted\":true}");
    Person person = new Person(folder).with(node).typing("{\"window_secs\":60}");

    assertThat(run("cloud preset list").out())
        .isEqualTo(
            "pol_1                     trainee                   "
                + "clauses=[guardrail, rate_limit]\n");
    assertThat(run("cloud preset get pol_1").out())
        .contains("guardrail:   {\"allow_streaming\":false}\n");
    person.run("cloud preset create --name trainee --rate-limit -".split(" "));
    assertThat(sent()).isEqualTo("{\"name\":\"trainee\",\"rate_limit\":{\"window_secs\":60}}");
    run("cloud preset update pol_1 --clear-budget");
    assertThat(sent()).isEqualTo("{\"clear_budget\":true}");
    assertThat(run("cloud preset delete pol_1").out()).isEqualTo("deleted: true\n");
  }
}

package io.bitrouter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Exit codes and what a person or script is told. */
class ErrorsTest {
  @TempDir Path folder;
  private final FakeNode node = new FakeNode();

  @AfterEach
  void close() {
    node.close();
  }

  private Person agent() {
    return new Person(folder).with(node);
  }

  @ParameterizedTest
  @CsvSource({
    "400,1", "401,4", "402,8", "403,5", "404,6", "409,7", "418,1", "429,8", "500,1", "502,1",
    "503,9", "504,9", "302,1",
  })
  void theExitCodeSaysWhy(int status, int exit) {
    node.on(
        "GET /v1/namespaces/me/usage", status, "{\"error\":\"x\",\"error_description\":\"why\"}");

    Person.Result result = agent().run("cloud", "usage");

    assertThat(result.exit()).isEqualTo(exit);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("error: why (request req_header)\n");
  }

  @Test
  void aMissingScopeComesWithTheCommandThatHelps() {
    node.on(
        "GET /v1/namespaces/me/usage",
        403,
        """
        {"error":"forbidden","error_description":"missing required scope: usage:read",
         "request_id":"req_1"}\
        """);

    Person.Result text = agent().run("cloud", "usage");
    assertThat(text.exit()).isEqualTo(5);
    assertThat(text.err())
        .isEqualTo(
            """
            error: missing required scope: usage:read (request req_1)
            hint: mint a key that has it, with a credential that has it: bitrouter cloud keys mint \
            --name my-key --scope "usage:read"
            """);
    Person.Result json = agent().run("cloud", "usage", "--json");
    assertThat(json.out()).isEmpty();
    assertThat(json.err())
        .isEqualTo(
            """
            {"code":"forbidden","message":"missing required scope: usage:read",\
            "hint":"mint a key that has it, with a credential that has it: bitrouter cloud keys mint \
            --name my-key --scope \\"usage:read\\"","request_id":"req_1","status":403}
            """);
  }

  @Test
  void theNodesOwnHintAndFinerCodeWin() {
    node.on(
        "GET /v1/namespaces/me/usage",
        401,
        """
        {"error":"unauthorized","code":"key_expired","error_description":"the key expired",
         "hint":"mint another","request_id":"req_1"}\
        """);

    assertThat(agent().run("cloud", "usage", "--json").err())
        .isEqualTo(
            """
            {"code":"key_expired","message":"the key expired","hint":"mint another",\
            "request_id":"req_1","status":401}
            """);
  }

  @Test
  void whoeverIsNotSignedInIsToldWhatToRun() {
    for (String[] command :
        new String[][] {{"cloud", "whoami"}, {"cloud", "keys", "list"}, {"auth", "whoami"}}) {
      Person.Result result = new Person(folder).run(command);
      assertThat(result.exit()).isEqualTo(4);
      assertThat(result.err())
          .startsWith("error: not signed in\nhint: run 'bitrouter start'")
          .contains("cloud login --api-key-file");
    }
  }

  @Test
  void anUnreachableNodeIsNine() {
    String url = node.url();
    node.close();

    Person.Result result =
        new Person(folder)
            .env("BITROUTER_URL", url)
            .env("BITROUTER_API_KEY", "brk_a.b")
            .run("cloud", "usage");

    assertThat(result.exit()).isEqualTo(9);
    assertThat(result.err()).startsWith("error: cannot reach " + url + ": connection refused\n");
  }

  @Test
  void anAnswerThatIsNotOursIsSaidToBeSo() {
    node.on("GET /v1/namespaces/me/usage", "{\"spend_micro_usd\":0.5}");

    Person.Result result = agent().run("cloud", "usage");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err())
        .startsWith(
            "error: the answer is not what this program expects: member 'spend_micro_usd' does"
                + " not");
  }

  @Test
  void redirectsAreNotFollowed() {
    node.on(
        "GET /v1/namespaces/me/usage",
        exchange -> {
          exchange.getResponseHeaders().add("Location", node.url() + "/elsewhere");
          exchange.sendResponseHeaders(302, -1);
        });

    Person.Result result = agent().run("cloud", "usage");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("redirect, which is never followed");
    assertThat(node.lines()).containsExactly("GET /v1/namespaces/me/usage");
  }

  @Test
  void aPostIsNeverRepeated() {
    node.on("POST /v1/namespaces/me/keys", exchange -> exchange.close());

    Person.Result result =
        agent().run("cloud", "keys", "mint", "--name", "a", "--scope", "keys:read");

    assertThat(result.exit()).isEqualTo(9);
    assertThat(node.lines()).containsExactly("POST /v1/namespaces/me/keys");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "cloud kyes|'bitrouter cloud' does not know 'kyes'|did you mean 'keys'? ",
        "strat|'bitrouter' does not know 'strat'|did you mean 'start'? ",
        "cloud keys lst|'bitrouter cloud keys' does not know 'lst'|did you mean 'list'? ",
        "cloud keys list --jsn|'bitrouter cloud keys list' does not know '--jsn'|did you mean"
            + " '--json'? ",
        "frobnicate|'bitrouter' does not know 'frobnicate'|\"\"",
        "cloud byok list|'bitrouter cloud' does not know 'byok'|\"\"",
      })
  void aTypoGetsASuggestion(String typed, String error, String suggestion) {
    Person.Result result = agent().run(typed.split(" "));

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).startsWith("error: " + error + "\nhint: " + suggestion + "'bitrouter");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cloud",
        "cloud keys",
        "cloud keys mint --name a",
        "cloud keys mint --scope keys:read",
        "cloud keys mint --name a --scope keys:read --expires soon",
        "cloud keys mint --name a --scope keys:read --expires 0d",
        "cloud keys mint --name a --scope keys:read --expires 9999999999d",
        "cloud keys mint --name a --scope keys:read --expires 999999999w",
        "cloud keys mint --name a --scope keys:read --expires-at tomorrow",
        "cloud keys mint --name a --scope b:c --expires 1d --expires-at 2027-01-01T00:00:00Z",
        "cloud keys show",
        "cloud usage --from yesterday",
        "cloud requests --limit 0",
        "cloud requests --limit many",
        "cloud requests --offset -1",
        "cloud login",
        "cloud login --api-key a --api-key-file b",
        "node usage",
        "node usage --by key",
        "logs -n -1",
        "completion fish",
        "start now",
      })
  void wrongUsageIsTwoAndReachesNoServer(String typed) {
    Person.Result result = agent().run(typed.split(" "));

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("error: ");
    assertThat(result.err().lines().count()).isLessThanOrEqualTo(3);
    assertThat(node.seen()).isEmpty();
  }

  @Test
  void wrongUsageInJsonIsOneObject() {
    assertThat(agent().run("cloud", "keys", "mint", "--json").err())
        .isEqualTo(
            """
            {"code":"usage","message":"Missing required options: '--name=NAME', '--scope=SCOPES'",\
            "hint":"'bitrouter cloud keys mint --help' explains it","request_id":null,"status":null}
            """);
    assertThat(agent().env("BITROUTER_OUTPUT", "xml").run("status").exit()).isEqualTo(2);
  }

  @Test
  void helpAndVersionGoToStandardOutput() {
    Person.Result help = agent().run();
    assertThat(help.exit()).isZero();
    assertThat(help.out()).startsWith("Usage: bitrouter").contains("cloud", "start", "completion");
    assertThat(agent().run("cloud", "keys", "mint", "--help").out())
        .contains("--expires-at", "Example:");
    assertThat(agent().run("--version").out()).isEqualTo("bitrouter 0.1.0\n");
  }

  @Test
  void completionKnowsTheCommands() {
    assertThat(agent().run("completion", "bash").out()).contains("complete -F", "keys", "--scope");
    assertThat(agent().run("completion", "zsh").out()).contains("compinit", "keys");
  }
}

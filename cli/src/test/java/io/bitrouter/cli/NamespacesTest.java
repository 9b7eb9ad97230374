package io.bitrouter.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Namespace commands on the node's host, where the operator's credential is. */
class NamespacesTest {
  private static final String ALL =
      """
      {"data":[{"id":"ns_1","name":"default","created_at":"2026-04-01T00:00:00Z"},
       {"id":"ns_2","name":"prod","created_at":"2026-04-02T00:00:00Z"},
       {"id":"ns_3","name":"staging","created_at":"2026-04-03T00:00:00Z"}]}\
      """;

  @TempDir Path folder;
  private final FakeNode node = new FakeNode();
  private final NodeProcess process = NodeProcess.start();
  private Person person;

  @BeforeEach
  void host() {
    person = new Person(folder).operatorToken().nodeFile(node, process.pid(), process.startedAt());
    person.file(person.hostFile(), saved("1", "default", "brk_one.s"), "rw-------");
    node.on("GET /v1/node/namespaces", ALL);
  }

  @AfterEach
  void close() {
    process.close();
    node.close();
  }

  private String saved(String number, String name, String key) {
    return """
    {"kind":"api_key","api_key":"%s","base_url":"%s","id":"key_%s","name":"host cli",\
    "namespace_id":"ns_%s","namespace_name":"%s","scope":"usage:read"}\
    """
        .formatted(key, node.url(), number, number, name);
  }

  private String operatorNote() {
    return "using the operator credential from "
        + folder.resolve(".bitrouter/secrets/operator.token")
        + "\n";
  }

  private static String who(String number, String name) {
    return """
    {"kind":"api_key","id":"key_%s","name":"host cli","namespace_id":"ns_%s",
     "namespace_name":"%s","scopes":["usage:read"]}\
    """
        .formatted(number, number, name);
  }

  @Test
  void listShowsAllAndSaysWithWhichCredential() {
    Person.Result result = person.run("cloud", "namespace", "list");

    assertThat(result.out())
        .isEqualTo(
            """
            ns_1  default  (active)
            ns_2  prod
            ns_3  staging
            """);
    assertThat(result.err()).isEqualTo(operatorNote());
    assertThat(node.seen().getFirst().authorization()).isEqualTo("Bearer bro_op.secret");
    assertThat(person.run("cloud", "namespace", "list", "--json").out()).isEqualTo(ALL + "\n");
  }

  @Test
  void withoutAnOperatorTheKeysOwnListIsShown() throws IOException {
    Files.delete(folder.resolve(".bitrouter/secrets/operator.token"));
    node.on(
        "GET /v1/namespaces",
        "{\"data\":[{\"id\":\"ns_1\",\"name\":\"default\",\"created_at\":\"2026-04-01T00:00:00Z\"}]}");

    Person.Result result = person.run("cloud", "namespace", "list");

    assertThat(result.out()).isEqualTo("ns_1  default  (active)\n");
    assertThat(result.err()).isEmpty();
    Person.Result create = person.run("cloud", "namespace", "create", "x");
    assertThat(create.exit()).isEqualTo(5);
    assertThat(create.err()).startsWith("error: this needs an operator credential");
  }

  @Test
  void createAndRename() throws IOException {
    node.on(
        "POST /v1/node/namespaces",
        "{\"id\":\"ns_4\",\"name\":\"canary\",\"created_at\":\"2026-05-01T00:00:00Z\"}");
    node.on(
        "PATCH /v1/node/namespaces/ns_1",
        "{\"id\":\"ns_1\",\"name\":\"main\",\"created_at\":\"2026-04-01T00:00:00Z\"}");

    assertThat(person.run("cloud", "namespace", "create", "canary").out())
        .isEqualTo("ns_4  canary\n");
    assertThat(node.seen().getLast().body()).isEqualTo("{\"name\":\"canary\"}");
    assertThat(person.run("cloud", "namespace", "rename", "default", "main").out())
        .isEqualTo("ns_1  main\n");
    assertThat(node.seen().getLast().body()).isEqualTo("{\"name\":\"main\"}");
    assertThat(person.run("cloud", "namespace", "current").out()).isEqualTo("ns_1  main\n");
  }

  @Test
  void aNameThatIsTakenIsAConflict() {
    node.on(
        "POST /v1/node/namespaces",
        409,
        "{\"error\":\"conflict\",\"error_description\":\"taken\"}");

    assertThat(person.run("cloud", "namespace", "create", "prod").exit()).isEqualTo(7);
    assertThat(person.run("cloud", "namespace", "use", "nowhere").exit()).isEqualTo(6);
  }

  @Test
  void useMintsOnceAndKeepsBoth() throws IOException {
    node.on(
        "POST /v1/node/namespaces/ns_2/keys",
        """
        {"token":"brk_two.s","id":"key_2","key_prefix":"brk_two","display_name":"host cli",
         "scopes":["usage:read"]}\
        """);
    node.on("GET /v1/credential", who("1", "default"));

    Person.Result use = person.run("cloud", "namespace", "use", "prod");

    assertThat(use.out()).isEqualTo("ns_2  prod\n");
    assertThat(use.err()).isEqualTo(operatorNote() + "minting a key for namespace prod\n");
    assertThat(node.seen().getLast().body())
        .startsWith("{\"display_name\":\"host cli\",\"scopes\":[\"inference:invoke\",")
        .doesNotContain("namespace:write", "user:write", "*");
    assertThat(Files.readString(person.hostFile()))
        .isEqualTo(
            saved("2", "prod", "brk_two.s").replaceFirst("}$", "")
                + ",\"others\":{\"ns_1\":"
                + saved("1", "default", "brk_one.s")
                + "}}");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(person.hostFile())))
        .isEqualTo("rw-------");
    assertThat(person.run("cloud", "namespace", "current").out()).isEqualTo("ns_2  prod\n");

    Person.Result back = person.run("cloud", "namespace", "use", "ns_1");

    assertThat(back.out()).isEqualTo("ns_1  default\n");
    assertThat(back.err()).isEqualTo(operatorNote());
    assertThat(Files.readString(person.hostFile()))
        .contains("brk_two.s")
        .startsWith("{\"kind\":\"api_key\",\"api_key\":\"brk_one.s\"");
  }

  @Test
  void aKeptKeyThatNoLongerAnswersIsReplaced() throws IOException {
    node.on("GET /v1/credential", 401, "{\"error\":\"unauthorized\",\"error_description\":\"no\"}");
    node.on(
        "POST /v1/node/namespaces/ns_1/keys",
        """
        {"token":"brk_new.s","id":"key_9","key_prefix":"brk_new","display_name":"host cli",
         "scopes":["usage:read"]}\
        """);

    assertThat(person.run("cloud", "namespace", "use", "default").exit()).isZero();

    assertThat(Files.readString(person.hostFile())).contains("brk_new.s").doesNotContain("brk_one");
  }

  @Test
  void useIsForTheHostsOwnCredentials() {
    Person.Result result = person.with(node).run("cloud", "namespace", "use", "prod");

    assertThat(result.exit()).isEqualTo(2);
    assertThat(node.seen()).isEmpty();
  }

  @Test
  void deleteAsksOnATerminalAndOnlyThere() throws IOException {
    node.on("DELETE /v1/node/namespaces/ns_3", "{\"deleted\":true,\"revoked_keys\":2}");

    Person.Result script = person.run("cloud", "namespace", "delete", "staging");
    assertThat(script.exit()).isEqualTo(2);
    assertThat(script.err())
        .isEqualTo(
            """
            error: this cannot be undone and nobody is there to confirm it
            hint: add --confirm staging
            """);

    person.terminals(true, true, true).typing("n\n");
    Person.Result no = person.run("cloud", "namespace", "delete", "staging");
    assertThat(no.exit()).isEqualTo(3);
    assertThat(no.err())
        .startsWith("Delete namespace staging? Its keys stop working at once;")
        .contains("[y/N] ")
        .endsWith("declined: nothing was changed\n");
    assertThat(person.typing("").run("cloud", "namespace", "delete", "staging").exit())
        .isEqualTo(3);
    assertThat(node.seen()).isEmpty();

    Person.Result yes = person.typing("y\n").run("cloud", "namespace", "delete", "staging");
    assertThat(yes.out()).isEqualTo("deleted: true\nrevoked keys: 2\n");

    person.terminals(false, false, false);
    assertThat(person.run("cloud", "namespace", "delete", "staging", "--confirm", "prod").exit())
        .isEqualTo(2);
    assertThat(person.run("cloud", "namespace", "delete", "staging", "--confirm", "staging").exit())
        .isZero();
    assertThat(person.run("cloud", "namespace", "delete", "ns_3", "--yes").exit()).isZero();
  }

  @Test
  void deletingTheActiveOneSaysSoAndForgetsItsKey() throws IOException {
    node.on("DELETE /v1/node/namespaces/ns_1", "{\"deleted\":true,\"revoked_keys\":1}");

    Person.Result result = person.run("cloud", "namespace", "delete", "default", "--yes");

    assertThat(result.exit()).isZero();
    assertThat(result.err())
        .endsWith(
            "it was the active namespace: choose another with 'bitrouter cloud namespace use"
                + " NAME'\n");
    assertThat(Files.readString(person.hostFile())).isEqualTo("{}");
    assertThat(person.run("cloud", "whoami").exit()).isEqualTo(4);
  }

  @Test
  void anOperatorWithoutARunningNodeIsToldToStartIt() {
    process.close();
    await().until(() -> !process.isAlive());

    Person.Result result = person.run("cloud", "namespace", "list");

    assertThat(result.exit()).isEqualTo(9);
    assertThat(result.err()).startsWith("error: this host's node is not running\n");
  }
}

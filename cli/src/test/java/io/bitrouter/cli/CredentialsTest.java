package io.bitrouter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which credential is used, where it is kept and who may read it. */
class CredentialsTest {
  private static final String USAGE =
      """
      {"from":"2026-05-01T00:00:00Z","to":"2026-06-01T00:00:00Z","spend_micro_usd":0,
       "prompt_tokens":0,"completion_tokens":0,"request_count":0,"denied_count":0}\
      """;

  @TempDir Path folder;
  private final FakeNode node = new FakeNode();

  @AfterEach
  void close() {
    node.close();
  }

  private String saved(String key, String url) {
    return """
    {"kind":"api_key","api_key":"%s","base_url":"%s","id":"key_1","name":"host cli",
     "namespace_id":"ns_1","namespace_name":"default","scope":"keys:read usage:read",
     "others":{}}\
    """
        .formatted(key, url);
  }

  private String credentialUsed(Person person) {
    node.on("GET /v1/namespaces/me/usage", USAGE);
    assertThat(person.run("cloud", "usage").exit()).isZero();
    return node.seen().getLast().authorization();
  }

  @Test
  void theEnvironmentWinsOverTheHostOverTheSignIn() {
    Person person =
        new Person(folder)
            .file(
                folder.resolve(".local/share/bitrouter/account-credentials.json"),
                saved("brk_login.s", node.url()),
                "rw-------");
    assertThat(credentialUsed(person)).isEqualTo("Bearer brk_login.s");

    person.file(person.hostFile(), saved("brk_host.s", node.url()), "rw-------");
    assertThat(credentialUsed(person)).isEqualTo("Bearer brk_host.s");

    person.with(node);
    assertThat(credentialUsed(person)).isEqualTo("Bearer brk_env.secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"BITROUTER_URL", "BITROUTER_API_KEY"})
  void halfAnEnvironmentIsNotCompletedFromFiles(String variable) {
    Person person = new Person(folder);
    person.file(person.hostFile(), saved("brk_host.s", node.url()), "rw-------");

    Person.Result result = person.env(variable, "http://127.0.0.1:1").run("cloud", "usage");

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).startsWith("error: " + variable + " is set without the other\n");
    assertThat(node.seen()).isEmpty();
  }

  @Test
  void whoamiAndCurrentNeedNoNetwork() {
    Person person = new Person(folder);
    person.file(person.hostFile(), saved("brk_host.s", "http://127.0.0.1:1"), "rw-------");

    assertThat(person.run("cloud", "whoami").out())
        .isEqualTo(
            """
            key:          host cli (key_1)
            namespace:    default (ns_1)
            scopes:       keys:read usage:read
            expires:      never
            credentials:  %s
            base url:     http://127.0.0.1:1
            """
                .formatted(person.hostFile()));
    assertThat(person.run("cloud", "namespace", "current").out()).isEqualTo("ns_1  default\n");
    assertThat(person.run("cloud", "namespace", "current", "--json").out())
        .isEqualTo("{\"namespace_id\":\"ns_1\",\"namespace_name\":\"default\"}\n");
    assertThat(person.run("status").out()).contains("credential:  host cli (key_1), namespace");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----"})
  void aFileThatOthersCanReadIsRefused(String mode) {
    Person person = new Person(folder);
    person.file(person.hostFile(), saved("brk_host.s", node.url()), mode);

    Person.Result result = person.run("cloud", "usage");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("can be read or changed by others").contains("chmod 600");
    assertThat(node.seen()).isEmpty();
  }

  @Test
  void aSignInOfTheOriginalClientIsReadWithoutItsExtras() {
    Person person =
        new Person(folder)
            .file(
                folder.resolve("xdg/bitrouter/account-credentials.json"),
                "{\"kind\":\"api_key\",\"api_key\":\"brk_o.s\",\"base_url\":\""
                    + node.url()
                    + "\"}",
                "rw-------")
            .env("XDG_DATA_HOME", folder.resolve("xdg").toString());
    assertThat(credentialUsed(person)).isEqualTo("Bearer brk_o.s");

    person.file(
        folder.resolve("xdg/bitrouter/account-credentials.json"),
        "{\"kind\":\"oauth\",\"access_token\":\"x\",\"authorization_server\":\""
            + node.url()
            + "\"}",
        "rw-------");
    Person.Result result = person.run("cloud", "usage");
    assertThat(result.exit()).isEqualTo(4);
    assertThat(result.err()).contains("browser sign-in, which this version cannot use");
  }

  @Test
  void loginKeepsAWorkingKeyAndLogoutForgetsIt() throws IOException {
    node.on(
        "GET /v1/credential",
        """
        {"kind":"api_key","id":"key_5","name":"agent","namespace_id":"ns_2",
         "namespace_name":"prod","scopes":["usage:read"]}\
        """);
    Person person = new Person(folder).file(folder.resolve("key.txt"), "brk_k.s\n", "rw-------");

    Person.Result login =
        person.run("cloud", "login", "--api-key-file", "key.txt", "--oauth-as", node.url() + "/");

    assertThat(login.err()).isEmpty();
    assertThat(login.out())
        .isEqualTo("signed in to " + node.url() + " as agent (key_5), namespace prod (ns_2)\n");
    assertThat(Files.readString(person.loginFile()))
        .isEqualTo(
            """
            {"kind":"api_key","api_key":"brk_k.s","base_url":"%s","id":"key_5","name":"agent",\
            "namespace_id":"ns_2","namespace_name":"prod","scope":"usage:read"}\
            """
                .formatted(node.url()));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(person.loginFile())))
        .isEqualTo("rw-------");
    assertThat(credentialUsed(person)).isEqualTo("Bearer brk_k.s");

    try (FakeNode other = new FakeNode()) {
      Person.Result again =
          person.run("cloud", "login", "--api-key-file", "key.txt", "--url", other.url());
      assertThat(again.exit()).as("another origin's file stays").isEqualTo(7);
      assertThat(other.seen()).isEmpty();
    }

    assertThat(person.run("cloud", "logout").out()).isEqualTo("signed out\n");
    assertThat(person.loginFile()).doesNotExist();
    assertThat(person.run("cloud", "logout", "--json").out()).isEqualTo("{\"signed_out\":true}\n");
  }

  @Test
  void aKeyOnTheCommandLineIsTakenWithAWarning() {
    node.on("GET /v1/credential", 401, "{\"error\":\"unauthorized\",\"error_description\":\"no\"}");

    Person.Result result =
        new Person(folder).run("cloud", "login", "--api-key", "brk_k.s", "--url", node.url());

    assertThat(result.exit()).isEqualTo(4);
    assertThat(result.err()).startsWith("other users can see --api-key in the process list");
    assertThat(new Person(folder).loginFile()).as("a key that fails is not kept").doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"sk-nothing", "brk_", "brk_a", "brk_.b", "brk_a.", "brk_a.b.c", "brk_a.b c"})
  void onlyAKeyIsAKey(String key) {
    Person.Result result =
        new Person(folder).run("cloud", "login", "--api-key", key, "--url", node.url());

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).endsWith("one looks like brk_<id>.<secret>\n");
    assertThat(node.seen()).isEmpty();
  }

  @Test
  void aKeyCanComeFromStandardInput() {
    node.on("GET /v1/credential", 401, "{}");

    new Person(folder)
        .typing("brk_typed.s\n")
        .run("cloud", "login", "--api-key-file", "-", "--url", node.url());

    assertThat(node.seen().getFirst().authorization()).isEqualTo("Bearer brk_typed.s");
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:4356,http://127.0.0.1:4356",
    "http://localhost/,http://localhost",
    "http://[::1]:80,http://[::1]:80",
    "http://127.255.0.3,http://127.255.0.3",
    "HTTPS://Node.Example.ORG:8443,https://node.example.org:8443",
  })
  void originsThatAreSafe(String url, String origin) {
    assertThat(BaseUrl.of(url)).isEqualTo(origin);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://node.example.org",
        "http://10.0.0.1",
        "http://127.0.0.1.example.org",
        "http://127.1",
        "http://1127.0.0.1",
        "http://127.0.0.256",
        "http://localhost.example.org",
        "ftp://127.0.0.1",
        "127.0.0.1:4356",
        "https://user@node.example.org",
        "https://node.example.org/path",
        "https://node.example.org?x",
        "https://",
        "http://bad host",
        "",
      })
  void originsThatWouldLeakAKeyAreRefused(String url) {
    Person.Result result =
        new Person(folder).run("cloud", "login", "--api-key", "brk_k.s", "--url", url);

    assertThat(result.exit()).isEqualTo(2);
  }

  @Test
  void theHostsKeyFollowsTheNodeToAnotherPort() {
    Person person = new Person(folder);
    person.file(person.hostFile(), saved("brk_host.s", "http://127.0.0.1:1"), "rw-------");
    try (NodeProcess process = NodeProcess.start()) {
      person.nodeFile(node, process.pid(), process.startedAt());
      assertThat(credentialUsed(person)).isEqualTo("Bearer brk_host.s");
    }
  }
}

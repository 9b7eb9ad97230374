package io.bitrouter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Agents as children of the program: what they are given, and how they end. */
class LaunchTest {
  private static final String RECORDER =
      """
      #!/bin/sh
      env -0 >"$RECORD/env"
      for word; do printf '%s\\0' "$word"; done >"$RECORD/arguments"
      pwd >"$RECORD/folder"
      exit 7
      """;

  private static final String MODELS =
      """
      {"object":"list","has_more":false,"data":[
       {"id":"sim/echo","object":"model","created":1,"owned_by":"sim","type":"model",
        "display_name":"echo","input_modalities":["text"],"output_modalities":["text"],
        "capabilities":["streaming"],"providers":["sim"]},
       {"id":"openai/big","object":"model","created":1,"owned_by":"openai","type":"model",
        "display_name":"big","input_modalities":["text"],"output_modalities":["text"],
        "capabilities":["streaming"],"max_input_tokens":9000,"max_output_tokens":700,
        "providers":["openai"]}]}
      """;

  @TempDir Path folder;
  @TempDir Path record;
  private final FakeNode node = new FakeNode();
  private Person person;

  @BeforeEach
  void signIn() {
    node.on("GET /v1/models", MODELS);
    person =
        new Person(folder)
            .with(node)
            .env("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"))
            .env("RECORD", record.toString());
  }

  @AfterEach
  void close() {
    node.close();
  }

  private void install(String agent, String script) {
    person.file(folder.resolve("bin").resolve(agent), script, "rwxr-xr-x");
  }

  private List<String> recorded(String what) {
    try {
      String all = Files.readString(record.resolve(what));
      return all.isEmpty() ? List.of() : List.of(all.split("\0", -1)).subList(0, count(all));
    } catch (IOException e) {
      throw new AssertionError("the agent did not run", e);
    }
  }

  private static int count(String all) {
    return (int) all.chars().filter(c -> c == 0).count();
  }

  private Map<String, String> environment() {
    return recorded("env").stream()
        .map(line -> line.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (a, b) -> b, TreeMap::new));
  }

  @Test
  void claudeGetsTheNodeAndNothingThatLeadsElsewhere() throws IOException {
    install("claude", RECORDER);
    person
        .env("ANTHROPIC_API_KEY", "sk-ant-foreign")
        .env("ANTHROPIC_BASE_URL", "https://elsewhere.example")
        .env("CLAUDE_CODE_USE_BEDROCK", "1")
        .env("EDITOR", "vi");
    List<Path> before = files();

    Person.Result result = person.run("launch", "claude");

    assertThat(result).isEqualTo(new Person.Result(7, "", ""));
    assertThat(environment())
        .containsEntry("ANTHROPIC_BASE_URL", node.url())
        .containsEntry("ANTHROPIC_AUTH_TOKEN", "brk_env.secret")
        .containsEntry("ANTHROPIC_API_KEY", "")
        .containsEntry("CLAUDE_CODE_USE_BEDROCK", "")
        .containsEntry("CLAUDE_CODE_USE_VERTEX", "")
        .containsEntry("CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY", "1")
        .containsEntry("EDITOR", "vi")
        .doesNotContainKeys("ANTHROPIC_MODEL", "OPENAI_API_KEY");
    assertThat(recorded("arguments")).isEmpty();
    assertThat(Files.readString(record.resolve("folder"))).isEqualTo(folder.toRealPath() + "\n");
    assertThat(node.seen()).isEmpty();
    assertThat(files()).isEqualTo(before);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.sorted().toList();
    }
  }

  @Test
  void aModelHoldsForAllThatClaudeAsksFor() {
    install("claude", RECORDER);

    person.run("launch", "claude", "--model", "sim/echo");

    assertThat(environment())
        .containsEntry("ANTHROPIC_MODEL", "sim/echo")
        .containsEntry("ANTHROPIC_DEFAULT_OPUS_MODEL", "sim/echo")
        .containsEntry("ANTHROPIC_DEFAULT_SONNET_MODEL", "sim/echo")
        .containsEntry("ANTHROPIC_DEFAULT_HAIKU_MODEL", "sim/echo");
  }

  @Test
  void codexGetsAProviderWhoseKeyIsInTheEnvironmentOnly() {
    install("codex", RECORDER);

    assertThat(person.run("launch", "codex", "--model", "a\"b", "--", "exec", "hi").exit())
        .isEqualTo(7);

    assertThat(recorded("arguments"))
        .containsExactly(
            "-c",
            "model_provider=\"bitrouter\"",
            "-c",
            "model_providers.bitrouter={name=\"BitRouter\",base_url=\""
                + node.url()
                + "/v1\","
                + "env_key=\"BITROUTER_API_KEY\",wire_api=\"responses\"}",
            "-c",
            "model=\"a\\\"b\"",
            "exec",
            "hi");
    assertThat(environment())
        .containsEntry("BITROUTER_API_KEY", "brk_env.secret")
        .containsEntry("BITROUTER_URL", node.url());
  }

  @ParameterizedTest
  @CsvSource({
    "'',          sim/echo,   '\"sim/echo\":{}',  '\"openai/big\":{\"limit\":{\"context\":9000,\"output\":700}}'",
    "openai/big,  openai/big, '\"openai/big\":{\"limit\":{\"context\":9000,\"output\":700}}', '\"sim/echo\":{}'",
    "unlisted,    unlisted,   '\"unlisted\":{}',  '\"sim/echo\":{},\"openai/big\":{\"limit\":{\"context\":9000,\"output\":700}}'",
  })
  void opencodeKnowsTheModelsOfTheKey(String wanted, String chosen, String first, String others) {
    install("opencode", RECORDER);
    List<String> words = new ArrayList<>(List.of("launch", "opencode"));
    if (!wanted.isEmpty()) {
      words.addAll(List.of("--model", wanted));
    }

    assertThat(person.run(words.toArray(String[]::new)).exit()).isEqualTo(7);

    assertThat(environment())
        .containsEntry("BITROUTER_API_KEY", "brk_env.secret")
        .containsEntry(
            "OPENCODE_CONFIG_CONTENT",
            ("{'model':'bitrouter/CHOSEN','small_model':'bitrouter/CHOSEN',"
                    + "'enabled_providers':['bitrouter'],'provider':{'bitrouter':{"
                    + "'npm':'@ai-sdk/openai-compatible','name':'BitRouter','options':{"
                    + "'baseURL':'URL/v1','apiKey':'{env:BITROUTER_API_KEY}'},'models':{MODELS}}}}")
                .replace('\'', '"')
                .replace("CHOSEN", chosen)
                .replace("URL/v1", node.url() + "/v1")
                .replace("MODELS", first + "," + others));
  }

  @Test
  void aKeyWithoutModelsStartsNoOpencode() {
    install("opencode", RECORDER);
    node.on("GET /v1/models", "{\"object\":\"list\",\"has_more\":false,\"data\":[]}");

    Person.Result result = person.run("launch", "opencode");

    assertThat(result.exit()).isEqualTo(6);
    assertThat(result.err())
        .startsWith("error: the key can use no model")
        .contains("cloud policy effective --principal-type namespace");
    assertThat(record).isEmptyDirectory();
  }

  @Test
  void argumentsArriveAsTheyWereTyped() {
    install("claude", RECORDER);
    person.file(folder.resolve("notes"), "not an argument", "rw-------");
    String[] typed = {"-p", "", "@" + folder.resolve("notes"), "--json", "--help", "--", "start"};

    String[] words =
        Stream.concat(Stream.of("launch", "claude", "--"), Stream.of(typed)).toArray(String[]::new);
    assertThat(person.run(words).exit()).isEqualTo(7);

    assertThat(recorded("arguments")).containsExactly(typed);
  }

  @ParameterizedTest
  @CsvSource({
    "claude,   npm install -g @anthropic-ai/claude-code",
    "codex,    npm install -g @openai/codex",
    "opencode, npm install -g opencode-ai",
  })
  void aMissingAgentIsOneErrorThatSaysHowToInstallIt(String agent, String command) {
    Person.Result result = person.env("PATH", record.toString()).run("launch", agent);

    assertThat(result)
        .isEqualTo(
            new Person.Result(
                6,
                "",
                """
                error: there is no %s on the PATH
                hint: install it with '%s'
                """
                    .formatted(agent, command)));
    assertThat(node.seen()).isEmpty();
  }

  @Test
  void nothingStartsWithoutACredentialOrByAWrongName() {
    install("claude", RECORDER);
    assertThat(
            new Person(folder)
                .env("PATH", folder.resolve("bin").toString())
                .run("launch", "claude")
                .exit())
        .isEqualTo(4);
    assertThat(person.run("launch", "emacs").exit()).isEqualTo(2);
    assertThat(person.run("launch").exit()).isEqualTo(2);
    assertThat(record).isEmptyDirectory();
  }

  @Test
  void aProgramThatCannotRunIsAFailure() {
    install("claude", "#!/no/such/interpreter\n");

    Person.Result result = person.run("launch", "claude");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).startsWith("error: cannot run " + folder.resolve("bin/claude"));
  }

  private Process real() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "io.bitrouter.cli.Main",
            "launch",
            "claude");
    builder.environment().putAll(person.variables());
    return builder.redirectError(record.resolve("err").toFile()).start();
  }

  @Test
  void theAgentHasTheTerminal() throws Exception {
    install("claude", "#!/bin/sh\nread line\necho \"got $line\"\necho complaint >&2\nexit 3\n");
    Process program = real();
    try (var in = program.getOutputStream()) {
      in.write("typed\n".getBytes(StandardCharsets.UTF_8));
    }

    assertThat(program.inputReader().readAllAsString()).isEqualTo("got typed\n");
    assertThat(program.waitFor()).isEqualTo(3);
    assertThat(Files.readString(record.resolve("err"))).isEqualTo("complaint\n");
  }

  @Test
  void interruptingIsTheAgentsBusinessAndEndingIsPassedOn() throws Exception {
    install(
        "claude",
        """
        #!/bin/sh
        trap 'kill $!; exit 9' TERM
        sleep 600 >/dev/null 2>&1 &
        echo ready
        while :; do wait $!; done
        """);
    Process program = real();
    try (BufferedReader out = program.inputReader()) {
      assertThat(out.readLine()).isEqualTo("ready");
      assertThat(new ProcessBuilder("kill", "-INT", "" + program.pid()).start().waitFor()).isZero();
      program.destroy();

      assertThat(program.waitFor()).isEqualTo(9);
    }
  }
}

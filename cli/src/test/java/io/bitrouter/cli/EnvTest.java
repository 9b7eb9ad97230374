package io.bitrouter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines that point clients at the node. */
class EnvTest {
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
  void eachClientHasItsOwnVariables() {
    assertThat(agent().run("env", "openai"))
        .isEqualTo(
            new Person.Result(
                0,
                """
                export OPENAI_BASE_URL='URL/v1'
                export OPENAI_API_KEY='brk_env.secret'
                """
                    .replace("URL/", node.url() + "/"),
                ""));
    assertThat(agent().run("env", "anthropic").out())
        .isEqualTo(
            """
            export ANTHROPIC_BASE_URL='%s'
            export ANTHROPIC_AUTH_TOKEN='brk_env.secret'
            export ANTHROPIC_API_KEY='brk_env.secret'
            """
                .formatted(node.url()));
    assertThat(agent().run("env", "gemini").out())
        .isEqualTo(
            """
            export GOOGLE_GEMINI_BASE_URL='%1$s'
            export GEMINI_BASE_URL='%1$s'
            export GEMINI_API_KEY='brk_env.secret'
            export GOOGLE_API_KEY=''
            export GOOGLE_GENAI_USE_VERTEXAI=''
            export GOOGLE_GENAI_USE_ENTERPRISE=''
            """
                .formatted(node.url()));
    assertThat(agent().run("env", "claude").out())
        .startsWith(
            """
            export ANTHROPIC_BASE_URL='%s'
            export ANTHROPIC_AUTH_TOKEN='brk_env.secret'
            export ANTHROPIC_API_KEY=''
            export CLAUDE_CODE_USE_BEDROCK=''
            """
                .formatted(node.url()));
    assertThat(node.seen()).isEmpty();
  }

  @Test
  void codexIsToldThatVariablesAreNotAll() {
    Person.Result result = agent().run("env", "codex");

    assertThat(result.out())
        .isEqualTo(
            """
            export BITROUTER_URL='%s'
            export BITROUTER_API_KEY='brk_env.secret'
            """
                .formatted(node.url()));
    assertThat(result.err())
        .isEqualTo("Codex needs a provider besides, which 'bitrouter launch codex' gives to it\n");
  }

  @Test
  void withoutAClientAllOfThemEachVariableOnce() {
    node.on(
        "GET /v1/models",
        """
        {"object":"list","has_more":false,"data":[
         {"id":"sim/it's","object":"model","created":1,"owned_by":"sim","type":"model",
          "display_name":"echo","input_modalities":[],"output_modalities":[],"capabilities":[],
          "providers":[]}]}
        """);

    Person.Result result = agent().run("env");

    assertThat(result.err()).isEmpty();
    assertThat(result.out().lines().map(line -> line.replaceFirst("=.*", "")))
        .doesNotHaveDuplicates()
        .contains(
            "export OPENAI_API_KEY",
            "export GEMINI_API_KEY",
            "export BITROUTER_API_KEY",
            "export OPENCODE_CONFIG_CONTENT");
    assertThat(result.out())
        .contains("export ANTHROPIC_API_KEY=''\n", "\"sim/it'\\''s\":{}")
        .doesNotContain("ANTHROPIC_API_KEY='brk_");
  }

  @Test
  void aShellReadsTheLinesWhateverTheKeyHolds() throws Exception {
    String key = "brk_a.'; touch pwned; $(touch pwned) `touch pwned` \\";
    Person.Result result =
        new Person(folder)
            .env("BITROUTER_URL", node.url())
            .env("BITROUTER_API_KEY", key)
            .run("env", "openai");
    Process shell =
        new ProcessBuilder(
                "sh", "-c", "eval \"$1\"; printf %s \"$OPENAI_API_KEY\"", "sh", result.out())
            .directory(folder.toFile())
            .start();

    assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo(key);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void jsonIsOneObject() {
    assertThat(agent().run("env", "openai", "--json").out())
        .isEqualTo(
            "{\"OPENAI_BASE_URL\":\"%s/v1\",\"OPENAI_API_KEY\":\"brk_env.secret\"}\n"
                .formatted(node.url()));
  }

  @Test
  void aTerminalIsToldOfTheSecret() {
    Person.Result result = agent().terminals(true, true, true).run("env", "openai");

    assertThat(result.err()).isEqualTo("this shows a secret: whoever reads the key can use it\n");
  }

  @Test
  void withoutACredentialThereAreNoLines() {
    Person.Result result = new Person(folder).run("env", "openai");

    assertThat(result.exit()).isEqualTo(4);
    assertThat(result.out()).isEmpty();
  }
}

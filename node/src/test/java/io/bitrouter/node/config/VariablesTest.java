package io.bitrouter.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VariablesTest {

  @TempDir Path folder;
  private ConfigText text;

  @BeforeEach
  void open() {
    text = new ConfigText(folder);
  }

  @Test
  void aVariableTakesPartInAnyValue() {
    NodeConfig config =
        text.load(
            """
            server: {listen: "127.0.0.1:${PORT}", max_connections: "${MANY:-7}"}
            log:
              level: ${LEVEL:-warn}
            """,
            Map.of("PORT", "81", "LEVEL", ""));
    assertThat(config.server().listen()).hasToString("127.0.0.1:81");
    assertThat(config.server().maxConnections()).isEqualTo(7);
    assertThat(config.logLevel()).isEqualTo(NodeConfig.LogLevel.WARN);
  }

  @Test
  void theContentOfAVariableIsNeitherYamlNorSearchedAgain() {
    String content = "a${B}\"}:[x]#";
    assertThat(
            text.load("providers: {openai: {api_key: \"${A}\"}}", Map.of("A", content, "B", "b"))
                .providers()
                .getFirst()
                .apiKey()
                .orElseThrow()
                .reveal())
        .isEqualTo(content);
  }

  @Test
  void dollarsCanBeWritten() {
    assertThat(
            text.load("providers:\n  openai:\n    api_key: a$b$${C}$\n")
                .providers()
                .getFirst()
                .apiKey()
                .orElseThrow()
                .reveal())
        .isEqualTo("a$b${C}$");
  }

  @Test
  void aMissingVariableIsNamedWithThePath() {
    assertThat(text.problems("log:\n  level: ${NO_SUCH}\n"))
        .containsExactly(
            "FILE:2: log.level: the environment variable NO_SUCH is not set; set it, or write"
                + " ${NO_SUCH:-default}");
  }

  @Test
  void anEmptyValueIsRefusedAndAMalformedReferenceToo() {
    assertThat(text.problems("log:\n  level: ${E}\n", Map.of("E", "")))
        .containsExactly("FILE:2: log.level: is empty once variables are replaced");
    assertThat(text.problems("log:\n  level: ${E-x}\n", Map.of("E", "pw")))
        .singleElement()
        .asString()
        .contains("a variable is written ${NAME} or ${NAME:-default}")
        .doesNotContain("pw");
  }

  @Test
  void variablesInCommentsAreNotLookedAt() {
    assertThat(text.load("# ${NO_SUCH}\nlog: {level: error} # ${NO_SUCH}\n").logLevel())
        .isEqualTo(NodeConfig.LogLevel.ERROR);
  }

  @Test
  void noMessageShowsWhatAVariableHolds() {
    assertThat(
            text.problems(
                """
                server:
                  listen: ${S}
                  max_connections: ${S}
                  transport: ${S}
                limits:
                  body_bytes: ${S}
                providers:
                  x:
                    api_base: ${S}
                    auth: ${S}
                    protocol: ${S}
                    models: ["${S} ", {id: a, price: {input: "${S}", output: "${S}"}}]
                    namespaces: ["${S}"]
                """,
                Map.of("S", "canary-4711")))
        .hasSizeGreaterThan(9)
        .noneSatisfy(line -> assertThat(line).contains("canary"));
  }
}

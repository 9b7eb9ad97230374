package io.bitrouter.node.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitrouter.core.catalog.Model;
import io.bitrouter.core.catalog.Price;
import io.bitrouter.core.catalog.Provider;
import io.bitrouter.core.credential.Reach;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.node.config.ConfigException;
import io.bitrouter.node.config.ConfigFile;
import io.bitrouter.node.config.NodeConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProvidersTest {

  private static final NamespaceId SOME = new NamespaceId("ns_01j8z3k4m5n6p7q8r9s0t1v2w3");
  private static final URI SIMULATOR = URI.create("http://127.0.0.1:7");
  private static final Map<String, String> NOTHING = Map.of();
  private static final Map<String, String> BOTH =
      Map.of("OPENAI_API_KEY", "sk-o", "ANTHROPIC_API_KEY", "sk-a");

  @TempDir Path folder;

  @Test
  void withoutKeysOnlyTheSimulatorIsRoutable() throws Exception {
    assertThat(Providers.from(config(""), NOTHING).wantSimulator(config(""))).isTrue();
    Provider sim = only(Providers.from(config(""), NOTHING).withSimulator(SIMULATOR));
    assertThat(sim.id()).isEqualTo(Providers.SIMULATOR);
    assertThat(sim.base()).isEqualTo(URI.create("http://127.0.0.1:7/v1"));
    assertThat(sim.auth()).isEqualTo(new Provider.Auth.None());
    assertThat(sim.key()).isEmpty();
    assertThat(sim.protocols()).containsExactlyInAnyOrder(Protocol.values());
    assertThat(sim.models())
        .extracting(model -> model.id().toString())
        .containsExactly("sim/echo", "sim/lorem");
    assertThat(sim.models())
        .extracting(model -> model.price().orElseThrow())
        .containsOnly(new Price(500_000, 500_000, 500_000, 500_000, 1_000_000));
  }

  @ParameterizedTest
  @CsvSource({
    "auto, false, true",
    "auto, true, false",
    "true, false, true",
    "true, true, true",
    "false, false, false",
    "false, true, false"
  })
  void theSimulatorRunsWhenItIsAskedForOrAlone(String enabled, boolean keys, boolean wanted)
      throws Exception {
    NodeConfig config = config("simulator: {enabled: " + enabled + "}");
    assertThat(Providers.from(config, keys ? BOTH : NOTHING).wantSimulator(config))
        .isEqualTo(wanted);
  }

  @Test
  void aConfiguredProviderSwitchesTheSimulatorOff() throws Exception {
    NodeConfig config =
        config("providers: {x: {api_base: \"http://127.0.0.1:1\", protocol: chat, models: [m]}}");
    assertThat(Providers.from(config, NOTHING).wantSimulator(config)).isFalse();
  }

  @Test
  void aKeyInTheEnvironmentMakesItsProviderRoutable() throws Exception {
    List<Provider> both = Providers.from(config(""), BOTH).catalog().providers();
    assertThat(both).extracting(p -> p.id().text()).containsExactly("openai", "anthropic");
    Provider openai = both.getFirst();
    assertThat(openai.base()).isEqualTo(URI.create("https://api.openai.com/v1"));
    assertThat(openai.auth()).isEqualTo(new Provider.Auth.Bearer());
    assertThat(openai.protocols()).containsExactly(Protocol.CHAT, Protocol.RESPONSES);
    assertThat(openai.key().orElseThrow().reveal()).isEqualTo("sk-o");
    assertThat(openai.namespaces()).isEqualTo(new Reach.Everything());
    Provider anthropic = both.getLast();
    assertThat(anthropic.base()).isEqualTo(URI.create("https://api.anthropic.com/v1"));
    assertThat(anthropic.auth()).isEqualTo(new Provider.Auth.Header("x-api-key"));
    assertThat(anthropic.protocols()).containsExactly(Protocol.MESSAGES);
    assertThat(anthropic.key().orElseThrow().reveal()).isEqualTo("sk-a");
    for (String name : List.of("OPENAI_API_KEY", "ANTHROPIC_API_KEY")) {
      Provider one = only(Providers.from(config(""), Map.of(name, BOTH.get(name))));
      assertThat(name).startsWithIgnoringCase(one.id().text());
    }
    assertThat(Providers.from(config(""), Map.of("OPENAI_API_KEY", " ")).catalog().providers())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "OPENAI, https://h, https://h/v1",
    "OPENAI, https://h/, https://h/v1",
    "OPENAI, https://h/v1, https://h/v1",
    "OPENAI, https://h/v1/, https://h/v1",
    "OPENAI, https://h/openai/v1, https://h/openai/v1",
    "OPENAI, https://h/openai, https://h/openai",
    "ANTHROPIC, https://h, https://h/v1",
    "ANTHROPIC, https://h/v1, https://h/v1",
    "ANTHROPIC, https://h/anthropic, https://h/anthropic/v1",
    "ANTHROPIC, https://h/anthropic/v1/, https://h/anthropic/v1"
  })
  void theBaseOfTheEnvironmentMayHaveItsVersionOrNot(String name, String given, String base)
      throws Exception {
    Map<String, String> environment = Map.of(name + "_API_KEY", "k", name + "_BASE_URL", given);
    assertThat(only(Providers.from(config(""), environment)).base()).isEqualTo(URI.create(base));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://127.0.0.1:4356", "http://localhost:4356/v1", "http://[::1]:4356/v1"})
  void aBaseThatIsThisNodeIsNotUsed(String base) throws Exception {
    Providers providers =
        Providers.from(config(""), Map.of("OPENAI_API_KEY", "sk-o", "OPENAI_BASE_URL", base));
    assertThat(only(providers).base()).isEqualTo(URI.create("https://api.openai.com/v1"));
    assertThat(providers.warnings())
        .containsExactly(
            "OPENAI_BASE_URL points at this node and is not used for provider 'openai'");
  }

  @Test
  void aTokenOfThisProgramIsNotAProvidersKey() throws Exception {
    Providers providers = Providers.from(config(""), Map.of("ANTHROPIC_API_KEY", "brk_canary.x"));
    assertThat(providers.catalog().providers()).isEmpty();
    assertThat(providers.warnings())
        .singleElement()
        .asString()
        .contains("ANTHROPIC_API_KEY")
        .doesNotContain("canary");
  }

  @ParameterizedTest
  @CsvSource({
    "OPENAI_API_KEY, sk canary, holds a character",
    "OPENAI_BASE_URL, canary, must be http:// or https://",
    "OPENAI_BASE_URL, https://u:canary@h/v1, must be http:// or https://"
  })
  void anUnusableVariableIsNamedAndNotShown(String name, String value, String message) {
    Map<String, String> environment = new HashMap<>(Map.of("OPENAI_API_KEY", "k"));
    environment.put(name, value);
    assertThatThrownBy(() -> Providers.from(config(""), environment))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(name)
        .hasMessageContaining(message)
        .hasMessageNotContaining("canary");
  }

  @Test
  void aKnownProviderInTheFileInheritsWhatItDoesNotSay() throws Exception {
    Providers providers =
        Providers.from(
            config(
                """
                providers:
                  anthropic:
                    namespaces: [%s]
                    models: [claude-haiku-4-5, {id: fast, upstream_model: claude-haiku-4-5},
                             claude-99]
                """
                    .formatted(SOME)),
            BOTH);
    assertThat(providers.catalog().providers())
        .extracting(p -> p.id().text())
        .containsExactly("anthropic", "openai");
    Provider anthropic = providers.catalog().providers().getFirst();
    assertThat(anthropic.base()).isEqualTo(URI.create("https://api.anthropic.com/v1"));
    assertThat(anthropic.auth()).isEqualTo(new Provider.Auth.Header("x-api-key"));
    assertThat(anthropic.key().orElseThrow().reveal()).isEqualTo("sk-a");
    assertThat(anthropic.namespaces()).isEqualTo(new Reach.Only(Set.of(SOME)));
    Model listed = anthropic.models().get(0);
    Model renamed = anthropic.models().get(1);
    Model unknown = anthropic.models().get(2);
    assertThat(listed.price())
        .contains(new Price(1_000_000, 100_000, 1_250_000, 2_000_000, 5_000_000));
    assertThat(listed.priceVersion()).isEqualTo(BundledCatalog.load().version());
    assertThat(listed.contextTokens()).hasValue(200_000);
    assertThat(renamed.id()).hasToString("anthropic/fast");
    assertThat(renamed.upstreamModel()).isEqualTo("claude-haiku-4-5");
    assertThat(renamed.price()).isEqualTo(listed.price());
    assertThat(unknown.price()).isEmpty();
    assertThat(unknown.priceVersion()).isEmpty();
  }

  @Test
  void theFileWinsOverEnvironmentAndCatalogue() throws Exception {
    Provider openai =
        only(
            Providers.from(
                config(
                    """
                    providers:
                      openai:
                        api_base: https://proxy.example/openai
                        api_key: sk-file
                        auth: header:api-key
                        models:
                          - id: gpt-5
                            max_output_tokens: 5
                            price: {input: 1, output: 2}
                    """),
                Map.of("OPENAI_API_KEY", "sk-env", "OPENAI_BASE_URL", "https://env")));
    assertThat(openai.base()).isEqualTo(URI.create("https://proxy.example/openai"));
    assertThat(openai.key().orElseThrow().reveal()).isEqualTo("sk-file");
    assertThat(openai.auth()).isEqualTo(new Provider.Auth.Header("api-key"));
    Model model = openai.models().getFirst();
    assertThat(model.price())
        .contains(new Price(1_000_000, 1_000_000, 1_000_000, 1_000_000, 2_000_000));
    assertThat(model.priceVersion()).isEqualTo("configured");
    assertThat(model.maxOutputTokens()).hasValue(5);
    assertThat(model.contextTokens()).hasValue(400_000);
  }

  @Test
  void anUnknownProviderNeedsBaseProtocolAndModels() {
    assertThatThrownBy(() -> Providers.from(config("providers:\n  x:\n"), NOTHING))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                assertThat(e.problems())
                    .allSatisfy(line -> assertThat(line).contains("bitrouter.yaml:2: providers.x."))
                    .satisfiesExactly(
                        line -> assertThat(line).contains("x.api_base is missing"),
                        line -> assertThat(line).contains("x.protocol is missing"),
                        line ->
                            assertThat(line)
                                .contains(
                                    "x.models is missing; only openai, anthropic, google are known")));
  }

  @Test
  void aKeyIsNeededWhereAKeyIsSent() throws Exception {
    assertThatThrownBy(() -> Providers.from(config("providers: {openai: {}}"), NOTHING))
        .hasMessageContaining(
            "providers.openai.api_key is missing; give it, set OPENAI_API_KEY, or say auth: none");
    String local = "api_base: \"http://127.0.0.1:1/v1\", protocol: chat, models: [m]";
    assertThatThrownBy(
            () -> Providers.from(config("providers: {x: {" + local + ", auth: bearer}}"), NOTHING))
        .hasMessageContaining("providers.x.api_key is missing; give it, or say auth: none");
    assertThat(only(Providers.from(config("providers: {x: {" + local + "}}"), NOTHING)).auth())
        .isEqualTo(new Provider.Auth.None());
    assertThat(
            only(Providers.from(config("providers: {x: {" + local + ", api_key: k}}"), NOTHING))
                .auth())
        .isEqualTo(new Provider.Auth.Bearer());
    Provider bare =
        only(
            Providers.from(
                config("providers: {openai: {auth: none}}"), Map.of("OPENAI_API_KEY", "k")));
    assertThat(bare.key()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "http://10.1.2.3:8000/v1, true",
    "http://llm.example/v1, true",
    "http://127.0.0.1:8000/v1, false",
    "http://[::1]:8000/v1, false",
    "http://localhost:8000/v1, false",
    "https://llm.example/v1, false"
  })
  void plainHttpOffLoopbackIsWarnedOf(String base, boolean warned) throws Exception {
    Providers providers =
        Providers.from(
            config("providers: {x: {api_base: \"" + base + "\", protocol: chat, models: [m]}}"),
            NOTHING);
    assertThat(providers.warnings()).hasSize(warned ? 1 : 0);
    assertThat(only(providers).base()).isEqualTo(URI.create(base));
  }

  @Test
  void theSimulatorIsTheLastChoice() throws Exception {
    assertThat(Providers.from(config(""), BOTH).withSimulator(SIMULATOR).catalog().providers())
        .extracting(p -> p.id().text())
        .containsExactly("openai", "anthropic", "sim");
  }

  private static Provider only(Providers providers) {
    assertThat(providers.catalog().providers()).hasSize(1);
    return providers.catalog().providers().getFirst();
  }

  private NodeConfig config(String yaml) throws ConfigException, IOException {
    Path file = Files.writeString(folder.resolve("bitrouter.yaml"), yaml);
    return ConfigFile.load(file, Map.of(), ConfigFile.Overrides.none());
  }
}

package io.bitrouter.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitrouter.core.catalog.Price;
import io.bitrouter.core.catalog.Provider;
import io.bitrouter.core.credential.Reach;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.namespace.NamespaceId;
import io.bitrouter.node.config.NodeConfig.LogLevel;
import io.bitrouter.node.config.NodeConfig.Simulator;
import io.bitrouter.node.config.NodeConfig.Tls;
import io.bitrouter.node.config.ProviderSettings.ModelSettings;
import io.bitrouter.node.edge.EdgeLimits;
import io.bitrouter.node.edge.EventLoops.Transport;
import io.bitrouter.node.transport.OnDisconnect;
import io.bitrouter.node.transport.UpstreamTimeouts;
import io.bitrouter.store.journal.JournalSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFileTest {

  private static final String NAMESPACE = "ns_01j8z3k4m5n6p7q8r9s0t1v2w3";

  @TempDir Path folder;
  private ConfigText text;

  @BeforeEach
  void open() {
    text = new ConfigText(folder);
  }

  @Test
  void withoutAFileTheDefaultsHold() throws Exception {
    NodeConfig config =
        ConfigFile.load(folder.resolve("none"), Map.of(), ConfigFile.Overrides.none());
    assertThat(config.server())
        .isEqualTo(
            new NodeConfig.Server(
                new ListenAddress("127.0.0.1", 4356),
                new ListenAddress("127.0.0.1", 4357),
                new Tls.Off(),
                Transport.AUTO,
                10_000,
                4_096,
                Duration.ofSeconds(30)));
    assertThat(config.limits())
        .isEqualTo(
            new EdgeLimits(
                16 << 20,
                64 << 10,
                256L << 20,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                10_000));
    assertThat(config.upstream())
        .isEqualTo(
            new NodeConfig.Upstream(
                new UpstreamTimeouts(
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(120),
                    Duration.ofSeconds(120),
                    Duration.ofSeconds(600),
                    Duration.ofSeconds(60),
                    UpstreamTimeouts.KEEP_ALIVE),
                OnDisconnect.CANCEL));
    assertThat(config.journal())
        .isEqualTo(new JournalSettings(false, Duration.ofMillis(5), 1L << 30));
    assertThat(config.providers()).isEmpty();
    assertThat(config.simulator()).isEqualTo(Simulator.AUTO);
    assertThat(config.logLevel()).isEqualTo(LogLevel.INFO);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing\n", "---\n", "server:\nlimits:\n  # body_bytes: 1\n"})
  void aFileThatSaysNothingIsTheDefaults(String yaml) throws Exception {
    assertThat(text.load(yaml))
        .isEqualTo(ConfigFile.load(folder.resolve("none"), Map.of(), ConfigFile.Overrides.none()));
  }

  @Test
  void everySettingArrives() throws IOException {
    for (String file : new String[] {"c.pem", "k.pem"}) {
      Files.writeString(folder.resolve(file), file);
    }
    NodeConfig config =
        text.load(
            """
            server:
              listen: "[::]:8443"
              admin_listen: 127.0.0.1:9
              tls: {cert: c.pem, key: k.pem}
              transport: nio
              max_connections: 11
              max_concurrency: 12
              drain_secs: 13
            limits:
              body_bytes: 2MiB
              header_bytes: 2048
              buffered_bytes: 3GiB
              header_timeout_ms: 14
              body_idle_ms: 15
              client_stall_ms: 16
            upstream:
              connect_ms: 17
              first_token_ms: 18
              idle_ms: 19
              total_ms: 20
              pool_idle_ms: 21
              on_disconnect: drain
            journal: {sync: always, group_ms: 22, max_bytes: 23MiB}
            simulator: {enabled: true}
            log: {level: debug}
            """);
    assertThat(config.server())
        .isEqualTo(
            new NodeConfig.Server(
                new ListenAddress("::", 8443),
                new ListenAddress("127.0.0.1", 9),
                new Tls.Files(
                    folder.resolve("c.pem").toAbsolutePath(),
                    folder.resolve("k.pem").toAbsolutePath()),
                Transport.NIO,
                11,
                12,
                Duration.ofSeconds(13)));
    assertThat(config.limits())
        .isEqualTo(new EdgeLimits(2 << 20, 2048, 3L << 30, millis(14), millis(15), millis(16), 11));
    assertThat(config.upstream())
        .isEqualTo(new NodeConfig.Upstream(timeouts(17, 18, 19, 20, 21), OnDisconnect.DRAIN));
    assertThat(config.journal()).isEqualTo(new JournalSettings(true, millis(22), 23L << 20));
    assertThat(config.simulator()).isEqualTo(Simulator.TRUE);
    assertThat(config.logLevel()).isEqualTo(LogLevel.DEBUG);
  }

  @Test
  void everySettingOfAProviderArrives() {
    ProviderSettings provider =
        text.load(
                """
                providers:
                  local-1:
                    api_base: https://llm.example:8000/v1/
                    api_key: ${KEY}
                    protocol: messages
                    auth: header:x-api-key
                    models:
                      - plain
                      - id: big
                        upstream_model: vendor/big-2
                        context_tokens: 200000
                        max_output_tokens: 8192
                        input_modalities: [text, image]
                        structured_output: false
                        price: {input: 3, cache_read: 0.30, cache_write_5m: "3.75",
                                cache_write_1h: 6, output: 15.000001}
                      - {id: cheap, price: {input: 0.1, output: 0}}
                    namespaces: [%s]
                """
                    .formatted(NAMESPACE),
                Map.of("KEY", "sk-12"))
            .providers()
            .getFirst();
    assertThat(provider.id()).isEqualTo("local-1");
    assertThat(provider.apiBase()).contains(URI.create("https://llm.example:8000/v1"));
    assertThat(provider.apiKey().orElseThrow().reveal()).isEqualTo("sk-12");
    assertThat(provider.protocol()).contains(Protocol.MESSAGES);
    assertThat(provider.auth()).contains(new Provider.Auth.Header("x-api-key"));
    assertThat(provider.namespaces()).isEqualTo(new Reach.Only(Set.of(new NamespaceId(NAMESPACE))));
    assertThat(provider.models())
        .containsExactly(
            new ModelSettings(
                "plain",
                Optional.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty()),
            new ModelSettings(
                "big",
                Optional.of("vendor/big-2"),
                OptionalLong.of(200_000),
                OptionalLong.of(8_192),
                List.of("text", "image"),
                Optional.of(false),
                Optional.of(new Price(3_000_000, 300_000, 3_750_000, 6_000_000, 15_000_001))),
            new ModelSettings(
                "cheap",
                Optional.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                List.of(),
                Optional.empty(),
                Optional.of(new Price(100_000, 100_000, 100_000, 100_000, 0))));
  }

  /** Each mistake: what is written, and the whole message but for the file's name. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          lisen: 1                              | lisen: unknown key
          database: {url: x}                    | database: unknown key
          server: {lissen: a}                   | server.lissen: unknown key; did you mean 'listen'?
          server: {listen: 4356}                | server.listen: must be HOST:PORT
          server: {listen: "::1:4356"}          | server.listen: must be HOST:PORT
          server: {listen: "127.0.0.1:65536"}   | server.listen: must be HOST:PORT
          server: {listen: [a]}                 | server.listen: must be a single value
          server: {listen: }                    | server.listen: has no value
          server: {tls: true}                   | server.tls: must be one of: terminated_elsewhere
          server: {tls: {cert: a}}              | server.tls.cert: is not a file this user can read
          server: {tls: {cert: a}}              | server.tls.key: is missing
          server: {transport: io_uring}         | server.transport: must be one of: auto, epoll, nio
          server: {max_connections: 0}          | server.max_connections: must be a whole number from 1 to 1000000
          server: {max_connections: five}       | server.max_connections: must be a whole number
          server: {max_concurrency: 1.5}        | server.max_concurrency: must be a whole number
          server: {drain_secs: -1}              | server.drain_secs: must be a whole number from 0 to 3600
          server: {drain_secs: 99999999999999999999} | server.drain_secs: must be a whole number
          admission: {wait_ms: 60001}           | admission.wait_ms: must be a whole number from 0 to 60000
          admission: {queue_per_namespace: 0}   | admission.queue_per_namespace: must be a whole number from 1 to 1000000
          limits: 5                             | limits: must hold keys with values
          limits: {body_bytes: 1023}            | limits.body_bytes: must be a size from 1KiB to 1GiB
          limits: {body_bytes: 16MB}            | limits.body_bytes: must be a size
          limits: {body_bytes: 9999999TiB}      | limits.body_bytes: must be a size
          limits: {header_bytes: 2MiB}          | limits.header_bytes: must be a size from 1KiB to 1MiB
          limits: {buffered_bytes: 1MiB}        | limits.buffered_bytes: must be at least limits.body_bytes
          limits: {body_idle_ms: 0}             | limits.body_idle_ms: must be a whole number from 1 to 3600000
          limits: {client_stall_ms: 10s}        | limits.client_stall_ms: must be a whole number
          upstream: {total_ms: 3600001}         | upstream.total_ms: must be a whole number from 1 to 3600000
          upstream: {on_disconnect: ignore}     | upstream.on_disconnect: must be one of: cancel, drain
          journal: {sync: never}                | journal.sync: must be one of: group, always
          journal: {group_ms: 1001}             | journal.group_ms: must be a whole number from 1 to 1000
          journal: {max_bytes: 1KiB}            | journal.max_bytes: must be a size from 1MiB to 1TiB
          simulator: {enabled: yes}             | simulator.enabled: must be one of: auto, true, false
          log: {level: trace}                   | log.level: must be one of: error, warn, info, debug
          [1, 2]                                | must hold keys with values: server, limits
          a: &x 1                               | a: anchors and aliases are not supported
          a: *x                                 | anchors, aliases and a second document are not supported
          a: !!binary x                         | a: tags are not supported
          a: [1                                 | is not YAML
          {a: ${HOME}}                          | between { } or [ ] a value with ${...} needs quotes
          {[a]: 1}                              | a key must be a plain word
          """)
  void everyMistakeIsNamedWithItsPath(String yaml, String message) {
    assertThat(text.problems(yaml)).anySatisfy(line -> assertThat(line).contains(message));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          api_base: ftp://a/v1             | api_base: must be http:// or https://
          api_base: "https://u:pw@a/v1"    | api_base: must be http:// or https://
          api_base: "https://a/v1?k=pw"    | api_base: must be http:// or https://
          api_base: "https://a/v1#pw"      | api_base: must be http:// or https://
          api_base: /v1                    | api_base: must be http:// or https://
          api_key: "pw pw"                 | api_key: holds a character that cannot be sent in a header
          api_key: [pw]                    | api_key: must be a single value
          protocol: pw                     | protocol: must be one of: chat
          auth: pw                         | auth: must be bearer, none, or header:NAME
          auth: header:Host                | auth: must be bearer, none, or header:NAME
          auth: header:content-length      | auth: must be bearer, none, or header:NAME
          {auth: none, api_key: pw}        | auth: is none, so api_key would never be sent
          models: {pw: 1}                  | models: must be a list of model ids
          models: []                       | models: must be a list of model ids
          models: pw                       | models: must be a list of model ids
          models: ["p w"]                  | models[0]: a model's id is
          models: [a, a]                   | models[1]: is listed twice
          models: [x/a]                    | models[0]: leave the provider's name out
          models: [[a]]                    | models[0]: must be a single value
          models: [{}]                     | models[0].id: is missing
          models: [{id: a, input_modalities: [b]}] | models[0].input_modalities[0]: must be one of: text, image
          models: [{id: a, structured_output: no}] | models[0].structured_output: must be true or false
          models: [{id: a, cost: 1}]       | models[0].cost: unknown key (allowed here: id, upstream_model
          models: [{id: a, context_tokens: 0}] | models[0].context_tokens: must be a whole number
          models: [{id: a, price: 5}]      | models[0].price: must hold keys with values
          models: [{id: a, price: {input: 1}}] | models[0].price.output: is missing
          models: [{id: a, price: {input: 1e3, output: 1}}] | models[0].price.input: must be dollars
          models: [{id: a, price: {input: -1, output: 1}}]  | models[0].price.input: must be dollars
          models: [{id: a, price: {input: 1, output: 0.0000001}}] | models[0].price.output: must be dollars
          models: [{id: a, price: {input: 1001, output: 1}}] | models[0].price.input: must be dollars
          namespaces: []                   | namespaces: must be a list of namespace ids
          namespaces: [default]            | namespaces[0]: must be a namespace's id
          namespaces: [ns_1]               | namespaces[0]: must be a namespace's id
          tokens: 1                        | tokens: unknown key
          pw                               | must hold keys with values: api_base, api_key
          """)
  void everyMistakeInAProviderIsNamedAndNoValueShown(String provider, String message) {
    String body = provider.startsWith("{") || !provider.contains(":") ? " " : "\n    ";
    assertThat(text.problems("providers:\n  x:" + body + provider + "\n"))
        .anySatisfy(line -> assertThat(line).contains("providers.x").contains(message))
        .noneSatisfy(line -> assertThat(line).contains("pw"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"OpenAI", "a b", "-a", "a/b", "a:b"})
  void aProviderNeedsAUsableId(String id) {
    assertThat(text.problems("providers: {\"" + id + "\": {}}"))
        .singleElement()
        .asString()
        .contains("a provider's id is 1 to 63 characters");
  }

  @Test
  void theSimulatorsNameIsTaken() {
    assertThat(text.problems("providers: {sim: {}}"))
        .containsExactly(
            "FILE:1: providers.sim: is the simulator's own name; it is switched by"
                + " simulator.enabled");
  }

  @Test
  void duplicateKeysAreNamedWithBothLines() {
    assertThat(text.problems("log:\n  level: info\nlog:\n  level: info\n"))
        .containsExactly("FILE:3: log: stands here twice, first on line 1");
  }

  @Test
  void allMistakesAreToldAtOnceWithTheirLines() {
    assertThat(text.problems("server:\n  transport: x\n\nlog:\n  level: x\nx: 1\n"))
        .extracting(line -> line.substring(0, line.indexOf(':', 7)))
        .containsExactlyInAnyOrder("FILE:2: server.transport", "FILE:5: log.level", "FILE:6: x");
  }

  @Test
  void whatIsNotTextIsRefused() throws IOException {
    Path file = folder.resolve("bitrouter.yaml");
    Files.write(file, new byte[] {(byte) 0xC3, 0x28});
    assertThatThrownBy(() -> ConfigFile.load(file, Map.of(), ConfigFile.Overrides.none()))
        .hasMessageContaining("is not UTF-8");
    Files.write(file, " ".repeat((1 << 20) + 1).getBytes(StandardCharsets.US_ASCII));
    assertThatThrownBy(() -> ConfigFile.load(file, Map.of(), ConfigFile.Overrides.none()))
        .hasMessageContaining("is larger than 1 MiB");
    assertThatThrownBy(() -> ConfigFile.load(folder, Map.of(), ConfigFile.Overrides.none()))
        .hasMessageContaining("cannot be read");
  }

  @Test
  void aByteOrderMarkIsNoKey() {
    assertThat(text.load("\uFEFFlog: {level: warn}").logLevel()).isEqualTo(LogLevel.WARN);
  }

  @Test
  void aProvidersKeyIsNotPrinted() {
    NodeConfig config = text.load("providers: {openai: {api_key: sk-canary}}");
    assertThat(config.toString()).doesNotContain("sk-canary");
  }

  private static UpstreamTimeouts timeouts(int connect, int first, int idle, int all, int pool) {
    return new UpstreamTimeouts(
        millis(connect),
        millis(first),
        millis(idle),
        millis(all),
        millis(pool),
        UpstreamTimeouts.KEEP_ALIVE);
  }

  private static Duration millis(long value) {
    return Duration.ofMillis(value);
  }
}

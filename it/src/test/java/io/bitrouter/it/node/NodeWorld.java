package io.bitrouter.it.node;

import io.bitrouter.testkit.Bill;
import io.bitrouter.testkit.ControlClient;
import io.bitrouter.testkit.FakeUpstream;
import io.bitrouter.testkit.Sightings;
import io.bitrouter.testkit.TestKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One node and one upstream for all tests of a class, with a key of the namespace {@code default}
 * that has every scope, and a neighbour with a marker in every name. After each test the rows add
 * up and the neighbour is as it was; its marker was in no answer and, at the end, in no log line.
 */
public final class NodeWorld
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

  /** The account's key at every provider of {@link #providers}. */
  public static final String ACCOUNT_KEY = "sk-fake-account-7Hq2mZ";

  private final Function<FakeUpstream, String> configuration;
  private final Sightings sightings = new Sightings();
  private Optional<Running> running = Optional.empty();

  private NodeWorld(Function<FakeUpstream, String> configuration) {
    this.configuration = configuration;
  }

  private record Running(
      FakeUpstream upstream, RunningNode node, TestKey key, Ledger ledger, Neighbour neighbour) {}

  /** A node with the providers of {@link #providers} and nothing else configured. */
  public static NodeWorld plain() {
    return configured("");
  }

  /** A node with more configuration before those providers. */
  public static NodeWorld configured(String yaml) {
    return new NodeWorld(upstream -> yaml + providers(upstream));
  }

  /** A node with all of its configuration of one's own. */
  public static NodeWorld with(Function<FakeUpstream, String> configuration) {
    return new NodeWorld(configuration);
  }

  /**
   * Providers at {@code upstream}: {@code fakeai} for chat, {@code fakeant} for messages, both with
   * models at $0.50 and $1.00 per million tokens, one under another name, one with a price for each
   * bucket, one without a price; and {@code nowhere}, at which nobody listens.
   */
  public static String providers(FakeUpstream upstream) {
    return """
    providers:
      fakeai:
        api_base: %1$s
        api_key: %2$s
        protocol: chat
        models:
          - {id: fake-chat, price: {input: "0.50", output: "1.00"}}
          - {id: org/slashed, price: {input: "0.50", output: "1.00"}}
          - {id: alias-chat, upstream_model: vendor-chat-1, price: {input: "0.50", output: "1.00"}}
          - id: buckets-chat
            price: {input: "2", cache_read: "0.20", cache_write_5m: "2.50", output: "10"}
          - unpriced-chat
      fakeant:
        api_base: %1$s
        api_key: %2$s
        protocol: messages
        auth: header:x-api-key
        models:
          - {id: fake-messages, price: {input: "0.50", output: "1.00"}}
          - {id: alias-messages, upstream_model: vendor-messages-1, price: {input: "0.50", output: "1.00"}}
          - id: buckets-messages
            price: {input: "2", cache_read: "0.20", cache_write_5m: "2.50", cache_write_1h: "4", output: "10"}
      nowhere:
        api_base: http://127.0.0.1:1/v1
        auth: none
        protocol: chat
        models:
          - {id: nowhere-chat, price: {input: "0.50", output: "1.00"}}
    """
        .formatted(upstream.base(), ACCOUNT_KEY);
  }

  /** The upstream. */
  public FakeUpstream upstream() {
    return running().upstream();
  }

  /** What the upstream charges for the request whose body holds {@code marker}. */
  public Bill.Item billed(String marker) throws IOException {
    return Bill.read(node().home().resolve("bill")).get(marker).getFirst();
  }

  /** The node. */
  public RunningNode node() {
    return running().node();
  }

  /** The key that tests work with. */
  public TestKey key() {
    return running().key();
  }

  /** A client with that key. */
  public ControlClient client() {
    return node().with(key().token());
  }

  /** The books of its namespace; marked before each test. */
  public Ledger ledger() {
    return running().ledger();
  }

  /** A key of the neighbour, whose ids are foreign handles. */
  public TestKey neighbour() {
    return running().neighbour().key();
  }

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    Path home = Files.createTempDirectory("bitrouter-it-");
    FakeUpstream upstream = FakeUpstream.startWithBill(home.resolve("bill"));
    RunningNode node = RunningNode.start(home, configuration.apply(upstream), sightings);
    TestKey key = node.mint(node.defaultNamespace(), "test", TestKey.ALL_SCOPES);
    Neighbour neighbour = Neighbour.plant(node, sightings);
    running = Optional.of(new Running(upstream, node, key, node.ledger(key), neighbour));
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    sightings.forget();
    upstream().forget();
    ledger().mark();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    ledger().mustAddUp();
    running().neighbour().mustBeAsBefore(node(), sightings);
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    Running ended = running();
    ended.node().close();
    ended.upstream().close();
    ended.neighbour().mustNotBeLogged(ended.node(), sightings);
    delete(ended.node().home());
    running = Optional.empty();
  }

  /** Removes a folder and all in it. */
  static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.toList().reversed()) {
        Files.delete(file);
      }
    }
  }

  private Running running() {
    return running.orElseThrow(
        () -> new IllegalStateException("the world is made before the first test, not earlier"));
  }
}

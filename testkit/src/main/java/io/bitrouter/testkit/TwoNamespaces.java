package io.bitrouter.testkit;

import java.net.URI;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The world of an integration test: a packaged node, a namespace {@code default} to work in, and a
 * neighbour, the {@link Decoy}. After every test the decoy must be as it was, and the word in its
 * names must have reached no answer that a client of the test saw, no line of the log and nothing
 * that the health pages say.
 *
 * <pre>{@code
 * static final FakeUpstream UPSTREAM = FakeUpstream.start();
 *
 * @RegisterExtension
 * static final TwoNamespaces WORLD = new TwoNamespaces(() -> NodeSetup.with(UPSTREAM));
 * }</pre>
 *
 * The decoy uses every model once when it is planted: {@link FakeUpstream#forget} after that is the
 * test's. Clients of one's own (raw sockets) show what they see to {@link #sightings}. The
 * operator's client is not watched, because operators see every namespace. Used by one test thread.
 */
public final class TwoNamespaces
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

  private final Supplier<NodeSetup> setup;
  private final Sightings sightings = new Sightings();
  private World world = new World.NotYet();

  /** A world whose node is started so. */
  public TwoNamespaces(Supplier<NodeSetup> setup) {
    this.setup = setup;
  }

  /** A world whose node has no configuration: the simulator answers. */
  public TwoNamespaces() {
    this(NodeSetup::plain);
  }

  private sealed interface World {
    record NotYet() implements World {}

    record Planted(NodeProcess node, TestKey key, Decoy decoy, String state) implements World {}
  }

  /** The node. */
  public NodeProcess node() {
    return planted().node();
  }

  /** A key of {@code default} with every scope. */
  public TestKey key() {
    return planted().key();
  }

  /** A client with {@link #key}. */
  public ControlClient client() {
    return node().client(key());
  }

  /** The neighbour. */
  public Decoy decoy() {
    return planted().decoy();
  }

  /** Where clients of one's own show what they saw. */
  public Sightings sightings() {
    return sightings;
  }

  /**
   * Ends the node, in its orderly way or at once, and starts it again on the same home and with the
   * same neighbour.
   */
  public void restart(boolean kill) {
    World.Planted old = planted();
    if (kill) {
      old.node().kill();
    } else {
      old.node().stop();
    }
    NodeProcess node = old.node().again();
    world = new World.Planted(node, old.key(), old.decoy().on(node), old.state());
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    beforeAll();
  }

  /** Makes the world, for a test that is no user of the extension. */
  public void beforeAll() {
    NodeProcess node = NodeProcess.start(setup.get(), sightings);
    TestKey key = node.mint();
    String marker = Decoy.newMarker();
    Decoy decoy = Decoy.plant(node, marker);
    sightings.forbid(marker);
    world = new World.Planted(node, key, decoy, decoy.state());
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    sightings.forget();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    check();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    afterAll();
  }

  /** Ends the world. */
  public void afterAll() {
    switch (world) {
      case World.NotYet() -> {}
      case World.Planted planted -> {
        planted.node().close();
        world = new World.NotYet();
      }
    }
  }

  /** Checks the neighbour now, as is done after every test. */
  public void check() {
    World.Planted planted = planted();
    NodeProcess node = planted.node();
    if (node.alive()) {
      for (URI listener : List.of(node.endpoint(), node.adminEndpoint())) {
        ControlClient client = listener.equals(node.endpoint()) ? node.anonymous() : node.admin();
        client.get("/health/live");
        client.get("/health/ready");
      }
      String state = planted.decoy().state();
      if (!state.equals(planted.state())) {
        throw new AssertionError(
            "the neighbour's things have changed\nbefore\n" + planted.state() + "\nnow\n" + state);
      }
    }
    sightings.saw("log", node.logText());
    List<String> found = sightings.found();
    if (!found.isEmpty()) {
      throw new AssertionError("the neighbour was seen:\n" + String.join("\n", found));
    }
  }

  private World.Planted planted() {
    return switch (world) {
      case World.Planted planted -> planted;
      case World.NotYet() ->
          throw new IllegalStateException("the world is made before the first test, not earlier");
    };
  }
}

package io.bitrouter.node.simulator;

import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.node.edge.EdgeLimits;
import io.bitrouter.node.edge.EdgeServer;
import io.bitrouter.node.edge.EventLoops;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The listener of the built-in provider, on a free port of 127.0.0.1. It serves {@code POST
 * /v1/chat/completions} and {@code POST /v1/messages} and asks for no key: what it says is made up
 * from the request. Thread-safe.
 */
public final class SimulatorServer implements AutoCloseable {

  /**
   * What the node lets through, the simulator takes: how large a body may be and how many calls
   * there are at a time is bounded there already. All bodies together stay bounded here too.
   */
  private static final EdgeLimits LIMITS =
      new EdgeLimits(
          Integer.MAX_VALUE - 8,
          EdgeLimits.defaults().headerBytes(),
          EdgeLimits.defaults().bufferedBytes(),
          EdgeLimits.defaults().headerTimeout(),
          EdgeLimits.defaults().bodyIdle(),
          EdgeLimits.defaults().clientStall(),
          1_000_000);

  private final EdgeServer server;
  private final URI base;

  private SimulatorServer(EdgeServer server, URI base) {
    this.server = server;
    this.base = base;
  }

  /**
   * Starts it.
   *
   * @param loops where its sockets live
   * @param random for request ids; must be thread-safe
   * @throws IOException if no port can be had
   */
  public static SimulatorServer start(EventLoops loops, Ticker ticker, RandomGenerator random)
      throws IOException {
    EdgeServer server = new EdgeServer(loops, LIMITS, ticker, random, SimulatedExchange::serve);
    InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
    InetSocketAddress bound = server.start(new InetSocketAddress(loopback, 0), Optional.empty());
    return new SimulatorServer(server, URI.create("http://127.0.0.1:" + bound.getPort()));
  }

  /** Where it listens, without a path. */
  public URI base() {
    return base;
  }

  /** Stops it at once; calls in flight break off. */
  @Override
  public void close() {
    server.close();
  }
}

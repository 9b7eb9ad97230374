package io.bitrouter.node.simulator;

import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.node.edge.EdgeLimits;
import io.bitrouter.node.edge.EdgeServer;
import io.bitrouter.node.edge.EventLoops;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The listener of the built-in provider, on a free port of 127.0.0.1. It serves the four inference
 * protocols below {@code /v1} and asks for no key: what it says is made up from the request.
 * Thread-safe.
 *
 * @param base where it listens, without a path
 */
public record SimulatorServer(EdgeServer server, URI base) implements AutoCloseable {

  /** One body and the number of calls are bounded by the node; all bodies together here too. */
  private static final EdgeLimits LIMITS =
      new EdgeLimits(
          Integer.MAX_VALUE - 8,
          64 << 10,
          256L << 20,
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          1_000_000);

  /**
   * Starts it.
   *
   * @param random for request ids; must be thread-safe
   */
  public static SimulatorServer start(EventLoops loops, Ticker ticker, RandomGenerator random)
      throws IOException {
    EdgeServer server = new EdgeServer(loops, LIMITS, ticker, random, SimulatedExchange::serve);
    InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
    InetSocketAddress bound = server.start(new InetSocketAddress(loopback, 0), Optional.empty());
    return new SimulatorServer(server, URI.create("http://127.0.0.1:" + bound.getPort()));
  }

  /** Stops it at once; calls in flight break off. */
  @Override
  public void close() {
    server.close();
  }
}

package io.bitrouter.node.edge;

import java.time.Duration;

/**
 * Bounds on what clients may send, hold and delay.
 *
 * @param bodyBytes largest request body, decoded or not
 * @param headerBytes largest header block
 * @param bufferedBytes most bytes of request bodies, and of what is read for them, held at one time
 *     by all requests together
 * @param headerTimeout longest time from the first byte of a request, or from accepting the
 *     connection, to the end of the header block; TLS handshake included
 * @param bodyIdle longest silence while a body is being read
 * @param clientStall longest time in which a client reads nothing of an answer that waits for it
 * @param maxConnections most connections at one time
 */
public record EdgeLimits(
    int bodyBytes,
    int headerBytes,
    long bufferedBytes,
    Duration headerTimeout,
    Duration bodyIdle,
    Duration clientStall,
    int maxConnections) {

  /** Checks that every bound is positive. */
  public EdgeLimits {
    if (bodyBytes <= 0 || headerBytes <= 0 || bufferedBytes <= 0 || maxConnections <= 0) {
      throw new IllegalArgumentException("every limit must be positive");
    }
    if (!headerTimeout.isPositive() || !bodyIdle.isPositive() || !clientStall.isPositive()) {
      throw new IllegalArgumentException("every timeout must be positive");
    }
  }

  /** 16 MiB bodies, 64 KiB headers, 256 MiB of bodies in all, 10, 30 and 60 seconds, 10,000. */
  public static EdgeLimits defaults() {
    return new EdgeLimits(
        16 << 20,
        64 << 10,
        256L << 20,
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(60),
        10_000);
  }
}

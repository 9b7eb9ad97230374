package io.bitrouter.node.transport;

import java.time.Duration;

/**
 * How long an upstream may take.
 *
 * @param connect to a connection that can be used: look-up, waiting for a free one and TLS included
 * @param firstToken from sending the request to the end of the answer's header block
 * @param idle between two reads of the answer
 * @param total for one call, from its start to the last byte
 * @param poolIdle for which an unused connection is kept
 * @param keepAlive silence after which a client of a stream is told that it goes on
 */
public record UpstreamTimeouts(
    Duration connect,
    Duration firstToken,
    Duration idle,
    Duration total,
    Duration poolIdle,
    Duration keepAlive) {

  /** Clients that wait are known to give up after minutes, proxies between after half of one. */
  public static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

  /** Checks that every time is positive. */
  public UpstreamTimeouts {
    if (!connect.isPositive()
        || !firstToken.isPositive()
        || !idle.isPositive()
        || !total.isPositive()
        || !poolIdle.isPositive()
        || !keepAlive.isPositive()) {
      throw new IllegalArgumentException("every timeout must be positive");
    }
  }

  /** 5 s to connect, 120 s to the head, 120 s between reads, 600 s in all, 60 s in the pool. */
  public static UpstreamTimeouts defaults() {
    return new UpstreamTimeouts(
        Duration.ofSeconds(5),
        Duration.ofSeconds(120),
        Duration.ofSeconds(120),
        Duration.ofSeconds(600),
        Duration.ofSeconds(60),
        KEEP_ALIVE);
  }
}

package io.bitrouter.wire.control;

import java.time.Instant;

/**
 * {@code node.json} in a node's home: written when the node listens, removed when it ends in an
 * orderly way, so that the terminal program finds it.
 *
 * @param pid process id of the node
 * @param startedAt when that process began
 * @param endpoint where the interface is served, for example {@code http://127.0.0.1:4356}
 * @param adminEndpoint where health and metrics are served, for example {@code
 *     http://127.0.0.1:4357}
 * @param home absolute path of the home
 * @param version version of the node's program
 */
@ControlBody
public record NodeFile(
    long pid,
    Instant startedAt,
    String endpoint,
    String adminEndpoint,
    String home,
    String version) {
  /** Checks that the required members are there. */
  public NodeFile {
    Required.member("started_at", startedAt);
    Required.member("endpoint", endpoint);
    Required.member("admin_endpoint", adminEndpoint);
    Required.member("home", home);
    Required.member("version", version);
  }
}

package io.bitrouter.wire.control;

import java.time.Instant;

/**
 * {@code node.json} in a node's home: written when the node listens, removed when it ends in an
 * orderly way, so that the terminal program finds it.
 *
 * @param endpoint where the interface is served, for example {@code http://127.0.0.1:4356}
 * @param adminEndpoint where health and metrics are served, for example {@code
 *     http://127.0.0.1:4357}
 */
public record NodeFile(
    long pid,
    Instant startedAt,
    String endpoint,
    String adminEndpoint,
    String home,
    String version) {}

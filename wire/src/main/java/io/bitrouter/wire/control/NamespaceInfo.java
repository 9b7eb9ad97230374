package io.bitrouter.wire.control;

import java.time.Instant;

/**
 * One namespace.
 *
 * @param id {@code ns_…}, never changes and is never used again
 */
@ControlBody
public record NamespaceInfo(String id, String name, Instant createdAt) {}

package io.bitrouter.wire.control;

import java.time.Instant;

/**
 * One namespace.
 *
 * @param id {@code ns_…}, never changes and is never used again
 * @param name its present name, unique per owner
 * @param createdAt when it was made
 */
@ControlBody
public record NamespaceInfo(String id, String name, Instant createdAt) {
  /** Checks that the required members are there. */
  public NamespaceInfo {
    Required.member("id", id);
    Required.member("name", name);
    Required.member("created_at", createdAt);
  }
}

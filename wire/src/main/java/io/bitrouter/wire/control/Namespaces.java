package io.bitrouter.wire.control;

import java.time.Instant;
import java.util.List;

/** Namespaces as operators make and change them. */
public interface Namespaces {
  /** One namespace; its id, {@code ns_…}, never changes and is never used again. */
  record NamespaceInfo(String id, String name, Instant createdAt) {}

  /** Answer of {@code GET /v1/namespaces} and {@code GET /v1/node/namespaces}. */
  record NamespaceList(List<NamespaceInfo> data) {}

  /** A namespace to be created, or renamed. */
  record NamespaceDraft(String name) {}

  /** Whether a namespace is suspended after the call. */
  record NamespaceSuspended(boolean suspended) {}

  /** A namespace is gone, and so many keys stopped working with it. */
  record NamespaceDeleted(boolean deleted, long revokedKeys) {}

  /**
   * Body and answer of {@code …/settings}.
   *
   * @param storeResponses whether answers of {@code /v1/responses} are stored for those who do not
   *     say otherwise
   */
  record NamespaceSettings(boolean storeResponses) {}

  /** Answer of {@code DELETE /v1/responses/{response_id}}; {@code object} is its kind. */
  record ResponseDeleted(String id, String object, boolean deleted) {}
}

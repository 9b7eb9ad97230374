package io.bitrouter.core.namespace;

/**
 * A namespace as its owner sees it.
 *
 * @param id identity for life
 * @param ownerId who owns it; one implicit owner until sign-in exists
 * @param name unique among the owner's live namespaces, see {@link NamespaceName}
 * @param createdAtMicros microseconds since the epoch
 */
public record Namespace(NamespaceId id, String ownerId, String name, long createdAtMicros) {

  /** Owner of every namespace of a node without sign-in. */
  public static final String NODE_OWNER = "node";
}

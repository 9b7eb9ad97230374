package io.bitrouter.core.credential;

import io.bitrouter.core.namespace.NamespaceId;
import java.util.Set;

/** Which namespaces something of the node is for: a credential of an operator, an account. */
public sealed interface Reach {

  /** Every namespace there is or will be. */
  record Everything() implements Reach {}

  /** These, at least one. */
  record Only(Set<NamespaceId> namespaces) implements Reach {
    /** Copies the set. */
    public Only {
      namespaces = Set.copyOf(namespaces);
    }
  }

  /** Whether {@code namespace} is among them. */
  default boolean covers(NamespaceId namespace) {
    return switch (this) {
      case Everything unused -> true;
      case Only(Set<NamespaceId> namespaces) -> namespaces.contains(namespace);
    };
  }

  /** Whether {@code namespace} is the only one among them. */
  default boolean isOnly(NamespaceId namespace) {
    return switch (this) {
      case Everything unused -> false;
      case Only(Set<NamespaceId> namespaces) -> namespaces.equals(Set.of(namespace));
    };
  }

  /** Whether it sees all that {@code other} sees. */
  default boolean covers(Reach other) {
    return switch (other) {
      case Everything unused -> this instanceof Everything;
      case Only(Set<NamespaceId> namespaces) -> namespaces.stream().allMatch(this::covers);
    };
  }
}

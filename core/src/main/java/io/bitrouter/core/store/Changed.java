package io.bitrouter.core.store;

import io.bitrouter.core.namespace.NamespaceId;

/** What a stored change of credentials or rules was about. */
public sealed interface Changed {

  /** Keys, rules or the being of one namespace. */
  record Namespace(NamespaceId id) implements Changed {}

  /** Operator credentials. */
  record Operators() implements Changed {}
}

package io.bitrouter.core.store;

import io.bitrouter.core.credential.NamespaceGrant;
import io.bitrouter.core.credential.OperatorGrant;

/** Control data and the books. What one can see depends on what one holds. Thread-safe. */
public interface ControlStore extends AutoCloseable {

  /** The one namespace of the grant. */
  NamespaceView open(NamespaceGrant grant);

  /** All namespaces that the grant reaches; the others are as if they did not exist. */
  NodeView openNode(OperatorGrant grant);

  /** Whether a read answers right now. */
  boolean ready();

  @Override
  void close();
}

package io.bitrouter.core.store;

import io.bitrouter.core.credential.NamespaceGrant;
import io.bitrouter.core.credential.OperatorGrant;
import java.util.function.Consumer;

/** Control data and the books. What one can see depends on what one holds. Thread-safe. */
public interface ControlStore extends AutoCloseable {

  /** The one namespace of the grant. */
  NamespaceView open(NamespaceGrant grant);

  /** All namespaces that the grant reaches; the others are as if they did not exist. */
  NodeView openNode(OperatorGrant grant);

  /**
   * Has {@code listener} told of each change of credentials or rules that was stored after all when
   * its caller had been told that the store is unavailable. It is called by a thread of the store
   * and must not wait.
   */
  void whenLate(Consumer<Changed> listener);

  /** Whether a read answers right now. */
  boolean ready();

  @Override
  void close();
}

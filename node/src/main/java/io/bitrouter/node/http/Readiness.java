package io.bitrouter.node.http;

/** Whether the node can do its work now. */
@FunctionalInterface
public interface Readiness {

  /**
   * What works.
   *
   * @param store whether the store answers a read
   * @param journal whether the journal would take a request
   */
  record State(boolean store, boolean journal) {
    /** Whether all does. */
    public boolean ready() {
      return store && journal;
    }
  }

  /** The present state; asks the store, so it may take a moment. */
  State state();
}

package io.bitrouter.node.http;

/**
 * Whether the node can do its work.
 *
 * @param store whether the store answers a read
 * @param journal whether the journal would take a request
 * @param refusedRows settled requests whose row the disk did not take since the start; what was
 *     lost does not make the node less able to serve what comes
 */
public record Readiness(boolean store, boolean journal, long refusedRows) {
  /** Whether all does. */
  public boolean ready() {
    return store && journal;
  }
}

package io.bitrouter.core.store;

import io.bitrouter.core.kernel.RequestId;

/**
 * A change to be written into a namespace's audit log, in the transaction of the change.
 *
 * @param atMicros when
 * @param actorKind {@code api_key}, {@code operator} or {@code node}
 * @param actorId id of the actor
 * @param action what was done, {@code key.mint}
 * @param targetKind kind of the thing
 * @param targetId id of the thing
 * @param before state before as JSON, empty when there was none
 * @param after state after as JSON, empty when there is none
 * @param ip address of the client, empty for the node itself
 * @param requestId the request that did it
 */
public record AuditEntry(
    long atMicros,
    String actorKind,
    String actorId,
    String action,
    String targetKind,
    String targetId,
    String before,
    String after,
    String ip,
    RequestId requestId) {

  /** What the node itself does, without states; {@code id} is made for it. */
  public static AuditEntry byNode(
      long atMicros, String action, String targetKind, String targetId, RequestId id) {
    return new AuditEntry(atMicros, "node", "node", action, targetKind, targetId, "", "", "", id);
  }

  /** The same with the state before the change. */
  public AuditEntry before(String json) {
    return new AuditEntry(
        atMicros, actorKind, actorId, action, targetKind, targetId, json, after, ip, requestId);
  }

  /** The same with the state after the change. */
  public AuditEntry after(String json) {
    return new AuditEntry(
        atMicros, actorKind, actorId, action, targetKind, targetId, before, json, ip, requestId);
  }
}

package io.bitrouter.wire.control;

/**
 * Answer of {@code DELETE /v1/namespaces/{nsid}/keys/{id}}.
 *
 * @param revoked always true; revoking a revoked key is not an error
 * @param revokedDescendants how many keys minted from it, directly or not, were revoked with it
 */
@ControlBody
public record KeyRevoked(boolean revoked, long revokedDescendants) {}

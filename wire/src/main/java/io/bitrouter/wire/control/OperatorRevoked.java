package io.bitrouter.wire.control;

/**
 * Answer of {@code DELETE /v1/node/credentials/{id}}.
 *
 * @param revoked always true; revoking a revoked one is not an error
 * @param revokedDescendants how many that it issued, directly or not, were revoked with it
 */
@ControlBody
public record OperatorRevoked(boolean revoked, long revokedDescendants) {}

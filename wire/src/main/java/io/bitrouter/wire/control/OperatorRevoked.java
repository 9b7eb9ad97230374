package io.bitrouter.wire.control;

/**
 * Answer of {@code DELETE /v1/node/credentials/{id}}.
 *
 * @param revoked always true; revoking a revoked one is not an error
 */
@ControlBody
public record OperatorRevoked(boolean revoked) {}

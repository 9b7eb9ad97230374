package io.bitrouter.wire.control;

/**
 * Answer of {@code DELETE /v1/node/namespaces/{id}}.
 *
 * @param revokedKeys how many keys stopped working with it
 */
@ControlBody
public record NamespaceDeleted(boolean deleted, long revokedKeys) {}

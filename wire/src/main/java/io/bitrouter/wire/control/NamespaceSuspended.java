package io.bitrouter.wire.control;

/**
 * Answer of {@code POST /v1/node/namespaces/{id}/suspend} and {@code …/resume}.
 *
 * @param suspended the state after the call
 */
@ControlBody
public record NamespaceSuspended(boolean suspended) {}

package io.bitrouter.wire.control;

/**
 * Body of {@code POST /v1/node/namespaces} (create) and of {@code PATCH /v1/node/namespaces/{id}}
 * (rename).
 */
@ControlBody
public record NamespaceDraft(String name) {}

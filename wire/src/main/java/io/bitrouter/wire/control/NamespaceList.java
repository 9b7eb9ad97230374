package io.bitrouter.wire.control;

import java.util.List;

/** Answer of {@code GET /v1/namespaces} and {@code GET /v1/node/namespaces}. */
@ControlBody
public record NamespaceList(List<NamespaceInfo> data) {}

package io.bitrouter.wire.control;

import java.util.List;

/**
 * Answer of {@code GET /v1/namespaces/{nsid}/keys}.
 *
 * @param data all keys of the namespace, revoked ones too
 */
@ControlBody
public record ApiKeyList(List<ApiKeyInfo> data) {}

package io.bitrouter.wire.control;

import java.util.List;

/**
 * Answer of {@code GET /v1/namespaces} and {@code GET /v1/node/namespaces}.
 *
 * @param data live namespaces, oldest first
 */
@ControlBody
public record NamespaceList(List<NamespaceInfo> data) {
  /** Copies the list. */
  public NamespaceList {
    data = Required.list("data", data);
  }
}

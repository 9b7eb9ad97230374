package io.bitrouter.wire.control;

/**
 * Body of {@code POST /v1/node/namespaces} (create) and of {@code PATCH /v1/node/namespaces/{id}}
 * (rename).
 *
 * @param name the wanted name; the server judges its form
 */
@ControlBody
public record NamespaceDraft(String name) {
  /** Checks that the name is there. */
  public NamespaceDraft {
    Required.member("name", name);
  }
}

package io.bitrouter.testkit;

import java.util.List;

/**
 * An API key that a test works with.
 *
 * @param namespaceId the namespace it is baked to
 * @param id {@code key_…}
 * @param token {@code brk_…}
 */
public record TestKey(String namespaceId, String id, String token) {

  /** Every scope that a key can hold. */
  public static final List<String> ALL_SCOPES =
      List.of(
          "inference:invoke",
          "usage:read",
          "keys:read",
          "keys:write",
          "policy:read",
          "policy:write",
          "byok:read",
          "byok:write",
          "billing:read",
          "billing:write",
          "namespace:read",
          "routing_preset:read",
          "routing_preset:write",
          "clients:read",
          "clients:write",
          "user:read");
}

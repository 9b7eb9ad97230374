package io.bitrouter.wire.control;

import java.util.List;

/**
 * Body of {@code POST /v1/node/namespaces/{id}/enter}: an operator asks for a short-lived key of
 * one namespace. The answer is a {@link MintedKey} with its expiry set.
 *
 * @param reason why, for the audit log of that namespace
 * @param scopes what the key may do
 * @param ttlSecs life of the key in seconds, at most 3600; the server judges the range
 */
@ControlBody
public record EnterNamespace(String reason, List<String> scopes, long ttlSecs) {
  /** Checks that the required members are there. */
  public EnterNamespace {
    Required.member("reason", reason);
    scopes = Required.list("scopes", scopes);
  }
}

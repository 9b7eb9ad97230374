package io.bitrouter.wire.control;

import java.util.List;

/**
 * Body of {@code POST /v1/node/namespaces/{id}/enter}: an operator asks for a short-lived key of
 * one namespace. The answer is a {@link MintedKey} with its expiry set.
 *
 * @param reason why, for the audit log of that namespace
 * @param ttlSecs life of the key in seconds, at most 3600; the server judges the range
 */
@ControlBody
public record EnterNamespace(String reason, List<String> scopes, long ttlSecs) {}

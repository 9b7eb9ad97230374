package io.bitrouter.wire.control;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Body of {@code POST /v1/namespaces/{nsid}/keys} and of {@code POST
 * /v1/node/namespaces/{id}/keys}.
 *
 * @param displayName name for people, 1 to 128 printable characters after trimming
 * @param scopes wanted scopes; the server refuses an empty list and any scope the caller lacks
 * @param expiresAt when the key stops working; absent means as long as the minting key
 */
@ControlBody
public record MintKey(String displayName, List<String> scopes, Optional<Instant> expiresAt) {}

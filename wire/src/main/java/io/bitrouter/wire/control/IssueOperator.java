package io.bitrouter.wire.control;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Body of {@code POST /v1/node/credentials}.
 *
 * @param scopes wanted {@code node:…} scopes, all of which the issuer must hold
 * @param namespaces ids of the only namespaces it sees; absent means all that the issuer sees
 * @param expiresAt when it stops working; absent means as long as the issuer
 */
@ControlBody
public record IssueOperator(
    String name,
    List<String> scopes,
    Optional<List<String>> namespaces,
    Optional<Instant> expiresAt) {}

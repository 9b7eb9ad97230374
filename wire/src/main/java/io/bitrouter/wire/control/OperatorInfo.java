package io.bitrouter.wire.control;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One operator credential; never its secret.
 *
 * @param keyPrefix {@code bro_} and the token id
 * @param namespaces ids of the only namespaces it sees; absent for all
 */
@ControlBody
public record OperatorInfo(
    String id,
    String name,
    String keyPrefix,
    List<String> scopes,
    Optional<List<String>> namespaces,
    Instant createdAt,
    Optional<Instant> expiresAt,
    Optional<Instant> revokedAt) {}

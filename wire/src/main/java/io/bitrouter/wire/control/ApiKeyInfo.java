package io.bitrouter.wire.control;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One API key as the control plane shows it; never its secret.
 *
 * @param id {@code key_…}
 * @param keyPrefix {@code brk_} and the token id
 * @param parentId the key that minted it; absent for one made by an operator
 * @param lastUsedAt last use, to the minute; absent when never used
 */
@ControlBody
public record ApiKeyInfo(
    String id,
    String displayName,
    String keyPrefix,
    List<String> scopes,
    Optional<String> parentId,
    String rootId,
    Optional<Instant> expiresAt,
    Optional<Instant> lastUsedAt,
    Optional<Instant> revokedAt,
    Instant createdAt) {}

package io.bitrouter.core.credential;

import java.util.OptionalLong;

/**
 * An operator credential.
 *
 * @param id identity, {@code opr_} and a ULID
 * @param name a label
 * @param scopes what it may do
 * @param reach where
 * @param createdAtMicros microseconds since the epoch
 * @param expiresAtMicros when it ends
 * @param revokedAtMicros when it was revoked
 * @param verifier what is kept of its secret
 */
public record OperatorRecord(
    String id,
    String name,
    ScopeSet scopes,
    Reach reach,
    long createdAtMicros,
    OptionalLong expiresAtMicros,
    OptionalLong revokedAtMicros,
    KeyVerifier verifier) {}

package io.bitrouter.core.credential;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * An operator credential.
 *
 * @param id identity, {@code opr_} and a ULID
 * @param name a label
 * @param scopes what it may do
 * @param reach where
 * @param issuer id of the credential that issued it, which takes it along when it is revoked; empty
 *     for the host's own
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
    Optional<String> issuer,
    long createdAtMicros,
    OptionalLong expiresAtMicros,
    OptionalLong revokedAtMicros,
    KeyVerifier verifier) {

  /** What every id starts with. */
  public static final String PREFIX = "opr_";

  /** Name of the credential that the host keeps in its home; no other one is called that. */
  public static final String ROOT = "root";

  /** Whether it works at {@code nowMicros}. */
  public boolean alive(long nowMicros) {
    return revokedAtMicros.isEmpty() && expiresAtMicros.orElse(Long.MAX_VALUE) > nowMicros;
  }

  /** Whether everything that {@code other} may do may be done with this one. */
  public boolean covers(OperatorRecord other) {
    return scopes.firstMissing(other.scopes().tokens()).isEmpty() && reach.covers(other.reach());
  }
}

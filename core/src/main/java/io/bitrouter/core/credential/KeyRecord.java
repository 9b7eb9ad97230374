package io.bitrouter.core.credential;

import io.bitrouter.core.namespace.NamespaceId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A key: the principal that acts, is metered and is revoked, apart from the one or two secrets that
 * prove it.
 *
 * @param namespace the one namespace it is baked to
 * @param id identity for life
 * @param name a label, 1 to 128 printable characters
 * @param scopes what it may do
 * @param parent the key that minted it; empty when an operator did
 * @param root the first key of its lineage, itself when it has no parent
 * @param createdAtMicros microseconds since the epoch
 * @param expiresAtMicros when it ends, never after its parent's end
 * @param revokedAtMicros when it was revoked
 * @param lastUsedAtMicros last use to the minute
 * @param verifiers one or two
 */
public record KeyRecord(
    NamespaceId namespace,
    KeyId id,
    String name,
    ScopeSet scopes,
    Optional<KeyId> parent,
    KeyId root,
    long createdAtMicros,
    OptionalLong expiresAtMicros,
    OptionalLong revokedAtMicros,
    OptionalLong lastUsedAtMicros,
    List<KeyVerifier> verifiers) {

  /** The same key with another last use. */
  public KeyRecord withLastUse(OptionalLong micros) {
    return new KeyRecord(
        namespace,
        id,
        name,
        scopes,
        parent,
        root,
        createdAtMicros,
        expiresAtMicros,
        revokedAtMicros,
        micros,
        verifiers);
  }
}

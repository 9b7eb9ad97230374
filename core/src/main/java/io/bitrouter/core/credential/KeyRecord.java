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
 * @param ancestors the key that minted it, the one that minted that, and so on; empty when an
 *     operator minted it
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
    List<KeyId> ancestors,
    long createdAtMicros,
    OptionalLong expiresAtMicros,
    OptionalLong revokedAtMicros,
    OptionalLong lastUsedAtMicros,
    List<KeyVerifier> verifiers) {

  /** Most keys above one; a longer lineage is not minted. */
  public static final int MOST_ANCESTORS = 32;

  /** The key that minted it. */
  public Optional<KeyId> parent() {
    return ancestors.stream().findFirst();
  }

  /** The first key of its lineage, itself when it has no parent. */
  public KeyId root() {
    return ancestors.isEmpty() ? id : ancestors.getLast();
  }

  /** What is kept of its newest secret: the one that no rotation has dated. */
  public KeyVerifier newest() {
    return verifiers.stream()
        .filter(verifier -> verifier.notAfterMicros().isEmpty())
        .findFirst()
        .orElseGet(verifiers::getFirst);
  }

  /** The same key with other secrets. */
  public KeyRecord withVerifiers(List<KeyVerifier> others) {
    return new KeyRecord(
        namespace,
        id,
        name,
        scopes,
        ancestors,
        createdAtMicros,
        expiresAtMicros,
        revokedAtMicros,
        lastUsedAtMicros,
        others);
  }

  /** The same key with another last use. */
  public KeyRecord withLastUse(OptionalLong micros) {
    return new KeyRecord(
        namespace,
        id,
        name,
        scopes,
        ancestors,
        createdAtMicros,
        expiresAtMicros,
        revokedAtMicros,
        micros,
        verifiers);
  }
}

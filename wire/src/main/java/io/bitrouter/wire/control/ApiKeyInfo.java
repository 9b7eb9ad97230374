package io.bitrouter.wire.control;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One API key as the control plane shows it; never its secret.
 *
 * @param id {@code key_…}
 * @param displayName name for people
 * @param keyPrefix {@code brk_} and the token id
 * @param scopes what it may do, as stored
 * @param parentId the key that minted it; absent for one made by an operator
 * @param rootId the first key of its line; its own id when it has no parent
 * @param expiresAt when it stops working; absent when it does not expire
 * @param lastUsedAt last use, to the minute; absent when never used
 * @param revokedAt when it was revoked; absent while it is live
 * @param createdAt when it was made
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
    Instant createdAt) {
  /** Checks that the required members are there. */
  public ApiKeyInfo {
    Required.member("id", id);
    Required.member("display_name", displayName);
    Required.member("key_prefix", keyPrefix);
    scopes = Required.list("scopes", scopes);
    Required.member("root_id", rootId);
    Required.member("created_at", createdAt);
  }
}

package io.bitrouter.wire.control;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Answer to minting a key. The only body that ever holds a secret; {@link #toString()} leaves it
 * out.
 *
 * @param token the whole credential, {@code brk_….…}; shown once
 * @param id {@code key_…}
 * @param keyPrefix {@code brk_} and the token id: enough to recognise the key, useless to use it
 */
@ControlBody
public record MintedKey(
    String token,
    String id,
    String keyPrefix,
    String displayName,
    List<String> scopes,
    Optional<Instant> expiresAt) {
  @Override
  public String toString() {
    return "MintedKey[" + id + ", " + keyPrefix + "]";
  }
}

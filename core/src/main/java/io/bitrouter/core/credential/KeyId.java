package io.bitrouter.core.credential;

import io.bitrouter.core.kernel.Ulid;

/**
 * Identity of a key for life, {@code key_} and a ULID. It names the principal, not its secret: the
 * token id inside a token is another thing and may change when the key is rotated.
 */
public record KeyId(String text) {

  /** What every id starts with. */
  public static final String PREFIX = "key_";

  /** The id made from a ULID. */
  public static KeyId of(Ulid ulid) {
    return new KeyId(PREFIX + ulid);
  }

  @Override
  public String toString() {
    return text;
  }
}

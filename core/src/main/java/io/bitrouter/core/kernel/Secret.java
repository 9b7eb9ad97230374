package io.bitrouter.core.kernel;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A value that must not be printed: a token, a provider key, a pepper.
 *
 * <p>{@link #toString} never shows it, there is no {@code equals}, and comparison takes the same
 * time wherever two secrets differ. Immutable and thread-safe.
 */
public final class Secret {

  private final byte[] bytes;

  private Secret(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A secret made of the UTF-8 bytes of {@code text}. */
  public static Secret of(String text) {
    return new Secret(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A secret made of a copy of {@code bytes}. */
  public static Secret of(byte[] bytes) {
    return new Secret(bytes.clone());
  }

  /** Whether both hold the same bytes, in time that depends on the length alone. */
  public boolean matches(Secret other) {
    return MessageDigest.isEqual(bytes, other.bytes);
  }

  /** The value as text. Callers are listed by an architecture test. */
  public String reveal() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** A copy of the value's bytes. Callers are listed by an architecture test. */
  public byte[] revealBytes() {
    return bytes.clone();
  }

  @Override
  public String toString() {
    return "[secret]";
  }
}

package io.bitrouter.wire.json;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Digests of parts of a body. Stateless and thread-safe. */
public final class Sha256 {

  private Sha256() {}

  /** SHA-256 of the bytes of {@code body} at {@code at}, in lower-case hexadecimal. */
  public static String hex(byte[] body, Span at) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(body, at.start(), at.length());
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}

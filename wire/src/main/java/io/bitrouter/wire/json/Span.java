package io.bitrouter.wire.json;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Bytes of a body, from {@code start} to before {@code end}. */
public record Span(int start, int end) {

  /** Number of bytes. */
  public int length() {
    return end - start;
  }

  /** SHA-256 of these bytes of {@code body}, in lower-case hexadecimal. */
  public String sha256(byte[] body) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(body, start, length());
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}

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

  /**
   * A member of an object, with one of the commas beside it: what is left without these bytes is
   * the object without the member.
   *
   * @param body valid JSON
   * @param nameStart index of the quote before the member's name
   * @param valueEnd index after its value
   */
  public static Span ofMember(byte[] body, int nameStart, int valueEnd) {
    int after = valueEnd;
    while (blank(body[after])) {
      after++;
    }
    if (body[after] == ',') {
      return new Span(nameStart, after + 1);
    }
    int before = nameStart - 1;
    while (blank(body[before])) {
      before--;
    }
    return body[before] == ',' ? new Span(before, valueEnd) : new Span(nameStart, valueEnd);
  }

  private static boolean blank(byte character) {
    return character == ' ' || character == '\n' || character == '\r' || character == '\t';
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

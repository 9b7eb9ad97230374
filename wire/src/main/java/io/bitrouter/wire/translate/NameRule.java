package io.bitrouter.wire.translate;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Which names of tools an upstream takes: ASCII letters, digits, the underscore and a few others.
 *
 * @param others what else a name can have
 * @param longest most characters
 * @param lettersFirst whether a name must begin with a letter or an underscore
 */
public record NameRule(String others, int longest, boolean lettersFirst) {

  /** {@code [a-zA-Z0-9_-]{1,64}}, which OpenAI and Anthropic take. */
  public static final NameRule COMMON = new NameRule("-", 64, false);

  /** Bytes of a hash that tell apart names that look alike in these characters. */
  private static final int MARK = 4;

  /** Whether the upstream takes {@code name}. */
  boolean takes(String name) {
    return !name.isEmpty()
        && name.length() <= longest
        && name.chars().allMatch(this::takes)
        && (!lettersFirst || isLetter(name.charAt(0)));
  }

  /** A name that the upstream takes and a reader can recognise, different for another salt. */
  String near(String name, String salt) {
    StringBuilder near = new StringBuilder(longest);
    // A first character that is not taken becomes an underscore itself.
    if (lettersFirst && !name.isEmpty() && takes(name.charAt(0)) && !isLetter(name.charAt(0))) {
      near.append('_');
    }
    int kept = longest - 2 * MARK - 1;
    name.chars().limit(kept - near.length()).forEach(c -> near.append(takes(c) ? (char) c : '_'));
    return near.append('_').append(mark(salt)).toString();
  }

  private boolean takes(int c) {
    return isLetter(c) || (c >= '0' && c <= '9') || others.indexOf(c) >= 0;
  }

  private static boolean isLetter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  private static String mark(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] hash = digest.digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, MARK);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}

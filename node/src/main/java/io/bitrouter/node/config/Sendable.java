package io.bitrouter.node.config;

/** What can stand in a header of a request to a provider. */
public final class Sendable {

  /** The rule for values in words, for error messages. */
  public static final String RULE =
      "holds a character that cannot be sent in a header: white space, a line end, or not ASCII";

  private Sendable() {}

  /** Whether {@code text} can be a key: visible ASCII and nothing else. */
  public static boolean asHeaderValue(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 0x7F);
  }

  /** Whether {@code text} is a header name, in lower case. */
  static boolean asHeaderName(String text) {
    return !text.isEmpty()
        && text.chars()
            .allMatch(c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_');
  }
}

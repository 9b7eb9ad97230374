package io.bitrouter.core.namespace;

/** Rule for names: {@code ^[a-z0-9][a-z0-9-]{0,62}$}. */
public final class NamespaceName {

  /** The rule in words, for error messages. */
  public static final String RULE =
      "1 to 63 characters, a-z, 0-9 and '-', starting with a letter or digit";

  private NamespaceName() {}

  /** Whether {@code name} keeps the rule. */
  public static boolean valid(String name) {
    if (name.isEmpty() || name.length() > 63 || name.charAt(0) == '-') {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (!(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-')) {
        return false;
      }
    }
    return true;
  }
}

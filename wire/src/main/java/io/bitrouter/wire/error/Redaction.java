package io.bitrouter.wire.error;

import java.util.List;
import java.util.Locale;

/**
 * Takes out of an upstream's text what looks like a credential: an upstream that refuses a key may
 * quote it. Errs on the side of taking out too much. One pass without regular expressions, because
 * it also runs on event loops. Stateless and thread-safe.
 */
public final class Redaction {

  /** Most characters of an upstream's text that are kept. */
  public static final int MAX_LENGTH = 1_024;

  private static final String REPLACEMENT = "[redacted]";

  /** How words begin that are secrets. Compared without regard to case. */
  private static final List<String> PREFIXES =
      List.of(
          ("sk- sk_ pk- rk_ aiza ya29. brk_ bro_ bra_ brr_ xai- gsk_ hf_ r8_ nvapi- pplx- fw_ csk-"
                  + " tgp_ ghp_ gho_ ghs_ github_pat_ glpat- xox akia asia eyj")
              .split(" "));

  /** How words end after which the next word is a secret: {@code x-api-key}, {@code api_key}. */
  private static final List<String> ANNOUNCING = List.of("key", "token", "password", "secret");

  private static final List<String> SCHEMES = List.of("bearer", "basic");

  private static final int SHORTEST_SECRET = 8;
  private static final int OPAQUE_LENGTH = 32;

  private Redaction() {}

  /** {@code text} without what looks like a credential, at most {@link #MAX_LENGTH} characters. */
  public static String of(String text) {
    // A secret that the cut would split is still recognised by its beginning.
    String input = text.length() > 4 * MAX_LENGTH ? text.substring(0, 4 * MAX_LENGTH) : text;
    StringBuilder kept = new StringBuilder(Math.min(input.length(), MAX_LENGTH) + 16);
    boolean announced = false;
    int at = 0;
    while (at < input.length() && kept.length() <= MAX_LENGTH) {
      char c = input.charAt(at);
      if (!isWord(c)) {
        kept.append(isControl(c) ? ' ' : c);
        at++;
        announced &= isBetween(c);
        continue;
      }
      int end = wordEnd(input, at);
      String word = input.substring(at, end);
      kept.append(isSecret(word, announced) ? REPLACEMENT : word);
      announced = announces(word, input, end);
      at = end;
    }
    return cut(kept);
  }

  private static boolean isSecret(String word, boolean announced) {
    return (word.length() >= SHORTEST_SECRET
            && ((announced && hasDigitOrMark(word)) || hasPrefix(word)))
        || hasOpaqueRun(word);
  }

  /** Whether the word has many letters and digits in a row, and both of them. */
  private static boolean hasOpaqueRun(String word) {
    int start = 0;
    boolean digit = false;
    boolean letter = false;
    for (int i = 0; i < word.length(); i++) {
      boolean isLetter = isLetter(word.charAt(i));
      if (!isLetter && !isDigit(word.charAt(i))) {
        start = i + 1;
        digit = false;
        letter = false;
        continue;
      }
      letter |= isLetter;
      digit |= !isLetter;
      if (i + 1 - start >= OPAQUE_LENGTH && digit && letter) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasPrefix(String word) {
    return PREFIXES.stream()
        .anyMatch(prefix -> word.regionMatches(true, 0, prefix, 0, prefix.length()));
  }

  private static boolean hasDigitOrMark(String word) {
    return word.chars().anyMatch(c -> !isLetter((char) c));
  }

  /** {@code Bearer x}, {@code key=x}, {@code "api_key": "x"}; but not "a token count of 12". */
  private static boolean announces(String word, String text, int end) {
    String lower = word.toLowerCase(Locale.ROOT);
    return SCHEMES.contains(lower)
        || (end < text.length()
            && isBetween(text.charAt(end))
            && ANNOUNCING.stream().anyMatch(lower::endsWith));
  }

  private static boolean isBetween(char c) {
    return " =:\"'".indexOf(c) >= 0;
  }

  private static int wordEnd(String text, int from) {
    int end = from;
    while (end < text.length() && isWord(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isWord(char c) {
    return isLetter(c) || isDigit(c) || "-_.*+~".indexOf(c) >= 0;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static boolean isControl(char c) {
    return (c < ' ' && c != '\n' && c != '\t') || c == 0x7F;
  }

  private static String cut(StringBuilder text) {
    int end = Math.min(text.length(), MAX_LENGTH);
    boolean splits = end < text.length() && Character.isHighSurrogate(text.charAt(end - 1));
    return text.substring(0, splits ? end - 1 : end);
  }
}

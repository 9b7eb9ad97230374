package io.bitrouter.wire.translate;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Collects what an upstream was not told, or told otherwise, as words for the warnings header:
 * {@code ignored:logit_bias}, {@code clamped:temperature}. Keeps the first 16. Not thread-safe.
 */
public final class Notes {

  private static final int MOST = 16;
  private static final int LONGEST = 64;

  private final Set<String> words = new LinkedHashSet<>();

  /** Nothing yet. */
  public Notes() {}

  /** A member that has no meaning for the upstream was left out. */
  public void ignored(String member) {
    add("ignored:" + member);
  }

  /** A member's value was changed to the nearest that the upstream takes. */
  public void clamped(String member) {
    add("clamped:" + member);
  }

  /** What was noted, in order. */
  public List<String> words() {
    return List.copyOf(words);
  }

  private void add(String word) {
    // Names come from the client and go into a header.
    if (words.size() < MOST
        && word.length() <= LONGEST
        && word.chars().allMatch(c -> c > ' ' && c < 127 && c != ',')) {
      words.add(word);
    }
  }
}

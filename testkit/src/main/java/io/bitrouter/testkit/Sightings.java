package io.bitrouter.testkit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Everything that the clients of a test saw, searched for words they must never see. What was seen
 * is not kept, only where a forbidden word was in it. Thread-safe.
 */
public final class Sightings {

  private static final int EXCERPT = 60;

  private final List<String> forbidden = new ArrayList<>();
  private final List<String> found = new ArrayList<>();

  /** Sightings of nothing yet, with nothing forbidden yet. */
  public Sightings() {}

  /** From now on nobody may see {@code word}, in upper or lower case. */
  public synchronized void forbid(String word) {
    forbidden.add(word.toLowerCase(Locale.ROOT));
  }

  /** A client saw this text. */
  public synchronized void saw(String where, String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    for (String word : forbidden) {
      int at = lower.indexOf(word);
      if (at >= 0) {
        int from = Math.max(0, at - EXCERPT);
        int to = Math.min(text.length(), at + word.length() + EXCERPT);
        found.add(where + ": …" + text.substring(from, to) + "…");
      }
    }
  }

  /** A client saw these bytes. */
  public void saw(String where, byte[] bytes) {
    saw(where, new String(bytes, StandardCharsets.ISO_8859_1));
  }

  /** A client got this answer. */
  public void saw(String where, Reply reply) {
    saw(where + " headers", reply.headers().toString());
    saw(where + " body", reply.body());
  }

  /** Where forbidden words were seen. */
  public synchronized List<String> found() {
    return List.copyOf(found);
  }

  /** Forgets what was seen, not what is forbidden. */
  public synchronized void forget() {
    found.clear();
  }
}

package io.bitrouter.core.catalog;

import java.util.List;
import java.util.Optional;

/** Finds what a mistyped name was probably meant to be. */
public final class NearestName {

  private static final int LONGEST = 128;

  private NearestName() {}

  /**
   * The candidate at the smallest edit distance, if that is at most a third of its length; compares
   * with the whole {@code provider/model} and with the model part.
   */
  public static Optional<String> of(String name, List<String> candidates) {
    if (name.length() > LONGEST) {
      return Optional.empty();
    }
    String best = "";
    int bestDistance = Integer.MAX_VALUE;
    for (String candidate : candidates) {
      String bare = candidate.substring(candidate.indexOf('/') + 1);
      for (String form : List.of(candidate, bare)) {
        int distance = distance(name, form);
        if (distance < bestDistance && distance <= form.length() / 3) {
          bestDistance = distance;
          best = candidate;
        }
      }
    }
    return best.isEmpty() ? Optional.empty() : Optional.of(best);
  }

  /** Levenshtein distance, one row at a time. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int substitution = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(substitution, Math.min(above, row[j - 1]) + 1);
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}

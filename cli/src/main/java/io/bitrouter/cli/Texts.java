package io.bitrouter.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.TypeConversionException;

/** What people type and read. */
final class Texts {
  private Texts() {}

  /** For example {@code $0.42}: at least two and at most six decimals, nothing rounded. */
  static String money(long microUsd) {
    BigDecimal usd = BigDecimal.valueOf(microUsd, 6).abs().stripTrailingZeros();
    String amount = usd.setScale(Math.max(2, usd.scale())).toPlainString();
    return (microUsd < 0 ? "-$" : "$") + amount;
  }

  /** A span such as {@code 30d}, shorter than 100,000 of its unit. */
  static Duration span(String text) {
    if (!text.matches("[1-9][0-9]{0,4}[smhdw]")) {
      throw new TypeConversionException("'" + text + "' is not a span such as 90m, 12h, 30d or 4w");
    }
    int last = text.length() - 1;
    long count = Long.parseLong(text, 0, last, 10);
    return switch (text.charAt(last)) {
      case 's' -> Duration.ofSeconds(count);
      case 'm' -> Duration.ofMinutes(count);
      case 'h' -> Duration.ofHours(count);
      case 'd' -> Duration.ofDays(count);
      default -> Duration.ofDays(7 * count);
    };
  }

  /** The different words of several texts. */
  static List<String> words(List<String> texts) {
    return texts.stream()
        .flatMap(text -> Arrays.stream(text.split("\\s+")))
        .filter(word -> !word.isEmpty())
        .distinct()
        .toList();
  }

  /** The word that takes the fewest changes, at most one for every two letters, two at most. */
  static Optional<String> nearest(String typed, Collection<String> words) {
    int limit = Math.min(2, typed.length() / 2);
    return words.stream()
        .filter(word -> distance(typed, word) <= limit)
        .min(Comparator.comparingInt((String word) -> distance(typed, word)).thenComparing(w -> w));
  }

  /** Insertions, deletions and replacements that make one of the other. */
  private static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
        } else {
          int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
          cost[i][j] =
              Math.min(cost[i - 1][j - 1] + change, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        }
      }
    }
    return cost[a.length()][b.length()];
  }
}

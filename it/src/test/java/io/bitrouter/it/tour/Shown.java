package io.bitrouter.it.tour;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What a command shows, without what differs from run to run. Applied to the README's side and to
 * the real one alike.
 */
final class Shown {

  private static final List<Mask> MASKS =
      List.of(
          new Mask("\\b(br[kora])_[0-9A-Za-z]{16}\\.[0-9A-Za-z]{38}", "$1_TOKEN"),
          new Mask("\\b(brk|bro)_[0-9A-Za-z]{16}\\b", "$1_PREFIX"),
          new Mask("\\b(brk|bro)_…", "$1_TOKEN"),
          new Mask("\\b(ns|key|req|aud|opr|pol|pb)_[0-9a-hjkmnp-tv-z]{26}\\b", "$1_ID"),
          new Mask("\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?Z?", "TIME"),
          new Mask("\\d{4}-\\d\\d-\\d\\d", "DATE"),
          new Mask("\\$\\d+(\\.\\d+)?", "MONEY"),
          new Mask("\"(created|created_at|[a-z_]*micro_usd|[a-z_]*nano_usd)\":\\d+", "\"$1\":N"),
          new Mask("\"cost\":[0-9.]+", "\"cost\":N"),
          new Mask("\\bpid:? ?\\d+|\"pid\":\\d+", "PID"),
          new Mask("\\b\\d+(\\.\\d+)? ?(ms|s)\\b", "DURATION"),
          new Mask("(127\\.0\\.0\\.1|localhost):\\d+", "ADDRESS"),
          new Mask("/[^ \"']*/(logs/node\\.log|credentials\\.json|operator\\.token)", "FILE"),
          new Mask("[ \\t]+", " "));

  private Shown() {}

  private record Mask(Pattern pattern, String replacement) {
    Mask(String pattern, String replacement) {
      this(Pattern.compile(pattern), replacement);
    }
  }

  /** The text with everything that differs replaced by its kind. */
  static String masked(String text) {
    String masked = text;
    for (Mask mask : MASKS) {
      masked = mask.pattern().matcher(masked).replaceAll(mask.replacement());
    }
    return String.join("\n", masked.lines().map(String::strip).toList()).strip();
  }

  /** Whether {@code real} is what {@code said} promises. */
  static boolean same(String said, String real) {
    return matches(masked(said).lines().toList(), masked(real).lines().toList());
  }

  private static boolean matches(List<String> said, List<String> real) {
    if (said.isEmpty()) {
      return real.isEmpty();
    }
    String first = said.getFirst();
    List<String> rest = said.subList(1, said.size());
    if (first.equals("…") || first.equals("...")) {
      for (int i = 0; i <= real.size(); i++) {
        if (matches(rest, real.subList(i, real.size()))) {
          return true;
        }
      }
      return false;
    }
    return !real.isEmpty()
        && first.equals(real.getFirst())
        && matches(rest, real.subList(1, real.size()));
  }
}

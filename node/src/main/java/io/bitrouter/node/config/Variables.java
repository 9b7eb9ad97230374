package io.bitrouter.node.config;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces <code>${NAME}</code> and <code>${NAME:-default}</code> by environment variables; the
 * default holds when the variable is absent or empty. A doubled dollar before a brace stands for
 * one dollar and the brace. What a variable holds is taken as it is: it is not searched for
 * variables, and it cannot add keys.
 */
final class Variables {

  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\$\\{|\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\\}|\\$\\{");

  private final Map<String, String> environment;

  Variables(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /** How replacing went. */
  sealed interface Replaced {
    /** The whole text, and whether any variable took part. */
    record Text(String text, boolean varied) implements Replaced {}

    /** What is wrong, without any value. */
    record Wrong(String problem) implements Replaced {}
  }

  /** Replaces every reference in {@code text}. */
  Replaced replace(String text) {
    if (!text.contains("${")) {
      return new Replaced.Text(text, false);
    }
    StringBuilder result = new StringBuilder();
    boolean varied = false;
    Matcher matcher = REFERENCE.matcher(text);
    while (matcher.find()) {
      String name = matcher.group(1);
      if (name == null) {
        if (matcher.group().equals("${")) {
          return new Replaced.Wrong(
              "a variable is written ${NAME} or ${NAME:-default}; for the characters themselves"
                  + " write $${");
        }
        matcher.appendReplacement(result, Matcher.quoteReplacement("${"));
        continue;
      }
      String fallback = matcher.group(2);
      String value = environment.get(name);
      if (fallback == null ? value == null : value == null || value.isEmpty()) {
        value = fallback;
      }
      if (value == null) {
        return new Replaced.Wrong(
            "the environment variable "
                + name
                + " is not set; set it, or write ${"
                + name
                + ":-default}");
      }
      varied = true;
      matcher.appendReplacement(result, Matcher.quoteReplacement(value));
    }
    return new Replaced.Text(matcher.appendTail(result).toString(), varied);
  }
}

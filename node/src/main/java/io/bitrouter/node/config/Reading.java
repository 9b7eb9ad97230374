package io.bitrouter.node.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What all settings of one file share: the environment, and the mistakes so far. */
record Reading(Path file, Map<String, String> environment, List<String> problems) {

  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\$\\{|\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\\}|\\$\\{");

  Reading(Path file, Map<String, String> environment) {
    this(file, environment, new ArrayList<>());
  }

  /** Notes a mistake in the setting at {@code path}. */
  void wrong(int line, String path, String text) {
    problems.add(file + ":" + line + ": " + (path.isEmpty() ? "" : path + ": ") + text);
  }

  /** Notes a mistake that is not of one line, or not in the file. */
  void wrong(String text) {
    problems.add(file + ": " + text);
  }

  /** Throws if there are mistakes. */
  void check() throws ConfigException {
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  /** Files are named relative to the folder of the configuration. */
  Kind<Path> readableFile() {
    return new Kind<>(
        "is not a file this user can read",
        name ->
            Optional.of(file.resolveSibling(name).normalize())
                .filter(path -> Files.isReadable(path) && !Files.isDirectory(path)));
  }

  /**
   * Replaces <code>${NAME}</code> and <code>${NAME:-default}</code> by environment variables; the
   * default holds when the variable is absent or empty. What a variable holds is not searched for
   * variables, and it cannot add keys. Empty when a reference means nothing, which {@code wrong} is
   * told.
   */
  Optional<String> replaced(String text, Consumer<String> wrong) {
    List<String> mistakes = new ArrayList<>();
    String result =
        REFERENCE
            .matcher(text)
            .replaceAll(reference -> Matcher.quoteReplacement(value(reference, mistakes)));
    mistakes.forEach(wrong);
    return mistakes.isEmpty() ? Optional.of(result) : Optional.empty();
  }

  private String value(MatchResult reference, List<String> mistakes) {
    if (reference.group().equals("$${")) {
      return "${";
    }
    String name = reference.group(1);
    if (name == null) {
      mistakes.add(
          "a variable is written ${NAME} or ${NAME:-default}; for the characters themselves write"
              + " $${");
      return "";
    }
    String value = environment.getOrDefault(name, "");
    if (reference.group(2) != null) {
      return value.isEmpty() ? reference.group(2) : value;
    }
    if (!environment.containsKey(name)) {
      mistakes.add(
          "the environment variable %1$s is not set; set it, or write ${%1$s:-default}"
              .formatted(name));
    }
    return value;
  }
}

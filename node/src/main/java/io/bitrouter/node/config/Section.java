package io.bitrouter.node.config;

import io.bitrouter.core.catalog.NearestName;
import io.bitrouter.core.kernel.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongFunction;

/**
 * One mapping of the file while it is being read. Every key asked for is an allowed one; {@link
 * #close} then names the others. Mistakes are noted and answered with the default, so that one pass
 * finds them all. No message holds a value.
 */
final class Section implements AutoCloseable {

  /** What all sections of one file share. */
  record Reading(Problems problems, Variables variables) {}

  /** A value of the file after its variables were replaced, with the place it comes from. */
  record Item(ConfigTree.Scalar scalar, String text, boolean varied, String path) {}

  private static final int LONGEST_KEY_SHOWN = 64;
  private static final int MOST_DIGITS = 18;

  private final Reading reading;
  private final String path;
  private final int line;
  private final Map<String, ConfigTree.Entry> entries;
  private final List<String> asked = new ArrayList<>();

  Section(Reading reading, String path, int line, Map<String, ConfigTree.Entry> entries) {
    this.reading = reading;
    this.path = path;
    this.line = line;
    this.entries = entries;
  }

  /** The path of {@code key} below {@code path}, shortened when someone put a novel there. */
  static String child(String path, String key) {
    String shown = key.length() <= LONGEST_KEY_SHOWN ? key : key.substring(0, LONGEST_KEY_SHOWN);
    return path.isEmpty() ? shown : path + "." + shown;
  }

  String path() {
    return path;
  }

  int line() {
    return line;
  }

  /** Notes a mistake of this section as a whole. */
  void wrong(String text) {
    reading.problems().at(line, path, text);
  }

  /** Notes a mistake in the value of {@code key}, or in this section when the key is absent. */
  void wrong(String key, String text) {
    ConfigTree.Entry entry = entries.get(key);
    reading.problems().at(entry == null ? line : entry.line(), child(path, key), text);
  }

  /** Notes a mistake that is not, or not only, in this file. */
  void wrongOutside(String text) {
    reading.problems().general(text);
  }

  /** Whether the key stands here with a value. */
  boolean has(String key) {
    ConfigTree.Entry entry = entries.get(key);
    return entry != null && !(entry.value() instanceof ConfigTree.Nothing);
  }

  /** A text; an empty one is a mistake. */
  Optional<String> text(String key) {
    return scalar(key).map(Item::text);
  }

  /** A text that is never shown. */
  Optional<Secret> secret(String key) {
    return text(key)
        .filter(text -> {
          boolean sendable = Sendable.asHeaderValue(text);
          if (!sendable) {
            wrong(key, Sendable.RULE);
          }
          return sendable;
        })
        .map(Secret::of);
  }

  /** An integer of a range. */
  long integer(String key, long fallback, long least, long most) {
    return scalar(key)
        .map(item -> {
          OptionalLong value = wholeNumber(item);
          return inRange(value, least, most, () -> wrong(key, integerRule(least, most)), fallback);
        })
        .orElse(fallback);
  }

  /** An integer of a range that has no default. */
  OptionalLong optionalInteger(String key, long least, long most) {
    if (!has(key)) {
      scalar(key);
      return OptionalLong.empty();
    }
    long value = integer(key, -1, least, most);
    return value < 0 ? OptionalLong.empty() : OptionalLong.of(value);
  }

  /** A time in the unit that {@code unit} makes of a number. */
  Duration time(String key, Duration fallback, LongFunction<Duration> unit, long least, long most) {
    long value = integer(key, -1, least, most);
    return value < 0 ? fallback : unit.apply(value);
  }

  /** A size, {@code 16MiB} or a number of bytes. */
  long bytes(String key, long fallback, long least, long most) {
    return scalar(key)
        .map(item ->
            inRange(
                ByteSize.parse(item.text()),
                least,
                most,
                () ->
                    wrong(
                        key,
                        "must be a size from "
                            + ByteSize.text(least)
                            + " to "
                            + ByteSize.text(most)
                            + ", like 16MiB or 16777216"),
                fallback))
        .orElse(fallback);
  }

  /** One of several words. */
  <T> Optional<T> choice(String key, Map<String, T> choices) {
    return text(key)
        .flatMap(text -> {
          Optional<T> chosen = Optional.ofNullable(choices.get(text));
          if (chosen.isEmpty()) {
            wrong(key, "must be one of: " + String.join(", ", choices.keySet()));
          }
          return chosen;
        });
  }

  /** The mapping under {@code key}; an empty one when the key is absent or has no value. */
  Section section(String key) {
    return below(key, find(key), "");
  }

  /** Every key here with the mapping under it; each key counts as allowed. */
  Map<String, Section> sections(String what) {
    Map<String, Section> all = new LinkedHashMap<>();
    for (String key : entries.keySet()) {
      all.put(key, below(key, find(key), what));
    }
    return all;
  }

  private Section below(String key, Optional<ConfigTree.Entry> entry, String what) {
    String below = child(path, key);
    int at = entry.map(ConfigTree.Entry::line).orElse(line);
    return new Section(
        reading,
        below,
        at,
        switch (entry.map(ConfigTree.Entry::value).orElse(new ConfigTree.Nothing(at))) {
          case ConfigTree.Mapping mapping -> mapping.entries();
          case ConfigTree.Nothing nothing -> Map.of();
          case ConfigTree.Scalar scalar -> notAMapping(scalar.line(), below, what);
          case ConfigTree.Sequence sequence -> notAMapping(sequence.line(), below, what);
        });
  }

  private Map<String, ConfigTree.Entry> notAMapping(int at, String where, String what) {
    reading
        .problems()
        .at(at, where, "must hold keys with values" + (what.isEmpty() ? "" : ": " + what));
    return Map.of();
  }

  /** What stands in the list under {@code key}; empty when the key is absent. */
  List<ConfigTree> list(String key, String what) {
    return switch (find(key).map(ConfigTree.Entry::value).orElse(new ConfigTree.Nothing(line))) {
      case ConfigTree.Nothing nothing when !entries.containsKey(key) -> List.of();
      case ConfigTree.Sequence sequence when !sequence.items().isEmpty() -> sequence.items();
      default -> {
        wrong(
            key, "must be a list of " + what + ", at least one; leave the key out for the default");
        yield List.of();
      }
    };
  }

  /** The text of a list's item. */
  Optional<Item> item(ConfigTree tree, String at) {
    return switch (tree) {
      case ConfigTree.Scalar scalar -> replaced(scalar, at);
      case ConfigTree other -> {
        reading.problems().at(other.line(), at, "must be a single value");
        yield Optional.empty();
      }
    };
  }

  /** The mapping that a list's item is. */
  Section item(ConfigTree.Mapping mapping, String at) {
    return new Section(reading, at, mapping.line(), mapping.entries());
  }

  /** Notes a mistake at a list's item. */
  void wrongItem(ConfigTree tree, String at, String text) {
    reading.problems().at(tree.line(), at, text);
  }

  /** Whether the value of {@code key} is a mapping, as opposed to a single value. */
  boolean holdsKeys(String key) {
    ConfigTree.Entry entry = entries.get(key);
    return entry != null && entry.value() instanceof ConfigTree.Mapping;
  }

  /** Notes every key that nobody asked for. */
  @Override
  public void close() {
    for (Map.Entry<String, ConfigTree.Entry> entry : entries.entrySet()) {
      if (!asked.contains(entry.getKey())) {
        String near =
            NearestName.of(entry.getKey(), asked)
                .map(other -> "; did you mean '" + other + "'?")
                .orElse("");
        reading
            .problems()
            .at(
                entry.getValue().line(),
                child(path, entry.getKey()),
                "unknown key" + near + " (allowed here: " + String.join(", ", asked) + ")");
      }
    }
  }

  private Optional<ConfigTree.Entry> find(String key) {
    if (!asked.contains(key)) {
      asked.add(key);
    }
    return Optional.ofNullable(entries.get(key));
  }

  Optional<Item> scalar(String key) {
    Optional<ConfigTree.Entry> entry = find(key);
    if (entry.isEmpty()) {
      return Optional.empty();
    }
    return switch (entry.get().value()) {
      case ConfigTree.Scalar scalar -> replaced(scalar, child(path, key));
      case ConfigTree.Nothing nothing -> {
        wrong(key, "has no value; give one, or leave the key out for the default");
        yield Optional.empty();
      }
      case ConfigTree.Mapping mapping -> single(key);
      case ConfigTree.Sequence sequence -> single(key);
    };
  }

  private Optional<Item> single(String key) {
    wrong(key, "must be a single value");
    return Optional.empty();
  }

  private Optional<Item> replaced(ConfigTree.Scalar scalar, String at) {
    return switch (reading.variables().replace(scalar.text())) {
      case Variables.Replaced.Wrong(String problem) -> {
        reading.problems().at(scalar.line(), at, problem);
        yield Optional.empty();
      }
      case Variables.Replaced.Text(String text, boolean varied) when text.isBlank() -> {
        reading.problems().at(scalar.line(), at, "is empty" + (varied ? " once replaced" : ""));
        yield Optional.empty();
      }
      case Variables.Replaced.Text(String text, boolean varied) ->
          Optional.of(new Item(scalar, text, varied, at));
    };
  }

  private static OptionalLong wholeNumber(Item item) {
    boolean asText = item.scalar().quoted() && !item.varied();
    String text = item.text();
    boolean digits =
        !asText && text.length() <= MOST_DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
    return digits ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
  }

  private static long inRange(
      OptionalLong value, long least, long most, Runnable wrong, long fallback) {
    if (value.isPresent() && value.getAsLong() >= least && value.getAsLong() <= most) {
      return value.getAsLong();
    }
    wrong.run();
    return fallback;
  }

  private static String integerRule(long least, long most) {
    return "must be a whole number from " + least + " to " + most;
  }
}

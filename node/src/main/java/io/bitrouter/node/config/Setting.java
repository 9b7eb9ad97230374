package io.bitrouter.node.config;

import io.bitrouter.core.catalog.NearestName;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * One place of the file, named by its path, and what stands there. A mistake is noted and answered
 * with nothing, so that one pass finds them all. No message holds a value.
 */
final class Setting {

  /** What stands at a place, as written. */
  sealed interface Content {
    /** No value, and maybe not even a key. */
    record Nothing(boolean key) implements Content {}

    /** A single value, before variables are replaced. */
    record Text(String text) implements Content {}

    /** A list. */
    record Items(List<Setting> items) implements Content {}

    /** Keys with values, in the order of the file. */
    record Keys(Map<String, Setting> settings) implements Content {}
  }

  private final Reading reading;
  private final String path;
  private final int line;
  private final Content content;
  private final Set<String> asked = new LinkedHashSet<>();

  Setting(Reading reading, String path, int line, Content content) {
    this.reading = reading;
    this.path = path;
    this.line = line;
    this.content = content;
  }

  /** The root of a file that says nothing. */
  static Setting root(Reading reading) {
    return new Setting(reading, "", 1, new Content.Nothing(false));
  }

  /** The path of {@code key} below {@code path}. */
  static String child(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** Notes a mistake here; answers nothing, to be handed on. */
  <T> Optional<T> wrong(String text) {
    reading.wrong(line, path, text);
    return Optional.empty();
  }

  Reading reading() {
    return reading;
  }

  int line() {
    return line;
  }

  boolean absent() {
    return content instanceof Content.Nothing(var key) && !key;
  }

  boolean holdsKeys() {
    return content instanceof Content.Keys;
  }

  /** The setting under {@code key}, which is an allowed one from now on. */
  Setting at(String key) {
    asked.add(key);
    Setting absent = new Setting(reading, child(path, key), line, new Content.Nothing(false));
    return content instanceof Content.Keys(var settings)
        ? settings.getOrDefault(key, absent)
        : absent;
  }

  /** The settings under keys that the operator chooses. */
  Map<String, Setting> all() {
    if (content instanceof Content.Keys(var settings)) {
      asked.addAll(settings.keySet());
      return settings;
    }
    return Map.of();
  }

  /** Has {@code binding} read the keys here; then names every key that it did not ask for. */
  <T> T bind(Function<Setting, T> binding) {
    T bound = binding.apply(this);
    String allowed = String.join(", ", asked);
    if (content instanceof Content.Keys(var settings)) {
      settings.forEach((key, setting) -> {
        if (!asked.contains(key)) {
          Optional<String> near = NearestName.of(key, List.copyOf(asked));
          String hint = near.map(other -> "; did you mean '" + other + "'?").orElse("");
          setting.wrong("unknown key" + hint + " (allowed here: " + allowed + ")");
        }
      });
    } else if (!(content instanceof Content.Nothing)) {
      wrong("must hold keys with values: " + allowed);
    }
    return bound;
  }

  /** The value under {@code key}, {@code fallback} when the key is absent. */
  <T> T get(String key, Kind<T> kind, T fallback) {
    return at(key).as(kind).orElse(fallback);
  }

  /** The constant of an enum under {@code key}, named there in lower case. */
  <E extends Enum<E>> E get(String key, E fallback) {
    return get(key, Kind.oneOf(fallback.getDeclaringClass()), fallback);
  }

  /** The value here; absent is a mistake, and {@code why} says more about it. */
  <T> Optional<T> required(Kind<T> kind, String why) {
    return absent() ? wrong("is missing; " + why) : as(kind);
  }

  /** The value here. */
  <T> Optional<T> as(Kind<T> kind) {
    return switch (content) {
      case Content.Nothing(var key) when !key -> Optional.empty();
      case Content.Nothing nothing ->
          wrong("has no value; give one, or leave the key out for the default");
      case Content.Text(var text) ->
          reading.replaced(text, this::wrong).flatMap(value -> parsed(value, kind));
      case Content.Items items -> wrong("must be a single value");
      case Content.Keys keys -> wrong("must be a single value");
    };
  }

  private <T> Optional<T> parsed(String value, Kind<T> kind) {
    return value.isBlank()
        ? wrong("is empty once variables are replaced")
        : kind.read(value).or(() -> wrong(kind.rule()));
  }

  /** The values of the list here. */
  <T> List<T> list(String what, Function<Setting, Optional<T>> binding) {
    return switch (content) {
      case Content.Nothing(var key) when !key -> List.of();
      case Content.Items(var items) when !items.isEmpty() ->
          items.stream().map(binding).flatMap(Optional::stream).toList();
      default -> {
        wrong("must be a list of " + what + ", at least one; leave the key out for the default");
        yield List.of();
      }
    };
  }
}

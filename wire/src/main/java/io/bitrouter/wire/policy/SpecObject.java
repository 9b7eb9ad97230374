package io.bitrouter.wire.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * One object of a spec, read strictly: every member is known, has its type and lies in its bounds,
 * or a {@link SpecException} says which one does not. A member that is null is absent.
 */
final class SpecObject {

  /** Most entries of a list. */
  static final int MOST_ENTRIES = 1_000;

  /** Most characters of an entry. */
  static final int LONGEST_ENTRY = 256;

  private final JsonNode json;
  private final String path;

  private SpecObject(JsonNode json, String path) {
    this.json = json;
    this.path = path;
  }

  /** The object at {@code path} with these members and no others. */
  static SpecObject of(JsonNode json, String path, List<String> members) {
    if (!json.isObject()) {
      throw new SpecException(
          path, (path.isEmpty() ? "the spec" : path) + " must be a JSON object");
    }
    for (String name : json.propertyNames()) {
      if (!members.contains(name)) {
        String full = join(path, name);
        throw new SpecException(
            full,
            "unknown member " + shorten(full) + "; allowed are " + String.join(", ", members));
      }
    }
    return new SpecObject(json, path);
  }

  /** Full path of a member. */
  String pathOf(String name) {
    return join(path, name);
  }

  Optional<JsonNode> member(String name) {
    JsonNode value = json.path(name);
    return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(value);
  }

  SpecException fault(String name, String rule) {
    return new SpecException(pathOf(name), pathOf(name) + " " + rule);
  }

  /** A whole number from {@code least} to {@code most}. */
  OptionalLong number(String name, long least, long most) {
    Optional<JsonNode> value = member(name);
    if (value.isEmpty()) {
      return OptionalLong.empty();
    }
    boolean fits =
        value.get().isIntegralNumber()
            && value.get().canConvertToLong()
            && value.get().asLong() >= least
            && value.get().asLong() <= most;
    if (!fits) {
      throw fault(name, "must be a whole number from " + least + " to " + most);
    }
    return OptionalLong.of(value.get().asLong());
  }

  long requiredNumber(String name, long least, long most) {
    return number(name, least, most).orElseThrow(() -> fault(name, "is required"));
  }

  Optional<Boolean> flag(String name) {
    return member(name)
        .map(value -> {
          if (!value.isBoolean()) {
            throw fault(name, "must be true or false");
          }
          return value.asBoolean();
        });
  }

  Optional<String> text(String name) {
    return member(name)
        .map(value -> {
          if (!value.isString()) {
            throw fault(name, "must be a text");
          }
          return value.asString();
        });
  }

  /** One of the words of an enum, in lower case. */
  <E extends Enum<E>> Optional<E> word(String name, Class<E> type) {
    return text(name)
        .map(text ->
            Arrays.stream(type.getEnumConstants())
                .filter(one -> Words.of(one).equals(text))
                .findFirst()
                .orElseThrow(() ->
                    fault(
                        name,
                        "must be one of "
                            + Arrays.stream(type.getEnumConstants())
                                .map(Words::of)
                                .collect(Collectors.joining(", ")))));
  }

  /** A list of texts without surrounding white space, at most {@link #MOST_ENTRIES}. */
  Optional<List<String>> texts(String name) {
    Optional<JsonNode> value = member(name);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (!value.get().isArray() || value.get().size() > MOST_ENTRIES) {
      throw fault(name, "must be a list of at most " + MOST_ENTRIES + " texts");
    }
    List<String> texts = new ArrayList<>(value.get().size());
    for (JsonNode entry : value.get()) {
      String text = entry.isString() ? entry.asString() : "";
      boolean fits =
          !text.isEmpty()
              && text.length() <= LONGEST_ENTRY
              && text.chars().noneMatch(c -> Character.isISOControl(c))
              && text.equals(text.strip());
      if (!fits) {
        throw fault(
            name + "[" + texts.size() + "]",
            "must be a text of 1 to " + LONGEST_ENTRY + " printable characters");
      }
      texts.add(text);
    }
    return Optional.of(List.copyOf(texts));
  }

  /** Texts of which some may end with {@code *}. */
  Optional<List<String>> patterns(String name) {
    Optional<List<String>> patterns = texts(name);
    List<String> list = patterns.orElse(List.of());
    for (int i = 0; i < list.size(); i++) {
      int star = list.get(i).indexOf('*');
      if (star >= 0 && star < list.get(i).length() - 1) {
        throw fault(name + "[" + i + "]", "may have * at its end only");
      }
    }
    return patterns;
  }

  /** Names that are compared whole. */
  Optional<List<String>> names(String name) {
    Optional<List<String>> names = texts(name);
    List<String> list = names.orElse(List.of());
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).indexOf('*') >= 0) {
        throw fault(name + "[" + i + "]", "must be a whole name, without *");
      }
    }
    return names;
  }

  /** Texts out of a closed set. */
  Optional<List<String>> choices(String name, Set<String> allowed) {
    Optional<List<String>> choices = texts(name);
    List<String> list = choices.orElse(List.of());
    for (int i = 0; i < list.size(); i++) {
      if (!allowed.contains(list.get(i))) {
        throw fault(
            name + "[" + i + "]",
            "must be one of " + allowed.stream().sorted().collect(Collectors.joining(", ")));
      }
    }
    return choices;
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private static String shorten(String name) {
    return name.length() <= 128 ? name : name.substring(0, 128) + "…";
  }
}

package io.bitrouter.wire.gemini;

import io.bitrouter.wire.json.GeminiScanner;
import io.bitrouter.wire.translate.Untranslatable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * One object of a request. Members are asked for in camelCase and found in either spelling that
 * Gemini takes; null is as good as absent, and a list of one may stand without its brackets. Every
 * method throws {@link Untranslatable} when a member is not what is asked for. Not thread-safe.
 */
final class GeminiFields {

  private static final int SHOWN_NAME = 64;

  private final String path;
  private final Map<String, JsonNode> values = new LinkedHashMap<>();
  private final Set<String> asked = new HashSet<>();

  private GeminiFields(String path) {
    this.path = path;
  }

  /** The object {@code node}, which stands at {@code path}; empty for the body itself. */
  static GeminiFields of(JsonNode node, String path) {
    if (!node.isObject()) {
      throw new Untranslatable(path.isEmpty() ? "body" : path, "must be an object");
    }
    GeminiFields fields = new GeminiFields(path);
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      String name = GeminiScanner.camelCase(member.getKey());
      if (fields.values.putIfAbsent(name, member.getValue()) != null) {
        throw new Untranslatable(
            fields.at(name), "is there twice, in camelCase and in snake_case; send one of them");
      }
    }
    fields.values.values().removeIf(JsonNode::isNull);
    return fields;
  }

  /** Where the member {@code name} stands. */
  String at(String name) {
    String shown = name.length() <= SHOWN_NAME ? name : name.substring(0, SHOWN_NAME) + "…";
    return path.isEmpty() ? shown : path + "." + shown;
  }

  /** Where the object stands. */
  String path() {
    return path;
  }

  /** Names of the members that are there. */
  Set<String> names() {
    return values.keySet();
  }

  /** A member of any type. */
  Optional<JsonNode> value(String name) {
    asked.add(name);
    return Optional.ofNullable(values.get(name));
  }

  /** A text. */
  Optional<String> text(String name) {
    return value(name).map(node -> text(node, at(name)));
  }

  /** A text that is not empty. */
  Optional<String> word(String name) {
    return text(name).filter(text -> !text.isEmpty());
  }

  /** A text that must be there. */
  String needed(String name) {
    return word(name)
        .orElseThrow(() -> new Untranslatable(at(name), "is missing; it must be a string"));
  }

  /** An object. */
  Optional<GeminiFields> object(String name) {
    return value(name).map(node -> of(node, at(name)));
  }

  /** An object whose members are the client's own. */
  Optional<JsonNode> opaque(String name) {
    return value(name)
        .map(node -> required(node, JsonNode::isObject, at(name), "must be an object"));
  }

  /** A list of objects; empty when it is absent. */
  List<GeminiFields> objects(String name) {
    return list(name, GeminiFields::of);
  }

  /** A list of texts; empty when it is absent. */
  List<String> texts(String name) {
    return list(name, GeminiFields::text);
  }

  private <T> List<T> list(String name, ElementReader<T> reader) {
    Optional<JsonNode> found = value(name);
    if (found.isEmpty()) {
      return List.of();
    }
    JsonNode node = found.get();
    if (!node.isArray()) {
      return List.of(reader.read(node, at(name)));
    }
    List<T> elements = new ArrayList<>(node.size());
    for (JsonNode element : node) {
      elements.add(reader.read(element, at(name) + "[" + elements.size() + "]"));
    }
    return elements;
  }

  /** A number, never infinite. */
  Optional<Double> number(String name) {
    return value(name)
        .map(node -> {
          double number = node.isNumber() ? node.doubleValue(Double.NaN) : Double.NaN;
          return required(number, Double::isFinite, at(name), "must be a number");
        });
  }

  /** A number without a fraction, which may be written as {@code 40.0}. */
  OptionalLong integer(String name) {
    Optional<JsonNode> found = value(name);
    return found.isPresent()
        ? OptionalLong.of(
            required(
                    found.get(),
                    node ->
                        node.isNumber()
                            && node.canConvertToExactIntegral()
                            && node.canConvertToLong(),
                    at(name),
                    "must be an integer")
                .longValue())
        : OptionalLong.empty();
  }

  /** Whether a member is true. */
  boolean flag(String name) {
    return value(name)
        .map(node -> required(node, JsonNode::isBoolean, at(name), "must be true or false"))
        .map(JsonNode::booleanValue)
        .orElse(false);
  }

  /** Adds the paths of the members that nobody has asked for. */
  void addOthers(List<String> paths) {
    values.keySet().stream()
        .filter(name -> !asked.contains(name))
        .map(this::at)
        .forEach(paths::add);
  }

  private static String text(JsonNode node, String at) {
    return required(node, JsonNode::isString, at, "must be a string").stringValue();
  }

  private static <T> T required(T value, Predicate<T> right, String at, String otherwise) {
    if (!right.test(value)) {
      throw new Untranslatable(at, otherwise);
    }
    return value;
  }

  /** Reads one element of a list, which stands at a path. */
  @FunctionalInterface
  private interface ElementReader<T> {
    T read(JsonNode node, String path);
  }
}

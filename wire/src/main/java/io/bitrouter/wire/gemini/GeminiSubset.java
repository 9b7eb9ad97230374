package io.bitrouter.wire.gemini;

import io.bitrouter.core.exchange.JsonText;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.translate.Notes;
import io.bitrouter.wire.translate.Untranslatable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns a JSON schema into the kind that Gemini takes: references are put in place, alternatives
 * with null are {@code nullable}, parts that all hold are one, and what Gemini has no word for is
 * left out and noted. A reference within itself ends as an object of any members. Not thread-safe.
 */
final class GeminiSubset {

  /** Most schemas in one, once references are put in place. */
  private static final int MAX_SCHEMAS = 5_000;

  /** Deepest that they are within each other. */
  private static final int MAX_DEPTH = 100;

  private static final String REF = "$ref";
  private static final String TYPE = "type";
  private static final String ENUM = "enum";
  private static final String ANY_OF = "anyOf";
  private static final String ONE_OF = "oneOf";
  private static final String ALL_OF = "allOf";
  private static final String ITEMS = "items";
  private static final String PROPERTIES = "properties";
  private static final String REQUIRED = "required";
  private static final String NULLABLE = "nullable";

  /** Members that mean the same to Gemini. */
  private static final Set<String> KEPT =
      Set.of(
          "title",
          "description",
          "pattern",
          "minimum",
          "maximum",
          "minItems",
          "maxItems",
          "minLength",
          "maxLength",
          "minProperties",
          "maxProperties",
          NULLABLE);

  /** Members that are read, or that say nothing about what fits. */
  private static final Set<String> READ =
      Set.of(
          TYPE,
          ENUM,
          "const",
          "format",
          ANY_OF,
          ONE_OF,
          ALL_OF,
          ITEMS,
          PROPERTIES,
          REQUIRED,
          REF,
          "$defs",
          "definitions",
          "$schema",
          "$id",
          "$comment",
          "default",
          "examples",
          "example",
          "readOnly",
          "writeOnly",
          "deprecated");

  private static final Map<String, Set<String>> FORMATS =
      Map.of(
          "STRING", Set.of("date-time"),
          "NUMBER", Set.of("float", "double"),
          "INTEGER", Set.of("int32", "int64"));

  private final JsonNode root;
  private final String member;
  private final Notes notes;
  private int left = MAX_SCHEMAS;
  private int depth;

  private GeminiSubset(JsonNode root, String member, Notes notes) {
    this.root = root;
    this.member = member;
    this.notes = notes;
  }

  /**
   * {@code schema} as Gemini takes it.
   *
   * @param member where it stands
   */
  static ObjectNode of(JsonText schema, String member, Notes notes) {
    byte[] text = schema.text().getBytes(StandardCharsets.UTF_8);
    JsonNode root = Json.tree(text, 0, text.length);
    return new GeminiSubset(root, member, notes).schema(root, Set.of());
  }

  /**
   * One schema.
   *
   * @param within references that it is in
   */
  private ObjectNode schema(JsonNode given, Set<String> within) {
    entered();
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    Set<String> inside = new HashSet<>(within);
    ObjectNode schema = JsonNodeFactory.instance.objectNode();
    if (!merge(given, schema, inside)) {
      depth--;
      return result.put(TYPE, "OBJECT");
    }
    for (Map.Entry<String, JsonNode> each : schema.properties()) {
      if (KEPT.contains(each.getKey())) {
        result.set(each.getKey(), each.getValue());
      } else if (!READ.contains(each.getKey()) && !isClosed(each)) {
        notes.ignored("schema." + each.getKey());
      }
    }
    List<String> types = types(schema, result);
    List<JsonNode> alternatives = alternatives(schema, result);
    if (types.size() > 1) {
      ArrayNode anyOf = result.putArray(ANY_OF);
      for (String type : types) {
        ObjectNode one = JsonNodeFactory.instance.objectNode();
        one.setAll(schema);
        anyOf.add(schema(one.put(TYPE, type), inside));
      }
    } else if (alternatives.isEmpty() || schema.path(PROPERTIES).isObject()) {
      typed(schema, types, inside, result);
    } else if (alternatives.size() == 1) {
      result.setAll(schema(alternatives.getFirst(), inside).setAll(result.deepCopy()));
    } else {
      ArrayNode anyOf = result.putArray(ANY_OF);
      alternatives.forEach(each -> anyOf.add(schema(each, inside)));
    }
    depth--;
    return result;
  }

  private void entered() {
    if (--left < 0 || ++depth > MAX_DEPTH) {
      throw new Untranslatable(
          member,
          "has more than "
              + MAX_SCHEMAS
              + " schemas, or more than "
              + MAX_DEPTH
              + " within each other, once its references are put in place");
    }
  }

  /** Whether a member says that an object has no members but those named: nearly all do. */
  private static boolean isClosed(Map.Entry<String, JsonNode> member) {
    return member.getKey().equals("additionalProperties") && member.getValue().isBoolean();
  }

  /**
   * Adds what {@code given} says, and what it refers to and what must hold too. What is said first
   * counts, except that properties add up.
   *
   * @param inside references that it is in, and then those that were followed
   * @return whether no reference led into itself
   */
  private boolean merge(JsonNode given, ObjectNode into, Set<String> inside) {
    entered();
    boolean finite = true;
    for (Map.Entry<String, JsonNode> each : given.properties()) {
      switch (each.getKey()) {
        case REF, ALL_OF -> {}
        case PROPERTIES -> {
          ObjectNode all = into.withObjectProperty(PROPERTIES);
          each.getValue().properties().forEach(it -> all.putIfAbsent(it.getKey(), it.getValue()));
        }
        case REQUIRED -> each.getValue().forEach(into.withArrayProperty(REQUIRED)::add);
        default -> into.putIfAbsent(each.getKey(), each.getValue());
      }
    }
    String ref = given.path(REF).stringValue("");
    if (!ref.isEmpty()) {
      finite = inside.add(ref) && merge(target(ref), into, inside);
    }
    for (JsonNode part : given.path(ALL_OF)) {
      finite &= merge(part, into, inside);
    }
    depth--;
    return finite;
  }

  private JsonNode target(String ref) {
    try {
      JsonNode found =
          ref.startsWith("#") ? root.at(JsonPointer.compile(ref.substring(1))) : root.at("/$none");
      if (!found.isMissingNode()) {
        return found;
      }
    } catch (IllegalArgumentException | JacksonException e) {
      // Not a pointer: an anchor, say.
    }
    throw new Untranslatable(member, "has a $ref that leads to nothing within the schema");
  }

  /** The types of {@code schema} but null, in Gemini's words. */
  private static List<String> types(ObjectNode schema, ObjectNode result) {
    List<String> types = new ArrayList<>();
    JsonNode said = schema.path(TYPE);
    List<JsonNode> all = said.isArray() ? said.valueStream().toList() : List.of(said);
    for (JsonNode each : all) {
      String type = each.stringValue("").toUpperCase(Locale.ROOT);
      if (type.equals("NULL")) {
        result.put(NULLABLE, true);
      } else if (!type.isEmpty() && !types.contains(type)) {
        types.add(type);
      }
    }
    return types;
  }

  /** The alternatives of {@code schema} but null. */
  private static List<JsonNode> alternatives(ObjectNode schema, ObjectNode result) {
    List<JsonNode> alternatives = new ArrayList<>();
    for (String word : List.of(ANY_OF, ONE_OF)) {
      for (JsonNode each : schema.path(word)) {
        if (each.path(TYPE).stringValue("").equals("null")) {
          result.put(NULLABLE, true);
        } else {
          alternatives.add(each);
        }
      }
    }
    return alternatives;
  }

  /** A schema of one type at most. */
  private void typed(ObjectNode schema, List<String> types, Set<String> inside, ObjectNode result) {
    List<String> values = values(schema, result);
    String type = types.isEmpty() ? implied(schema, values) : types.getFirst();
    if (!type.isEmpty()) {
      result.put(TYPE, type);
    }
    if (type.equals("STRING") && !values.isEmpty()) {
      values.forEach(result.putArray(ENUM)::add);
    }
    String format = schema.path("format").stringValue("");
    if (FORMATS.getOrDefault(type, Set.of()).contains(format)) {
      result.put("format", format);
    } else if (!format.isEmpty()) {
      notes.ignored("schema.format");
    }
    if (type.equals("ARRAY")) {
      JsonNode items = schema.path(ITEMS);
      // Gemini wants to be told what is in a list.
      result.set(
          ITEMS,
          items.isObject() && !items.isEmpty()
              ? schema(items, inside)
              : JsonNodeFactory.instance.objectNode().put(TYPE, "STRING"));
    }
    JsonNode properties = schema.path(PROPERTIES);
    if (type.equals("OBJECT") && !properties.isEmpty()) {
      ObjectNode written = result.putObject(PROPERTIES);
      properties
          .properties()
          .forEach(each -> written.set(each.getKey(), schema(each.getValue(), inside)));
      Set<String> required = new LinkedHashSet<>();
      schema
          .path(REQUIRED)
          .forEach(name -> {
            if (written.has(name.stringValue(""))) {
              required.add(name.stringValue());
            }
          });
      if (!required.isEmpty()) {
        required.forEach(result.putArray(REQUIRED)::add);
      }
    }
  }

  /** The texts that are allowed; values of other types cannot be listed. */
  private List<String> values(ObjectNode schema, ObjectNode result) {
    List<JsonNode> all = new ArrayList<>(schema.path(ENUM).valueStream().toList());
    if (schema.has("const")) {
      all.add(schema.path("const"));
    }
    if (all.removeIf(JsonNode::isNull)) {
      result.put(NULLABLE, true);
    }
    if (all.stream().allMatch(JsonNode::isString)) {
      return all.stream().map(JsonNode::stringValue).distinct().toList();
    }
    notes.ignored("schema.enum");
    return List.of();
  }

  private static String implied(ObjectNode schema, List<String> values) {
    if (schema.path(PROPERTIES).isObject()) {
      return "OBJECT";
    }
    return schema.path(ITEMS).isObject() ? "ARRAY" : values.isEmpty() ? "" : "STRING";
  }
}

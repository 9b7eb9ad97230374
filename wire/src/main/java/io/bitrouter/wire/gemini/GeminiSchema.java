package io.bitrouter.wire.gemini;

import io.bitrouter.wire.translate.Untranslatable;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns a schema of Gemini's own kind into a JSON schema: types in lower case, {@code nullable} as
 * one more type, bounds that are written as texts as numbers. What is a JSON schema already stays
 * as it is.
 */
final class GeminiSchema {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private GeminiSchema() {}

  /** The JSON schema of {@code schema}, which stands at {@code path}. */
  static JsonNode json(JsonNode schema, String path) {
    if (schema.isBoolean()) {
      return schema;
    }
    GeminiFields fields = GeminiFields.of(schema, path);
    ObjectNode json = NODES.objectNode();
    boolean nullable = false;
    for (String name : fields.names()) {
      JsonNode value = fields.value(name).orElseThrow();
      String at = fields.at(name);
      switch (name) {
        case "nullable" -> nullable = value.booleanValue(false);
        // Order and examples are advice that JSON schema has no word for.
        case "propertyOrdering", "example" -> {}
        case "type" -> type(json, value);
        case "format" -> {
          if (!value.stringValue("").equals("enum")) {
            json.set(name, value);
          }
        }
        case "properties", "$defs", "defs" ->
            json.set(name.equals("defs") ? "$defs" : name, each(value, at));
        case "items", "additionalProperties", "not" -> json.set(name, json(value, at));
        case "anyOf", "oneOf", "allOf", "prefixItems" -> json.set(name, list(value, at));
        case "minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties" ->
            json.set(name, number(value));
        case "ref" -> json.set("$ref", value);
        default -> json.set(name, value);
      }
    }
    if (nullable) {
      nullable(json);
    }
    return json;
  }

  private static void type(ObjectNode json, JsonNode type) {
    if (type.isString()) {
      String word = type.stringValue().toLowerCase(Locale.ROOT);
      if (!word.equals("type_unspecified")) {
        json.put("type", word);
      }
      return;
    }
    ArrayNode types = json.putArray("type");
    type.forEach(each -> types.add(each.stringValue("").toLowerCase(Locale.ROOT)));
  }

  private static void nullable(ObjectNode json) {
    JsonNode type = json.path("type");
    if (type.isString()) {
      json.putArray("type").add(type.stringValue()).add("null");
    } else if (json.path("anyOf") instanceof ArrayNode anyOf) {
      anyOf.addObject().put("type", "null");
    }
    if (json.path("enum") instanceof ArrayNode values) {
      json.set("enum", values.deepCopy().addNull());
    }
  }

  private static JsonNode number(JsonNode value) {
    String text = value.stringValue("");
    return !text.isEmpty()
            && text.length() <= 18
            && text.chars().allMatch(c -> c >= '0' && c <= '9')
        ? NODES.numberNode(Long.parseLong(text))
        : value;
  }

  private static JsonNode each(JsonNode schemas, String path) {
    if (!schemas.isObject()) {
      throw new Untranslatable(path, "must be an object");
    }
    ObjectNode json = NODES.objectNode();
    schemas
        .properties()
        .forEach(member -> json.set(member.getKey(), json(member.getValue(), path + ".*")));
    return json;
  }

  private static JsonNode list(JsonNode schemas, String path) {
    ArrayNode json = NODES.arrayNode();
    for (JsonNode schema : schemas) {
      json.add(json(schema, path + "[" + json.size() + "]"));
    }
    return json;
  }
}

package io.bitrouter.wire.messages;

import io.bitrouter.core.exchange.JsonText;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.translate.Notes;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns a JSON schema into the kind that Anthropic's models promise to keep to: objects have no
 * members but those that are named, and what the upstream would refuse is left out and noted. Not
 * thread-safe.
 */
final class MessagesSchema {

  private static final String TYPE = "type";
  private static final String FORMAT = "format";
  private static final String MIN_ITEMS = "minItems";
  private static final String ADDITIONAL = "additionalProperties";

  private static final Set<String> KEPT =
      Set.of(
          TYPE, "enum", "const", "required", "pattern", "title", "description", "default", "$ref");

  /** Members that say nothing about what fits. */
  private static final Set<String> IDLE = Set.of("$schema", "$id", "$comment", "examples");

  private static final Set<String> FORMATS =
      Set.of(
          "date-time",
          "time",
          "date",
          "duration",
          "email",
          "hostname",
          "uri",
          "ipv4",
          "ipv6",
          "uuid");

  private final String member;
  private final Notes notes;

  private MessagesSchema(String member, Notes notes) {
    this.member = member;
    this.notes = notes;
  }

  /**
   * {@code schema} as the upstream takes it.
   *
   * @param member where it stands, for the notes
   */
  static String of(JsonText schema, String member, Notes notes) {
    byte[] text = schema.text().getBytes(StandardCharsets.UTF_8);
    JsonNode root = Json.tree(text, 0, text.length);
    return Json.text(new MessagesSchema(member, notes).schema(root));
  }

  private JsonNode schema(JsonNode from) {
    if (!from.isObject()) {
      return from;
    }
    ObjectNode to = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> each : from.properties()) {
      member(each.getKey(), each.getValue(), to);
    }
    if (from.has("properties") || ofObjects(from.path(TYPE))) {
      to.put(ADDITIONAL, false);
    }
    return to;
  }

  /** Whether a type, or one of several, is that of objects. */
  private static boolean ofObjects(JsonNode type) {
    return type.stringValue("").equals("object")
        || type.valueStream().anyMatch(each -> each.stringValue("").equals("object"));
  }

  private void member(String name, JsonNode value, ObjectNode to) {
    switch (name) {
      case "properties", "$defs", "definitions" -> {
        ObjectNode named = to.putObject(name);
        value.properties().forEach(each -> named.set(each.getKey(), schema(each.getValue())));
      }
      case "items" -> to.set(name, schema(value));
      // Which of several fits is all that can be said.
      case "anyOf", "oneOf" -> value.forEach(each -> to.withArray("anyOf").add(schema(each)));
      case "allOf" -> value.forEach(each -> to.withArray(name).add(schema(each)));
      case ADDITIONAL -> {
        // Objects get their own below; what other members may be cannot be said.
        if (!value.isBoolean()) {
          notes.ignored(member + "." + name);
        }
      }
      case FORMAT -> keep(FORMATS.contains(value.stringValue("")), name, value, to);
      case MIN_ITEMS -> keep(value.isInt() && value.intValue() <= 1, name, value, to);
      default -> {
        if (!IDLE.contains(name)) {
          keep(KEPT.contains(name), name, value, to);
        }
      }
    }
  }

  private void keep(boolean taken, String name, JsonNode value, ObjectNode to) {
    if (taken) {
      to.set(name, value);
    } else {
      notes.ignored(member + "." + name);
    }
  }
}

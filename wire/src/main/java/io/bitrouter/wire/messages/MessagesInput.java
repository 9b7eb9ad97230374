package io.bitrouter.wire.messages;

import io.bitrouter.wire.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** Writes the arguments of calls where they must be an object. */
final class MessagesInput {

  private MessagesInput() {}

  /**
   * Writes the arguments as a model wrote them: nothing is the object without members, and what is
   * not an object is the text {@code raw_arguments} of one, so that nothing of it is lost.
   */
  static void write(JsonGenerator json, String arguments) {
    Optional<String> object = arguments.isBlank() ? Optional.of("{}") : object(arguments);
    if (object.isPresent()) {
      json.writeRawValue(object.get());
    } else {
      wrapped(json, "raw_arguments", arguments);
    }
  }

  /** Writes a text as the member {@code name} of an object. */
  static void wrapped(JsonGenerator json, String name, String text) {
    json.writeStartObject();
    json.writeStringProperty(name, text);
    json.writeEndObject();
  }

  private static Optional<String> object(String arguments) {
    try {
      JsonNode tree = Json.strictTree(arguments.getBytes(StandardCharsets.UTF_8));
      return Optional.of(tree).filter(JsonNode::isObject).map(Json::text);
    } catch (JacksonException | IllegalStateException e) {
      return Optional.empty();
    }
  }
}

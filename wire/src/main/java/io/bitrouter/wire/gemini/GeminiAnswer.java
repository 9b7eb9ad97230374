package io.bitrouter.wire.gemini;

import io.bitrouter.core.exchange.FinishReason;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.wire.json.Json;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** Writes what whole answers and the objects of a stream consist of. */
final class GeminiAnswer {

  private GeminiAnswer() {}

  /** Begins a candidate, up to its parts. */
  static void beginCandidate(JsonGenerator json) {
    json.writeStartObject();
    json.writeObjectPropertyStart("content");
    json.writeArrayPropertyStart("parts");
  }

  /** Ends a candidate's parts. */
  static void endParts(JsonGenerator json) {
    json.writeEndArray();
    json.writeStringProperty("role", "model");
    json.writeEndObject();
  }

  /** A part that is text, or thought. */
  static void text(JsonGenerator json, String text, boolean thought) {
    json.writeStartObject();
    json.writeStringProperty("text", text);
    if (thought) {
      json.writeBooleanProperty("thought", true);
    }
    json.writeEndObject();
  }

  /**
   * A part that is a call. Its arguments must be an object: when the model wrote something else it
   * is the text {@code raw_arguments} in one, so that the client sees what is wrong.
   */
  static void call(JsonGenerator json, String id, String name, String arguments) {
    json.writeStartObject();
    json.writeObjectPropertyStart("functionCall");
    json.writeStringProperty("id", id);
    json.writeStringProperty("name", name);
    json.writeName("args");
    json.writeRawValue(object(arguments));
    json.writeEndObject();
    json.writeEndObject();
  }

  /** Arguments as an object, see {@link #call}. */
  static String object(String arguments) {
    if (arguments.isBlank()) {
      return "{}";
    }
    try {
      JsonNode tree = Json.strictTree(arguments.getBytes(StandardCharsets.UTF_8));
      if (tree.isObject()) {
        return Json.text(tree);
      }
    } catch (JacksonException | IllegalStateException e) {
      // Not JSON: the client is told so by its form.
    }
    byte[] raw =
        Json.bytes(json -> {
          json.writeStartObject();
          json.writeStringProperty("raw_arguments", arguments);
          json.writeEndObject();
        });
    return new String(raw, StandardCharsets.UTF_8);
  }

  /** Gemini's word for why an answer ended: for calls too it is that the model was done. */
  static String word(FinishReason reason) {
    return switch (reason) {
      case STOP, TOOL_CALLS -> "STOP";
      case LENGTH -> "MAX_TOKENS";
      case CONTENT_FILTER -> "SAFETY";
      case PAUSE -> "OTHER";
      case MALFORMED_CALL -> "MALFORMED_FUNCTION_CALL";
    };
  }

  /** What the answer used. */
  static void usage(JsonGenerator json, TokenUsage tokens) {
    json.writeObjectPropertyStart("usageMetadata");
    json.writeNumberProperty("promptTokenCount", tokens.promptTokens());
    if (tokens.cacheRead() > 0) {
      json.writeNumberProperty("cachedContentTokenCount", tokens.cacheRead());
    }
    json.writeNumberProperty("candidatesTokenCount", tokens.output());
    if (tokens.reasoning() > 0) {
      json.writeNumberProperty("thoughtsTokenCount", tokens.reasoning());
    }
    json.writeNumberProperty("totalTokenCount", tokens.promptTokens() + tokens.completionTokens());
    json.writeEndObject();
  }

  /** Whose answer it is. */
  static void source(JsonGenerator json, String model, String id) {
    json.writeStringProperty("modelVersion", model);
    json.writeStringProperty("responseId", id);
  }
}

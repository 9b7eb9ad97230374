package io.bitrouter.wire.chat;

import io.bitrouter.wire.json.Json;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads the chunk that a stream consists of for the most part, without a tree: more text or thought
 * of one choice, and nothing else. Reused from chunk to chunk; not thread-safe.
 */
final class ChatDelta {

  private boolean plain;
  private int choices;
  private long index;
  private String text = "";
  private String thought = "";
  private String thoughtMember = "";

  /** Reads {@code length} bytes from {@code from}; false when they are, or say, anything else. */
  boolean read(byte[] bytes, int from, int length) {
    plain = true;
    choices = 0;
    return Json.object(bytes, from, length, this::member) && plain && choices == 1;
  }

  /** The choice that it is about. */
  int index() {
    return (int) index;
  }

  /** More text, or nothing. */
  String text() {
    return text;
  }

  /** More of a thought, or nothing. */
  String thought() {
    return thought;
  }

  /** The member that the thought came in. */
  String thoughtMember() {
    return thoughtMember;
  }

  private void member(String name, JsonParser json) {
    switch (name) {
      case "choices" -> {
        plain &= json.currentToken() == JsonToken.START_ARRAY;
        choices = 0;
        Json.elements(json, this::choice);
      }
      case "error", "usage" -> plain &= Json.isNull(json);
      default -> {}
    }
  }

  private void choice(JsonParser json) {
    choices++;
    index = 0;
    forget();
    Json.members(json, this::choiceMember);
  }

  private void forget() {
    text = "";
    thought = "";
  }

  private void choiceMember(String name, JsonParser json) {
    switch (name) {
      case "index" -> {
        index = Json.tokens(json);
        plain &= index >= 0 && index < ChatReading.MAX_CHOICES;
      }
      case "delta" -> {
        forget();
        Json.members(json, this::deltaMember);
      }
      case "finish_reason", "error", "usage" -> plain &= Json.isNull(json);
      default -> {}
    }
  }

  private void deltaMember(String name, JsonParser json) {
    switch (name) {
      case "content" -> text = text(json);
      case "reasoning_content", "reasoning", "thinking" -> {
        String said = text(json);
        if (!said.isEmpty()) {
          plain &= thought.isEmpty();
          thought = said;
          thoughtMember = name;
        }
      }
      case "refusal", "tool_calls", "reasoning_details", "annotations" ->
          plain &= Json.isNull(json);
      default -> {}
    }
  }

  private String text(JsonParser json) {
    plain &= Json.isNull(json) || json.currentToken() == JsonToken.VALUE_STRING;
    return Json.string(json, "");
  }
}

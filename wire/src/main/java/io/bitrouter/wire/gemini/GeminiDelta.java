package io.bitrouter.wire.gemini;

import io.bitrouter.wire.json.Json;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads the object that a stream consists of for the most part, without a tree: one part of one
 * candidate that is text or thought, and usage. Reused from object to object; not thread-safe.
 */
final class GeminiDelta {

  private final GeminiUsage usage;
  private boolean plain;
  private boolean used;
  private int candidates;
  private int parts;
  private long index;
  private String text = "";
  private boolean thought;

  /** One that adds to {@code usage}, also what it leaves to others: figures do not add up. */
  GeminiDelta(GeminiUsage usage) {
    this.usage = usage;
  }

  /** Reads {@code length} bytes from {@code from}; false when they are, or say, anything else. */
  boolean read(byte[] bytes, int from, int length) {
    plain = true;
    used = false;
    candidates = 0;
    return Json.object(bytes, from, length, this::member) && plain && candidates == 1 && parts == 1;
  }

  /** Whether it has usage. */
  boolean used() {
    return used;
  }

  /** The candidate that it is about. */
  int index() {
    return (int) index;
  }

  /** More text, or nothing. */
  String text() {
    return text;
  }

  /** Whether the text is a thought. */
  boolean thought() {
    return thought;
  }

  private void member(String name, JsonParser json) {
    switch (name) {
      case "candidates" -> {
        plain &= json.currentToken() == JsonToken.START_ARRAY;
        candidates = 0;
        Json.elements(json, this::candidate);
      }
      case "usageMetadata" -> {
        used = true;
        usage.read(json);
      }
      case "error", "promptFeedback" -> plain &= Json.isNull(json);
      default -> {}
    }
  }

  private void candidate(JsonParser json) {
    candidates++;
    index = 0;
    parts = 0;
    Json.members(json, this::candidateMember);
  }

  private void candidateMember(String name, JsonParser json) {
    switch (name) {
      case "index" -> {
        index = Json.tokens(json);
        plain &= index >= 0 && index <= Integer.MAX_VALUE;
      }
      case "content" -> {
        parts = 0;
        Json.members(json, this::contentMember);
      }
      case "finishReason" -> plain &= Json.isNull(json);
      default -> {}
    }
  }

  private void contentMember(String name, JsonParser json) {
    if (name.equals("parts")) {
      parts = 0;
      Json.elements(json, this::part);
    }
  }

  private void part(JsonParser json) {
    parts++;
    text = "";
    thought = false;
    Json.members(json, this::partMember);
  }

  private void partMember(String name, JsonParser json) {
    switch (name) {
      case "text" -> {
        plain &= json.currentToken() == JsonToken.VALUE_STRING;
        text = Json.string(json, "");
      }
      case "thought" -> thought = json.currentToken() == JsonToken.VALUE_TRUE;
      case "functionCall", "thoughtSignature" -> plain &= Json.isNull(json);
      default -> {}
    }
  }
}

package io.bitrouter.wire.messages;

import io.bitrouter.wire.json.Json;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads the event that a stream consists of for the most part, without a tree: more of one block's
 * text, thought or input. Reused from event to event; not thread-safe.
 */
final class MessagesDelta {

  /** What the event is called. */
  static final byte[] NAME = "content_block_delta".getBytes(StandardCharsets.US_ASCII);

  private boolean plain;
  private long index;
  private String type = "";
  private String member = "";
  private String value = "";

  /** Reads {@code length} bytes from {@code from}; false when they are, or say, anything else. */
  boolean read(byte[] bytes, int from, int length) {
    plain = true;
    index = 0;
    forget();
    return Json.object(bytes, from, length, this::member)
        && plain
        && !member.isEmpty()
        && member.equals(memberOf(type));
  }

  private void forget() {
    type = "";
    member = "";
    value = "";
  }

  /** The block that it is about. */
  int index() {
    return (int) index;
  }

  /** What the block gets more of. */
  String type() {
    return type;
  }

  /** More of it. */
  String value() {
    return value;
  }

  /** The member that holds what a delta of {@code type} adds, empty when none does. */
  static String memberOf(String type) {
    return switch (type) {
      case "text_delta" -> "text";
      case "thinking_delta" -> "thinking";
      case "signature_delta" -> "signature";
      case "input_json_delta" -> "partial_json";
      default -> "";
    };
  }

  private void member(String name, JsonParser json) {
    switch (name) {
      case "type" -> plain &= Json.string(json, "").equals("content_block_delta");
      case "index" -> {
        index = Json.tokens(json);
        plain &= index >= 0 && index <= Integer.MAX_VALUE;
      }
      case "delta" -> {
        forget();
        Json.members(json, this::deltaMember);
      }
      case "error" -> plain &= Json.isNull(json);
      default -> {}
    }
  }

  private void deltaMember(String name, JsonParser json) {
    switch (name) {
      case "type" -> type = Json.string(json, "");
      case "text", "thinking", "signature", "partial_json" -> {
        plain &= member.isEmpty() && json.currentToken() == JsonToken.VALUE_STRING;
        member = name;
        value = Json.string(json, "");
      }
      default -> {}
    }
  }
}

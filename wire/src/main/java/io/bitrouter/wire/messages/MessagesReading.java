package io.bitrouter.wire.messages;

import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.json.NewObjects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads one answer or one event of a stream for what the gateway needs, without a tree. Reused from
 * event to event; usage accumulates. Not thread-safe.
 */
final class MessagesReading {

  private static final String EXECUTION = "code_execution_tool_result";

  private final MessagesUsage usage = new MessagesUsage();
  private final NewObjects objects = new NewObjects();
  private String type = "";
  private boolean executed;
  private long index;
  private boolean error;
  private @Nullable String stopReason;
  private long contentBytes;

  /**
   * Reads {@code length} bytes from {@code from}; false when they are not one JSON object, and what
   * was read of it stays.
   */
  boolean read(byte[] bytes, int from, int length) {
    type = "";
    index = 0;
    error = false;
    stopReason = null;
    contentBytes = 0;
    return Json.object(bytes, from, length, this::member);
  }

  /** The event's or answer's type, empty when it has none. */
  String type() {
    return type;
  }

  /** The index of the content block it is about, 0 when it says none. */
  long index() {
    return index;
  }

  /** Whether it has an {@code error} that is not null, or is of the type {@code error}. */
  boolean error() {
    return error || type.equals("error");
  }

  Optional<String> stopReason() {
    return Optional.ofNullable(stopReason);
  }

  /** Bytes of generated text, thinking and tool calls in UTF-8. */
  long contentBytes() {
    return contentBytes;
  }

  /** Usage of all that was read. */
  MessagesUsage usage() {
    return usage;
  }

  /** What the provider has made, in all that was read. */
  NewObjects objects() {
    return objects;
  }

  /** Reads a member of an event, of a whole answer, or of the message within an event. */
  private void member(String name, JsonParser json) {
    switch (name) {
      case "type" -> type = Json.string(json, type);
      case "index" -> index = Math.max(0, Json.tokens(json));
      case "message" -> {
        String outer = type;
        Json.members(json, this::member);
        type = outer;
      }
      case "delta", "content_block" -> block(json);
      case "usage" -> usage.read(json);
      case "container" -> objects.id(json);
      case "stop_reason" -> stopReason = isText(json) ? json.getString() : stopReason;
      case "content" -> Json.elements(json, this::block);
      case "error" -> error = json.currentToken() != JsonToken.VALUE_NULL;
      default -> {}
    }
  }

  /** Reads a content block or the delta of one; a message's delta has the stop reason. */
  private void block(JsonParser json) {
    executed = false;
    Json.members(json, this::blockMember);
  }

  private void blockMember(String name, JsonParser json) {
    switch (name) {
      case "type" -> executed = isText(json) && ofExecution(json);
      case "text", "thinking", "partial_json", "data", "name" ->
          contentBytes += Json.stringBytes(json);
      case "input" -> {
        int length = Json.skipValue(json).length();
        contentBytes += length > 2 ? length : 0;
      }
      case "stop_reason" -> stopReason = isText(json) ? json.getString() : stopReason;
      case "container" -> objects.id(json);
      case "content" -> {
        if (executed) {
          objects.within(json);
        }
      }
      default -> {}
    }
  }

  /** Whether the type is that of what running code has come to; most are too short to be read. */
  private static boolean ofExecution(JsonParser json) {
    return json.getStringLength() >= EXECUTION.length() && json.getString().endsWith(EXECUTION);
  }

  private static boolean isText(JsonParser json) {
    return json.currentToken() == JsonToken.VALUE_STRING;
  }
}

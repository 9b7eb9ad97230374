package io.bitrouter.wire.messages;

import io.bitrouter.wire.json.Json;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads one answer or one event of a stream for what the gateway needs, without a tree. Reused from
 * event to event; usage accumulates. Not thread-safe.
 */
final class MessagesReading {

  private final MessagesUsage usage = new MessagesUsage();
  private String type = "";
  private boolean error;
  private @Nullable String stopReason;
  private long contentBytes;

  MessagesReading() {}

  /**
   * Reads {@code length} bytes from {@code from}.
   *
   * @return false when they are not one JSON object; what was read of it stays
   */
  boolean read(byte[] bytes, int from, int length) {
    type = "";
    error = false;
    stopReason = null;
    contentBytes = 0;
    try (JsonParser json = Json.parser(bytes, from, length)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      message(json);
      return json.nextToken() == null;
    } catch (JacksonException | IllegalStateException e) {
      return false;
    }
  }

  /** The event's or answer's type, empty when it has none. */
  String type() {
    return type;
  }

  /** Whether it has an {@code error} that is not null. */
  boolean error() {
    return error;
  }

  /** The stop reason in it. */
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

  /** Reads the members of an event, of a whole answer, or of the message within an event. */
  private void message(JsonParser json) {
    String name;
    while ((name = json.nextName()) != null) {
      JsonToken token = json.nextToken();
      boolean object = token == JsonToken.START_OBJECT;
      switch (name) {
        case "type" -> type = token == JsonToken.VALUE_STRING ? json.getString() : type;
        case "message" -> {
          if (object) {
            String outer = type;
            message(json);
            type = outer;
          }
        }
        case "delta", "content_block" -> {
          if (object) {
            block(json);
          }
        }
        case "usage" -> {
          if (object) {
            usage.read(json);
          }
        }
        case "stop_reason" -> stopReason(token, json);
        case "content" -> content(token, json);
        case "error" -> error = token != JsonToken.VALUE_NULL;
        default -> {}
      }
      // Does nothing unless the value is an object or array that nobody has read.
      json.skipChildren();
    }
  }

  private void content(JsonToken token, JsonParser json) {
    if (token != JsonToken.START_ARRAY) {
      return;
    }
    JsonToken element;
    while ((element = json.nextToken()) != JsonToken.END_ARRAY) {
      if (element == JsonToken.START_OBJECT) {
        block(json);
      } else {
        json.skipChildren();
      }
    }
  }

  /** Reads a content block or the delta of one; a message's delta has the stop reason. */
  private void block(JsonParser json) {
    String name;
    while ((name = json.nextName()) != null) {
      JsonToken token = json.nextToken();
      switch (name) {
        case "text", "thinking", "partial_json", "data", "name" ->
            contentBytes += Json.stringBytes(json);
        case "input" -> {
          int length = Json.skipValue(json).length();
          contentBytes += length > 2 ? length : 0;
        }
        case "stop_reason" -> stopReason(token, json);
        default -> {}
      }
      json.skipChildren();
    }
  }

  private void stopReason(JsonToken token, JsonParser json) {
    if (token == JsonToken.VALUE_STRING) {
      stopReason = json.getString();
    }
  }
}

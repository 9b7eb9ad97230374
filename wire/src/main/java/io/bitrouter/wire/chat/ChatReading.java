package io.bitrouter.wire.chat;

import io.bitrouter.wire.json.Json;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads one answer or one chunk of a stream for what the gateway needs, without a tree. Reused from
 * chunk to chunk; not thread-safe.
 */
final class ChatReading {

  private boolean choicesEmpty;
  private boolean error;
  private @Nullable String finishReason;
  private @Nullable ChatUsage usage;
  private @Nullable ChatUsage choiceUsage;
  private long contentBytes;
  private long reasoningBytes;

  /** Reads {@code length} bytes from {@code from}; false when they are not one JSON object. */
  boolean read(byte[] bytes, int from, int length) {
    clear();
    if (Json.object(bytes, from, length, this::member)) {
      return true;
    }
    clear();
    return false;
  }

  /** Whether there is no choice in it. */
  boolean choicesEmpty() {
    return choicesEmpty;
  }

  /** Whether it has an {@code error} that is not null. */
  boolean error() {
    return error;
  }

  /** The last finish reason in it. */
  Optional<String> finishReason() {
    return Optional.ofNullable(finishReason);
  }

  /** Its {@code usage} object at the place where the protocol has it. */
  Optional<ChatUsage> usage() {
    return Optional.ofNullable(usage);
  }

  /** Its usage wherever it is: Moonshot puts it into a choice. */
  Optional<ChatUsage> anyUsage() {
    return Optional.ofNullable(usage != null ? usage : choiceUsage);
  }

  /** Bytes of generated text, reasoning, refusals and tool calls in UTF-8. */
  long contentBytes() {
    return contentBytes;
  }

  private void clear() {
    choicesEmpty = true;
    error = false;
    finishReason = null;
    usage = null;
    choiceUsage = null;
    contentBytes = 0;
  }

  private void member(String name, JsonParser json) {
    switch (name) {
      case "choices" -> Json.elements(json, this::choice);
      case "usage" -> usage = usage(json, usage);
      case "error" -> error = json.currentToken() != JsonToken.VALUE_NULL;
      default -> {}
    }
  }

  private void choice(JsonParser json) {
    choicesEmpty = false;
    Json.members(json, this::choiceMember);
  }

  private void choiceMember(String name, JsonParser json) {
    switch (name) {
      case "delta", "message" -> {
        reasoningBytes = 0;
        Json.members(json, this::contentMember);
        contentBytes += reasoningBytes;
      }
      case "finish_reason" ->
          finishReason =
              json.currentToken() == JsonToken.VALUE_STRING ? json.getString() : finishReason;
      case "usage" -> choiceUsage = usage(json, choiceUsage);
      default -> {}
    }
  }

  /** Reasoning is counted once, however often it is spelled. */
  private void contentMember(String name, JsonParser json) {
    switch (name) {
      case "content", "refusal", "tool_calls", "function_call", "audio" ->
          contentBytes += texts(json);
      case "reasoning_content", "reasoning", "reasoning_details", "thinking" ->
          reasoningBytes = Math.max(reasoningBytes, texts(json));
      default -> {}
    }
  }

  private static @Nullable ChatUsage usage(JsonParser json, @Nullable ChatUsage before) {
    return json.currentToken() == JsonToken.START_OBJECT ? ChatUsage.read(json) : before;
  }

  /** Bytes of a text, or of the generated texts in the parts, details or calls it consists of. */
  private static long texts(JsonParser json) {
    long sum = 0;
    switch (json.currentToken()) {
      case VALUE_STRING -> sum = Json.stringBytes(json);
      case START_ARRAY -> {
        while (json.nextToken() != JsonToken.END_ARRAY) {
          sum += texts(json);
        }
      }
      case START_OBJECT -> {
        String name;
        while ((name = json.nextName()) != null) {
          json.nextToken();
          switch (name) {
            case "text", "thinking", "refusal", "summary", "transcript" -> sum += texts(json);
            case "function", "custom", "name", "arguments", "input" -> sum += texts(json);
            default -> json.skipChildren();
          }
        }
      }
      default -> {}
    }
    return sum;
  }
}

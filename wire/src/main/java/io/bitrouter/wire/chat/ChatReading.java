package io.bitrouter.wire.chat;

import io.bitrouter.wire.json.Json;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
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
  private @Nullable ChatUsage lesserUsage;
  private long contentBytes;

  ChatReading() {}

  /**
   * Reads {@code length} bytes from {@code from}.
   *
   * @return false when they are not one JSON object; nothing but that is known then
   */
  boolean read(byte[] bytes, int from, int length) {
    clear();
    try (JsonParser json = Json.parser(bytes, from, length)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      String name;
      while ((name = json.nextName()) != null) {
        member(name, json);
      }
      return json.nextToken() == null;
    } catch (JacksonException | IllegalStateException e) {
      clear();
      return false;
    }
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

  /** Its usage wherever it is: Moonshot puts it into a choice, Groq under {@code x_groq}. */
  Optional<ChatUsage> anyUsage() {
    return Optional.ofNullable(usage != null ? usage : lesserUsage);
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
    lesserUsage = null;
    contentBytes = 0;
  }

  private void member(String name, JsonParser json) {
    JsonToken token = json.nextToken();
    switch (name) {
      case "choices" -> choices(token, json);
      case "usage" -> {
        if (token == JsonToken.START_OBJECT) {
          usage = ChatUsage.read(json);
        } else {
          json.skipChildren();
        }
      }
      case "error" -> {
        error = token != JsonToken.VALUE_NULL;
        json.skipChildren();
      }
      case "x_groq" -> groq(token, json);
      default -> json.skipChildren();
    }
  }

  private void choices(JsonToken token, JsonParser json) {
    if (token != JsonToken.START_ARRAY) {
      json.skipChildren();
      return;
    }
    JsonToken element;
    while ((element = json.nextToken()) != JsonToken.END_ARRAY) {
      choicesEmpty = false;
      if (element == JsonToken.START_OBJECT) {
        choice(json);
      } else {
        json.skipChildren();
      }
    }
  }

  private void choice(JsonParser json) {
    String name;
    while ((name = json.nextName()) != null) {
      JsonToken token = json.nextToken();
      switch (name) {
        case "delta", "message" -> {
          if (token == JsonToken.START_OBJECT) {
            contentBytes += delta(json);
          } else {
            json.skipChildren();
          }
        }
        case "finish_reason" -> {
          if (token == JsonToken.VALUE_STRING) {
            finishReason = json.getString();
          } else {
            json.skipChildren();
          }
        }
        case "usage" -> lesser(token, json);
        default -> json.skipChildren();
      }
    }
  }

  private void groq(JsonToken token, JsonParser json) {
    if (token != JsonToken.START_OBJECT) {
      json.skipChildren();
      return;
    }
    String name;
    while ((name = json.nextName()) != null) {
      JsonToken value = json.nextToken();
      if (name.equals("usage")) {
        lesser(value, json);
      } else {
        json.skipChildren();
      }
    }
  }

  private void lesser(JsonToken token, JsonParser json) {
    if (token == JsonToken.START_OBJECT) {
      lesserUsage = ChatUsage.read(json);
    } else {
      json.skipChildren();
    }
  }

  /** Content of a delta or message. Reasoning is counted once, however often it is spelled. */
  private static long delta(JsonParser json) {
    long text = 0;
    long reasoning = 0;
    String name;
    while ((name = json.nextName()) != null) {
      json.nextToken();
      switch (name) {
        case "content", "refusal" -> text += texts(json);
        case "reasoning_content", "reasoning", "reasoning_details", "thinking" ->
            reasoning = Math.max(reasoning, texts(json));
        case "tool_calls", "function_call", "audio" -> text += texts(json);
        default -> json.skipChildren();
      }
    }
    return text + reasoning;
  }

  /** Bytes of a text, or of the generated texts in the parts, details or calls it consists of. */
  private static long texts(JsonParser json) {
    return switch (json.currentToken()) {
      case VALUE_STRING -> Json.stringBytes(json);
      case START_ARRAY -> {
        long sum = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
          sum += texts(json);
        }
        yield sum;
      }
      case START_OBJECT -> {
        long sum = 0;
        String name;
        while ((name = json.nextName()) != null) {
          json.nextToken();
          switch (name) {
            case "text", "thinking", "refusal", "summary", "transcript" -> sum += texts(json);
            case "function", "custom", "name", "arguments", "input" -> sum += texts(json);
            default -> json.skipChildren();
          }
        }
        yield sum;
      }
      default -> 0L;
    };
  }
}

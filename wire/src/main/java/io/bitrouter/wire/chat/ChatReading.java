package io.bitrouter.wire.chat;

import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.json.NewObjects;
import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads one answer or one chunk of a stream for what the gateway needs, without a tree. Reused from
 * chunk to chunk; not thread-safe.
 */
final class ChatReading {

  /** Choices beyond this are not kept account of: no request can ask for as many. */
  static final int MAX_CHOICES = 128;

  private final BitSet finished = new BitSet();
  private final NewObjects objects = new NewObjects();
  private String id = "";
  private String model = "";
  private long created;
  private int index;
  private boolean finishedChoice;
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

  /** The id in all that was read, empty when there was none. */
  String id() {
    return id;
  }

  /** The model named in all that was read, empty when there was none. */
  String model() {
    return model;
  }

  /** When the answer began, in seconds since 1970; 0 when nothing that was read says so. */
  long created() {
    return created;
  }

  /** Whether a choice has got its finish reason in all that was read. */
  boolean finished(int choice) {
    return finished.get(choice);
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

  /** What the provider has made, in all that was read. */
  NewObjects objects() {
    return objects;
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
      case "id" -> id = id.isEmpty() ? Json.string(json, "") : id;
      case "model" -> model = model.isEmpty() ? Json.string(json, "") : model;
      case "created" -> created = created == 0 ? seconds(json) : created;
      case "error" -> error = json.currentToken() != JsonToken.VALUE_NULL;
      default -> {}
    }
  }

  private void choice(JsonParser json) {
    choicesEmpty = false;
    index = 0;
    finishedChoice = false;
    Json.members(json, this::choiceMember);
    if (finishedChoice && index >= 0 && index < MAX_CHOICES) {
      finished.set(index);
    }
  }

  private void choiceMember(String name, JsonParser json) {
    switch (name) {
      case "delta", "message" -> {
        reasoningBytes = 0;
        Json.members(json, this::contentMember);
        contentBytes += reasoningBytes;
      }
      case "index" -> index = (int) Json.tokens(json);
      case "finish_reason" -> {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
          finishReason = json.getString();
          finishedChoice = true;
        }
      }
      case "usage" -> choiceUsage = usage(json, choiceUsage);
      default -> {}
    }
  }

  /** Reasoning is counted once, however often it is spelled. */
  private void contentMember(String name, JsonParser json) {
    switch (name) {
      case "content", "refusal", "tool_calls", "function_call" -> contentBytes += texts(json);
      case "audio" -> Json.members(json, this::audioMember);
      case "reasoning_content", "reasoning", "reasoning_details", "thinking" ->
          reasoningBytes = Math.max(reasoningBytes, texts(json));
      default -> {}
    }
  }

  /** The sound of an answer can be named in the next request. */
  private void audioMember(String name, JsonParser json) {
    switch (name) {
      case "id" -> objects.name(json);
      case "transcript" -> contentBytes += texts(json);
      default -> {}
    }
  }

  private static long seconds(JsonParser json) {
    boolean integer = json.currentToken() == JsonToken.VALUE_NUMBER_INT;
    return integer && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER
        ? json.getLongValue()
        : 0;
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

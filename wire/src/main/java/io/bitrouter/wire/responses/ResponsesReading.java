package io.bitrouter.wire.responses;

import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.json.NewObjects;
import io.bitrouter.wire.json.Span;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads one answer or one event of a stream for what the gateway needs, without a tree. Reused from
 * event to event; not thread-safe.
 */
final class ResponsesReading {

  private static final Set<String> UNANSWERED =
      Set.of("failed", "cancelled", "queued", "in_progress");

  private final NewObjects objects = new NewObjects();
  private String type = "";
  private long sequence = Json.ABSENT;
  private int index;
  private int part;
  private String delta = "";
  private long deltaBytes;
  private @Nullable String text;
  private String partType = "";
  private @Nullable Span itemAt;
  private long itemBytes;
  private @Nullable Span responseAt;
  private @Nullable Span errorAt;
  private String status = "";
  private @Nullable String incompleteReason;
  private @Nullable ResponsesUsage usage;
  private long outputBytes;

  /** Reads a whole answer; false when it is not one JSON object. */
  boolean answer(byte[] body) {
    clear();
    return Json.object(body, 0, body.length, this::responseMember);
  }

  /** Reads an event of {@code length} bytes from {@code from}; false when it is not one object. */
  boolean event(byte[] bytes, int from, int length) {
    clear();
    if (Json.object(bytes, from, length, this::member)) {
      return true;
    }
    clear();
    return false;
  }

  private void clear() {
    type = "";
    sequence = Json.ABSENT;
    index = 0;
    part = 0;
    delta = "";
    deltaBytes = 0;
    text = null;
    partType = "";
    itemAt = null;
    itemBytes = 0;
    responseAt = null;
    errorAt = null;
    status = "";
    incompleteReason = null;
    usage = null;
    outputBytes = 0;
  }

  /** The event's type, empty when it has none. */
  String type() {
    return type;
  }

  /** The event's number, {@link Json#ABSENT} when it has none. */
  long sequence() {
    return sequence;
  }

  /** Index of the item that the event is about. */
  int index() {
    return index;
  }

  /** Index of the part of the item that the event is about. */
  int part() {
    return part;
  }

  /** Type of the part that the event holds. */
  String partType() {
    return partType;
  }

  /** What the event adds. */
  String delta() {
    return delta;
  }

  /** The same in bytes of UTF-8. */
  long deltaBytes() {
    return deltaBytes;
  }

  /** What the event says that all deltas have come to. */
  Optional<String> text() {
    return Optional.ofNullable(text);
  }

  /** The event's item, counted from the event's first byte. */
  Optional<Span> itemAt() {
    return Optional.ofNullable(itemAt);
  }

  /** Bytes of what was generated of the item. */
  long itemBytes() {
    return itemBytes;
  }

  /** The event's response, counted from the event's first byte. */
  Optional<Span> responseAt() {
    return Optional.ofNullable(responseAt);
  }

  /** The response's error, unless it is null, counted from the first byte. */
  Optional<Span> errorAt() {
    return Optional.ofNullable(errorAt);
  }

  /** Whether the response is an answer, whole or cut. */
  boolean ended() {
    return !UNANSWERED.contains(status);
  }

  /** Why the response ended: its status, or the reason for which it is incomplete. */
  Optional<String> finishReason() {
    return switch (status) {
      case "completed" -> Optional.of(status);
      case "incomplete" -> Optional.of(incompleteReason != null ? incompleteReason : status);
      default -> Optional.empty();
    };
  }

  /** The response's usage. */
  Optional<ResponsesUsage> usage() {
    return Optional.ofNullable(usage);
  }

  /** Bytes of what was generated of the response. */
  long contentBytes() {
    return outputBytes;
  }

  /** What the provider has made, in all that was read. */
  NewObjects objects() {
    return objects;
  }

  private void member(String name, JsonParser json) {
    switch (name) {
      case "type" -> type = Json.string(json, "");
      case "sequence_number" -> sequence = Json.tokens(json);
      case "output_index" -> index = index(json);
      case "content_index", "summary_index" -> part = index(json);
      case "delta" -> {
        deltaBytes = Json.stringBytes(json);
        delta = Json.string(json, "");
      }
      case "text", "refusal", "arguments", "input" -> text = Json.string(json, "");
      case "part" -> Json.members(json, this::partMember);
      case "item" -> {
        int start = Json.tokenStart(json);
        itemBytes = generated(json);
        itemAt = new Span(start, Json.tokenEnd(json));
      }
      case "response" -> {
        int start = Json.tokenStart(json);
        Json.members(json, this::responseMember);
        responseAt = new Span(start, Json.tokenEnd(json));
      }
      default -> {}
    }
  }

  private void partMember(String name, JsonParser json) {
    if (name.equals("type")) {
      partType = Json.string(json, "");
    }
  }

  private void responseMember(String name, JsonParser json) {
    switch (name) {
      case "status" -> status = Json.string(json, "");
      case "error" -> {
        boolean present = json.currentToken() != JsonToken.VALUE_NULL;
        Span at = Json.skipValue(json);
        errorAt = present ? at : null;
      }
      case "incomplete_details" -> Json.members(json, this::detail);
      case "usage" -> {
        if (json.currentToken() == JsonToken.START_OBJECT) {
          usage = ResponsesUsage.read(json);
        }
      }
      case "output" -> outputBytes = generated(json);
      default -> {}
    }
  }

  private void detail(String name, JsonParser json) {
    if (name.equals("reason") && json.currentToken() == JsonToken.VALUE_STRING) {
      incompleteReason = json.getString();
    }
  }

  private static int index(JsonParser json) {
    return (int) Math.max(0, Json.tokens(json));
  }

  /** Bytes of a text, or of what a model generates in the items and parts that it consists of. */
  private long generated(JsonParser json) {
    long sum = 0;
    switch (json.currentToken()) {
      case VALUE_STRING -> sum = Json.stringBytes(json);
      case START_ARRAY -> {
        while (json.nextToken() != JsonToken.END_ARRAY) {
          sum += generated(json);
        }
      }
      case START_OBJECT -> {
        String name;
        while ((name = json.nextName()) != null) {
          json.nextToken();
          switch (name) {
            case "content", "summary", "text", "refusal", "transcript" -> sum += generated(json);
            case "name", "arguments", "input", "code" -> sum += generated(json);
            case "action", "commands", "query", "queries" -> sum += generated(json);
            case "operation", "diff" -> sum += generated(json);
            case "container_id" -> objects.name(json);
            case "annotations" -> objects.within(json);
            default -> json.skipChildren();
          }
        }
      }
      default -> {}
    }
    return sum;
  }
}

package io.bitrouter.wire.gemini;

import io.bitrouter.wire.json.Json;
import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads the objects of one answer for what the gateway needs, without a tree. Usage and ends of
 * candidates accumulate. Not thread-safe.
 */
final class GeminiReading {

  /** Candidates from this index on are not kept account of. */
  private static final int MAX_CANDIDATES = 128;

  /** Most that an image or sound in an answer counts for: its tokens do not grow with its bytes. */
  private static final int MEDIA_BYTES = 8 << 10;

  private final GeminiUsage usage = new GeminiUsage();
  private final BitSet begun = new BitSet();
  private final BitSet finished = new BitSet();
  private @Nullable String finishReason;
  private String model = "";
  private String id = "";
  private boolean error;
  private long contentBytes;
  private int candidate;
  private boolean candidateFinished;

  /**
   * Reads {@code length} bytes from {@code from}; false when they are not one JSON object, and what
   * was read of it stays.
   */
  boolean read(byte[] bytes, int from, int length) {
    error = false;
    contentBytes = 0;
    return Json.object(bytes, from, length, this::member);
  }

  /** Whether the object read last has an {@code error} that is not null. */
  boolean error() {
    return error;
  }

  /** Bytes of text, thoughts and calls in the object read last. */
  long contentBytes() {
    return contentBytes;
  }

  /** Usage of all that was read. */
  GeminiUsage usage() {
    return usage;
  }

  /** The last reason for which a candidate ended, or the prompt was refused. */
  Optional<String> finishReason() {
    return Optional.ofNullable(finishReason);
  }

  /** Whether a candidate, or everything, has ended. */
  boolean anyFinished() {
    return finishReason != null;
  }

  /** Whether all that began has ended. */
  boolean allFinished() {
    return anyFinished() && begun.equals(finished);
  }

  /** Whether it ended without any candidate: the prompt was refused. */
  boolean refused() {
    return anyFinished() && begun.isEmpty();
  }

  /** Whether the candidate has ended. */
  boolean finished(int index) {
    return finished.get(index);
  }

  /** The model as the upstream names it, empty when it does not. */
  String model() {
    return model;
  }

  /** The upstream's id of the answer, empty when it has none. */
  String id() {
    return id;
  }

  private void member(String name, JsonParser json) {
    switch (name) {
      case "candidates" -> Json.elements(json, this::candidate);
      case "usageMetadata" -> usage.read(json);
      case "promptFeedback" -> Json.members(json, this::feedback);
      case "modelVersion" -> model = Json.string(json, model);
      case "responseId" -> id = Json.string(json, id);
      case "error" -> error = json.currentToken() != JsonToken.VALUE_NULL;
      default -> {}
    }
  }

  private void feedback(String name, JsonParser json) {
    if (name.equals("blockReason") && json.currentToken() == JsonToken.VALUE_STRING) {
      finishReason = json.getString();
    }
  }

  private void candidate(JsonParser json) {
    candidate = 0;
    candidateFinished = false;
    Json.members(json, this::candidateMember);
    begun.set(candidate);
    finished.set(candidate, finished.get(candidate) || candidateFinished);
  }

  private void candidateMember(String name, JsonParser json) {
    switch (name) {
      case "index" -> candidate = Math.clamp(Json.tokens(json), 0, MAX_CANDIDATES);
      case "finishReason" -> {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
          finishReason = json.getString();
          candidateFinished = true;
        }
      }
      case "content" -> Json.members(json, this::contentMember);
      default -> {}
    }
  }

  private void contentMember(String name, JsonParser json) {
    if (name.equals("parts")) {
      Json.elements(json, part -> Json.members(part, this::partMember));
    }
  }

  private void partMember(String name, JsonParser json) {
    switch (name) {
      case "text" -> contentBytes += Json.stringBytes(json);
      case "functionCall", "executableCode", "codeExecutionResult", "inlineData" ->
          Json.members(json, this::saidMember);
      default -> {}
    }
  }

  private void saidMember(String name, JsonParser json) {
    switch (name) {
      case "name", "code", "output" -> contentBytes += Json.stringBytes(json);
      case "data" -> contentBytes += Math.min(MEDIA_BYTES, Json.stringBytes(json));
      case "args" -> {
        int length = Json.skipValue(json).length();
        contentBytes += length > 2 ? length : 0;
      }
      default -> {}
    }
  }
}

package io.bitrouter.wire.sim;

import io.bitrouter.wire.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a simulated answer differs from the plain one.
 *
 * @param firstMillis wait before anything is sent, at most ten minutes
 * @param chunkMillis wait before every further chunk of content, at most a minute
 * @param chunks number of chunks of content in a stream
 * @param outputTokens number of words to generate, one token each
 * @param status status of an error to answer with
 * @param retryAfter seconds for {@code Retry-After}
 * @param resetAtChunk chunk of content in whose place the connection is reset, from 0
 * @param truncateAtChunk chunk of content in whose place the answer ends
 * @param errorAtChunk chunk of content in whose place there is an error event
 * @param tool a tool to call in place of an answer
 * @param usage members that replace the ones of the usage object, in the protocol's own names
 * @param noUsage whether usage is left out
 */
record Steering(
    long firstMillis,
    long chunkMillis,
    OptionalInt chunks,
    OptionalInt outputTokens,
    OptionalInt status,
    OptionalInt retryAfter,
    OptionalInt resetAtChunk,
    OptionalInt truncateAtChunk,
    OptionalInt errorAtChunk,
    Optional<Tool> tool,
    Optional<ObjectNode> usage,
    boolean noUsage) {

  /** Most chunks, and most words. */
  static final int MAX_CHUNKS = 100_000;

  private static final int MAX_FIRST_MILLIS = 600_000;
  private static final int MAX_CHUNK_MILLIS = 60_000;
  private static final int MAX_RETRY_AFTER = 86_400;

  private static final Set<String> MEMBERS =
      Set.of(
          "first_ms",
          "chunk_ms",
          "chunks",
          "output_tokens",
          "status",
          "retry_after",
          "reset_at_chunk",
          "truncate_at_chunk",
          "error_at_chunk",
          "tool",
          "usage",
          "no_usage");

  /**
   * A call of a tool.
   *
   * @param name the tool
   * @param arguments its arguments as JSON text
   */
  record Tool(String name, String arguments) {}

  /**
   * Reads steering.
   *
   * @throws SimFault when it is not an object of the members above with values in their ranges
   */
  static Steering of(JsonNode json) {
    if (!json.isObject()) {
      throw SimFault.invalid("x_sim must be an object");
    }
    Set<String> unknown = new TreeSet<>(json.propertyNames());
    unknown.removeAll(MEMBERS);
    if (!unknown.isEmpty()) {
      throw SimFault.invalid(
          "x_sim has unknown members: "
              + String.join(", ", unknown)
              + "; known are "
              + String.join(", ", new TreeSet<>(MEMBERS)));
    }
    return new Steering(
        integer(json, "first_ms", 0, MAX_FIRST_MILLIS).orElse(0),
        integer(json, "chunk_ms", 0, MAX_CHUNK_MILLIS).orElse(0),
        integer(json, "chunks", 1, MAX_CHUNKS),
        integer(json, "output_tokens", 0, MAX_CHUNKS),
        integer(json, "status", 200, 599),
        integer(json, "retry_after", 0, MAX_RETRY_AFTER),
        integer(json, "reset_at_chunk", 0, MAX_CHUNKS),
        integer(json, "truncate_at_chunk", 0, MAX_CHUNKS),
        integer(json, "error_at_chunk", 0, MAX_CHUNKS),
        Optional.ofNullable(json.get("tool")).map(Steering::tool),
        Optional.ofNullable(json.get("usage")).map(Steering::usage),
        bool(json, "no_usage"));
  }

  private static OptionalInt integer(JsonNode json, String name, int least, int most) {
    JsonNode value = json.get(name);
    if (value == null) {
      return OptionalInt.empty();
    }
    if (!value.isIntegralNumber()
        || !value.canConvertToInt()
        || value.intValue() < least
        || value.intValue() > most) {
      throw SimFault.invalid("x_sim." + name + " must be an integer from " + least + " to " + most);
    }
    return OptionalInt.of(value.intValue());
  }

  private static boolean bool(JsonNode json, String name) {
    JsonNode value = json.get(name);
    if (value != null && !value.isBoolean()) {
      throw SimFault.invalid("x_sim." + name + " must be true or false");
    }
    return value != null && value.booleanValue();
  }

  private static Tool tool(JsonNode json) {
    JsonNode name = json.get("name");
    JsonNode arguments = json.get("arguments");
    boolean known = Set.of("name", "arguments").containsAll(json.propertyNames());
    if (!json.isObject() || !known || name == null || !name.isString()) {
      throw SimFault.invalid("x_sim.tool must be {\"name\":…,\"arguments\":…} with a string name");
    }
    String text =
        arguments == null
            ? "{}"
            : arguments.isString() ? arguments.stringValue() : arguments.toString();
    if (!isJson(text)) {
      throw SimFault.invalid("x_sim.tool.arguments must be JSON, or a string that holds JSON");
    }
    return new Tool(name.stringValue(), text);
  }

  private static boolean isJson(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (JsonParser json = Json.parser(bytes, 0, bytes.length)) {
      boolean value = json.nextToken() != null;
      json.skipChildren();
      return value && json.nextToken() == null;
    } catch (JacksonException e) {
      return false;
    }
  }

  private static ObjectNode usage(JsonNode json) {
    if (json instanceof ObjectNode object) {
      return object;
    }
    throw SimFault.invalid("x_sim.usage must be an object");
  }
}

package io.bitrouter.wire.sim;

import io.bitrouter.wire.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** How a simulated answer differs from the plain one: {@code x_sim}, whose values are checked. */
record Steering(JsonNode json) {

  /** Most chunks, and most words. */
  static final int MAX_CHUNKS = 100_000;

  private static final String MEMBERS =
      "chunk_ms, chunks, error_at_chunk, first_ms, no_usage, output_tokens, reset_at_chunk,"
          + " retry_after, status, tool, truncate_at_chunk, usage";

  /** A call of a tool, its arguments as the JSON text that is sent. */
  record Tool(String name, String arguments) {}

  /** A request that the simulator refuses; never leaves this package. */
  static final class Fault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    final int status;
    final String text;

    Fault(int status, String text) {
      super(text, null, false, false);
      this.status = status;
      this.text = text;
    }
  }

  Steering {
    require(json.isObject(), "x_sim must be an object");
    Set<String> unknown = new TreeSet<>();
    for (String name : json.propertyNames()) {
      switch (name) {
        case "first_ms" -> integer(json, name, 0, 600_000);
        case "chunk_ms" -> integer(json, name, 0, 60_000);
        case "chunks" -> integer(json, name, 1, MAX_CHUNKS);
        case "output_tokens", "reset_at_chunk", "truncate_at_chunk", "error_at_chunk" ->
            integer(json, name, 0, MAX_CHUNKS);
        case "status" -> integer(json, name, 200, 599);
        case "retry_after" -> integer(json, name, 0, 86_400);
        case "no_usage" ->
            require(json.path(name).isBoolean(), "x_sim.no_usage must be true or false");
        case "usage" -> require(json.path(name).isObject(), "x_sim.usage must be an object");
        case "tool" -> checkTool(json.path(name));
        default -> unknown.add(name);
      }
    }
    require(
        unknown.isEmpty(),
        "x_sim has unknown members: " + String.join(", ", unknown) + "; known are " + MEMBERS);
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new Fault(400, otherwise);
    }
  }

  private static void integer(JsonNode json, String name, int least, int most) {
    JsonNode value = json.path(name);
    require(
        value.isIntegralNumber()
            && value.canConvertToInt()
            && value.intValue() >= least
            && value.intValue() <= most,
        "x_sim." + name + " must be an integer from " + least + " to " + most);
  }

  private static void checkTool(JsonNode tool) {
    require(
        tool.path("name").isString()
            && Set.of("name", "arguments").containsAll(tool.propertyNames()),
        "x_sim.tool must be {\"name\":…,\"arguments\":…} with a string name");
    JsonNode arguments = tool.path("arguments");
    if (arguments.isString()) {
      parse(
          arguments.stringValue().getBytes(StandardCharsets.UTF_8),
          "x_sim.tool.arguments must be JSON, or a string that holds JSON");
    }
  }

  /** The one value in {@code text}; refused with {@code otherwise} when it is not that. */
  static JsonNode parse(byte[] text, String otherwise) {
    try {
      JsonNode json = Json.tree(text, 0, text.length);
      require(!json.isMissingNode(), otherwise);
      return json;
    } catch (JacksonException e) {
      throw new Fault(400, otherwise);
    }
  }

  /** The value of an integer member. */
  int integer(String name, int otherwise) {
    return json.path(name).intValue(otherwise);
  }

  /** Whether usage is left out. */
  boolean noUsage() {
    return json.path("no_usage").booleanValue(false);
  }

  /** Members that replace those of the usage object, in the protocol's own names. */
  Optional<ObjectNode> usage() {
    return json.path("usage").asObjectOpt();
  }

  /** A tool to call in place of an answer. */
  Optional<Tool> tool() {
    JsonNode tool = json.path("tool");
    JsonNode arguments = tool.path("arguments");
    String text = arguments.isMissingNode() ? "{}" : arguments.toString();
    return tool.isMissingNode()
        ? Optional.empty()
        : Optional.of(new Tool(tool.path("name").stringValue(), arguments.stringValue(text)));
  }
}

package io.bitrouter.wire.sim;

import io.bitrouter.wire.json.Json;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/** The simulator as an upstream of Messages. */
final class MessagesVoice implements SimVoice {

  MessagesVoice() {}

  @Override
  public byte[] whole(SimRequest request) {
    return Json.bytes(json -> {
      json.writeStartObject();
      head(json, request);
      json.writeArrayPropertyStart("content");
      block(json, request.content(), request.content().text());
      json.writeEndArray();
      json.writeStringProperty("stop_reason", stopReason(request.content()));
      json.writeNullProperty("stop_sequence");
      usage(json, request, request.outputTokens());
      json.writeEndObject();
    });
  }

  @Override
  public List<byte[]> opening(SimRequest request) {
    byte[] start =
        event(
            "message_start",
            json -> {
              json.writeObjectPropertyStart("message");
              head(json, request);
              json.writeArrayPropertyStart("content");
              json.writeEndArray();
              json.writeNullProperty("stop_reason");
              json.writeNullProperty("stop_sequence");
              startUsage(json, request);
              json.writeEndObject();
            });
    byte[] block =
        event(
            "content_block_start",
            json -> {
              json.writeNumberProperty("index", 0);
              json.writeName("content_block");
              block(json, request.content(), "");
            });
    return List.of(start, block, event("ping", json -> {}));
  }

  @Override
  public List<byte[]> chunk(SimRequest request, int index) {
    String text = request.content().chunk(index);
    boolean tool = request.content().tool().isPresent();
    return List.of(
        event(
            "content_block_delta",
            json -> {
              json.writeNumberProperty("index", 0);
              json.writeObjectPropertyStart("delta");
              json.writeStringProperty("type", tool ? "input_json_delta" : "text_delta");
              json.writeStringProperty(tool ? "partial_json" : "text", text);
              json.writeEndObject();
            }));
  }

  @Override
  public List<byte[]> closing(SimRequest request) {
    byte[] delta =
        event(
            "message_delta",
            json -> {
              json.writeObjectPropertyStart("delta");
              json.writeStringProperty("stop_reason", stopReason(request.content()));
              json.writeNullProperty("stop_sequence");
              json.writeEndObject();
              usage(json, request, request.outputTokens());
            });
    return List.of(
        event("content_block_stop", json -> json.writeNumberProperty("index", 0)),
        delta,
        event("message_stop", json -> {}));
  }

  @Override
  public byte[] errorEvent(String message) {
    return event("error", json -> error(json, "api_error", message));
  }

  @Override
  public byte[] error(int status, String message) {
    String type =
        switch (status) {
          case 401 -> "authentication_error";
          case 403 -> "permission_error";
          case 404 -> "not_found_error";
          case 413 -> "request_too_large";
          case 429 -> "rate_limit_error";
          case 529 -> "overloaded_error";
          default -> status >= 500 ? "api_error" : "invalid_request_error";
        };
    return Json.bytes(json -> {
      json.writeStartObject();
      json.writeStringProperty("type", "error");
      error(json, type, message);
      json.writeEndObject();
    });
  }

  private static void error(JsonGenerator json, String type, String message) {
    json.writeObjectPropertyStart("error");
    json.writeStringProperty("type", type);
    json.writeStringProperty("message", message);
    json.writeEndObject();
  }

  private static void head(JsonGenerator json, SimRequest request) {
    json.writeStringProperty("id", "msg_sim" + request.id());
    json.writeStringProperty("type", "message");
    json.writeStringProperty("role", "assistant");
    json.writeStringProperty("model", request.model());
  }

  /** Writes the only content block; a tool's input is an object only when it is complete. */
  private static void block(JsonGenerator json, SimContent content, String text) {
    json.writeStartObject();
    if (content.tool().isPresent()) {
      Steering.Tool tool = content.tool().get();
      json.writeStringProperty("type", "tool_use");
      json.writeStringProperty("id", "toolu_sim0");
      json.writeStringProperty("name", tool.name());
      json.writeName("input");
      json.writeRawValue(text.equals(tool.arguments()) ? text : "{}");
    } else {
      json.writeStringProperty("type", "text");
      json.writeStringProperty("text", text);
    }
    json.writeEndObject();
  }

  private static void usage(JsonGenerator json, SimRequest request, long outputTokens) {
    if (request.steering().noUsage()) {
      return;
    }
    SimVoice.usage(
        json,
        request,
        members ->
            members
                .member("input_tokens", request.inputTokens())
                .member("cache_creation_input_tokens", 0)
                .member("cache_read_input_tokens", 0)
                .member("output_tokens", outputTokens));
  }

  /** The input side, and the one token that upstreams report before there is any. */
  private static void startUsage(JsonGenerator json, SimRequest request) {
    if (request.steering().noUsage()) {
      return;
    }
    json.writeObjectPropertyStart("usage");
    UsageMembers members = new UsageMembers(json, request.steering());
    members
        .member("input_tokens", request.inputTokens())
        .member("cache_creation_input_tokens", 0)
        .member("cache_read_input_tokens", 0)
        .without("output_tokens")
        .rest();
    json.writeNumberProperty("output_tokens", 1);
    json.writeEndObject();
  }

  private static String stopReason(SimContent content) {
    if (content.cut()) {
      return "max_tokens";
    }
    return content.tool().isPresent() ? "tool_use" : "end_turn";
  }

  private static byte[] event(String name, Consumer<JsonGenerator> members) {
    return SimEvents.event(
        name,
        Json.bytes(json -> {
          json.writeStartObject();
          json.writeStringProperty("type", name);
          members.accept(json);
          json.writeEndObject();
        }));
  }
}

package io.bitrouter.wire.sim;

import io.bitrouter.wire.sse.SseEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** The simulator as an upstream of Messages. */
final class MessagesVoice implements SimVoice {

  @Override
  public ObjectNode whole(SimRequest request) {
    ObjectNode answer = head(request);
    answer.putArray("content").add(block(request, request.text()));
    answer.put("stop_reason", stopReason(request)).putNull("stop_sequence");
    return usage(answer, request);
  }

  @Override
  public List<byte[]> opening(SimRequest request) {
    ObjectNode message = head(request);
    message.putArray("content");
    usage(message.putNull("stop_reason").putNull("stop_sequence"), request);
    if (!request.steering().noUsage()) {
      // Upstreams report one token before there is any.
      message.withObject("usage").put("output_tokens", 1);
    }
    ObjectNode start = typed("message_start");
    start.set("message", message);
    ObjectNode block = typed("content_block_start").put("index", 0);
    block.set("content_block", block(request, ""));
    return List.of(event(start), event(block), event(typed("ping")));
  }

  @Override
  public List<byte[]> chunk(SimRequest request, int index) {
    boolean tool = request.steering().tool().isPresent();
    ObjectNode event = typed("content_block_delta").put("index", 0);
    event
        .putObject("delta")
        .put("type", tool ? "input_json_delta" : "text_delta")
        .put(tool ? "partial_json" : "text", request.chunk(index));
    return List.of(event(event));
  }

  @Override
  public List<byte[]> closing(SimRequest request) {
    ObjectNode delta = typed("message_delta");
    delta.putObject("delta").put("stop_reason", stopReason(request)).putNull("stop_sequence");
    return List.of(
        event(typed("content_block_stop").put("index", 0)),
        event(usage(delta, request)),
        event(typed("message_stop")));
  }

  @Override
  public byte[] errorEvent(String message) {
    return event(error(500, message));
  }

  @Override
  public ObjectNode error(int status, String message) {
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
    ObjectNode answer = typed("error");
    answer.putObject("error").put("type", type).put("message", message);
    return answer;
  }

  private static ObjectNode typed(String type) {
    return SimVoice.object().put("type", type);
  }

  private static ObjectNode head(SimRequest request) {
    return SimVoice.object()
        .put("id", "msg_sim" + request.id())
        .put("type", "message")
        .put("role", "assistant")
        .put("model", request.model());
  }

  /** The only content block; a tool's input is an object only when it is complete. */
  private static ObjectNode block(SimRequest request, String text) {
    if (request.steering().tool().isEmpty()) {
      return typed("text").put("text", text);
    }
    Steering.Tool tool = request.steering().tool().get();
    ObjectNode block = typed("tool_use").put("id", "toolu_sim0").put("name", tool.name());
    byte[] input = text.getBytes(StandardCharsets.UTF_8);
    if (text.equals(tool.arguments())) {
      block.set("input", Steering.parse(input, "x_sim.tool.arguments must be JSON"));
    } else {
      block.putObject("input");
    }
    return block;
  }

  private static ObjectNode usage(ObjectNode holder, SimRequest request) {
    if (!request.steering().noUsage()) {
      ObjectNode usage =
          holder
              .putObject("usage")
              .put("input_tokens", request.inputTokens())
              .put("cache_creation_input_tokens", 0)
              .put("cache_read_input_tokens", 0)
              .put("output_tokens", request.outputTokens());
      request.steering().usage().ifPresent(usage::setAll);
    }
    return holder;
  }

  private static String stopReason(SimRequest request) {
    if (request.cut()) {
      return "max_tokens";
    }
    return request.steering().tool().isPresent() ? "tool_use" : "end_turn";
  }

  private static byte[] event(ObjectNode data) {
    return SseEvent.write(
        data.path("type").stringValue(), data.toString().getBytes(StandardCharsets.UTF_8));
  }
}

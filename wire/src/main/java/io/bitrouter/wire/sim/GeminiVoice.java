package io.bitrouter.wire.sim;

import io.bitrouter.wire.sse.SseEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The simulator as an upstream of Gemini; a call of a tool is said as a whole, in the last chunk.
 */
final class GeminiVoice implements SimVoice {

  @Override
  public ObjectNode whole(SimRequest request) {
    ObjectNode answer = SimVoice.object();
    ArrayNode candidates = answer.putArray("candidates");
    for (int i = 0; i < request.choices(); i++) {
      ObjectNode candidate = candidate(candidates, i);
      parts(candidate, request, request.text());
      candidate.put("finishReason", finishReason(request));
    }
    usage(answer, request);
    return source(answer, request);
  }

  @Override
  public List<byte[]> opening(SimRequest request) {
    return List.of();
  }

  @Override
  public List<byte[]> chunk(SimRequest request, int index) {
    boolean tool = request.steering().tool().isPresent();
    if (tool && index < request.chunks() - 1) {
      return List.of();
    }
    ObjectNode object = SimVoice.object();
    ArrayNode candidates = object.putArray("candidates");
    for (int i = 0; i < request.choices(); i++) {
      parts(candidate(candidates, i), request, tool ? request.text() : request.chunk(index));
    }
    return List.of(event(source(object, request)));
  }

  @Override
  public List<byte[]> closing(SimRequest request) {
    ObjectNode object = SimVoice.object();
    ArrayNode candidates = object.putArray("candidates");
    for (int i = 0; i < request.choices(); i++) {
      ObjectNode candidate = candidate(candidates, i);
      content(candidate).addObject().put("text", "");
      candidate.put("finishReason", finishReason(request));
    }
    usage(object, request);
    return List.of(event(source(object, request)));
  }

  @Override
  public byte[] errorEvent(String message) {
    return event(error(500, message));
  }

  @Override
  public ObjectNode error(int status, String message) {
    String word =
        switch (status) {
          case 401 -> "UNAUTHENTICATED";
          case 403 -> "PERMISSION_DENIED";
          case 404 -> "NOT_FOUND";
          case 429 -> "RESOURCE_EXHAUSTED";
          case 500 -> "INTERNAL";
          case 504 -> "DEADLINE_EXCEEDED";
          default -> status > 500 ? "UNAVAILABLE" : "INVALID_ARGUMENT";
        };
    ObjectNode answer = SimVoice.object();
    answer.putObject("error").put("code", status).put("message", message).put("status", word);
    return answer;
  }

  private static ObjectNode candidate(ArrayNode candidates, int index) {
    return candidates.addObject().put("index", index);
  }

  private static ArrayNode content(ObjectNode candidate) {
    return candidate.putObject("content").put("role", "model").putArray("parts");
  }

  /** The text, or the call unless it is not complete. */
  private static void parts(ObjectNode candidate, SimRequest request, String text) {
    ArrayNode parts = content(candidate);
    if (request.steering().tool().isEmpty()) {
      parts.addObject().put("text", text);
      return;
    }
    Steering.Tool tool = request.steering().tool().get();
    if (text.equals(tool.arguments())) {
      ObjectNode call = parts.addObject().putObject("functionCall").put("name", tool.name());
      JsonNode arguments =
          Steering.parse(
              text.getBytes(StandardCharsets.UTF_8), "x_sim.tool.arguments must be JSON");
      call.set("args", arguments);
    }
  }

  private static void usage(ObjectNode holder, SimRequest request) {
    if (!request.steering().noUsage()) {
      ObjectNode usage =
          holder
              .putObject("usageMetadata")
              .put("promptTokenCount", request.inputTokens())
              .put("candidatesTokenCount", request.outputTokens())
              .put("totalTokenCount", request.inputTokens() + request.outputTokens());
      request.steering().usage().ifPresent(usage::setAll);
    }
  }

  private static ObjectNode source(ObjectNode holder, SimRequest request) {
    return holder.put("modelVersion", request.model()).put("responseId", "sim" + request.id());
  }

  private static String finishReason(SimRequest request) {
    return request.cut() ? "MAX_TOKENS" : "STOP";
  }

  private static byte[] event(ObjectNode data) {
    return SseEvent.write("", data.toString().getBytes(StandardCharsets.UTF_8));
  }
}

package io.bitrouter.wire.sim;

import io.bitrouter.wire.sse.SseEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import tools.jackson.databind.node.ObjectNode;

/** The simulator as an upstream of Chat Completions. */
final class ChatVoice implements SimVoice {

  /** A fixed moment, so that equal requests have equal answers. */
  private static final long CREATED = 1_767_225_600L;

  @Override
  public ObjectNode whole(SimRequest request) {
    ObjectNode answer = head(request, "chat.completion");
    for (int i = 0; i < request.choices(); i++) {
      ObjectNode choice = answer.withArray("choices").addObject().put("index", i);
      ObjectNode message = choice.putObject("message").put("role", "assistant");
      request
          .steering()
          .tool()
          .ifPresentOrElse(
              tool ->
                  call(message.putNull("content"))
                      .put("id", "call_sim0")
                      .put("type", "function")
                      .putObject("function")
                      .put("name", tool.name())
                      .put("arguments", request.text()),
              () -> message.put("content", request.text()));
      choice.putNull("logprobs").put("finish_reason", finishReason(request));
    }
    if (!request.steering().noUsage()) {
      answer.set("usage", usage(request));
    }
    return answer;
  }

  @Override
  public List<byte[]> opening(SimRequest request) {
    return perChoice(
        request,
        "",
        index -> {
          ObjectNode delta = SimVoice.object().put("role", "assistant");
          request
              .steering()
              .tool()
              .ifPresentOrElse(
                  tool ->
                      call(delta.putNull("content"))
                          .put("index", 0)
                          .put("id", "call_sim" + index)
                          .put("type", "function")
                          .putObject("function")
                          .put("name", tool.name())
                          .put("arguments", ""),
                  () -> delta.put("content", ""));
          return delta;
        });
  }

  @Override
  public List<byte[]> chunk(SimRequest request, int index) {
    ObjectNode delta = SimVoice.object();
    if (request.steering().tool().isPresent()) {
      call(delta).put("index", 0).putObject("function").put("arguments", request.chunk(index));
    } else {
      delta.put("content", request.chunk(index));
    }
    return perChoice(request, "", choice -> delta);
  }

  @Override
  public List<byte[]> closing(SimRequest request) {
    List<byte[]> events = perChoice(request, finishReason(request), choice -> SimVoice.object());
    if (request.includeUsage() && !request.steering().noUsage()) {
      ObjectNode last = head(request, "chat.completion.chunk");
      last.putArray("choices");
      last.set("usage", usage(request));
      events.add(event(last));
    }
    events.add("data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII));
    return events;
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
          case 429 -> "rate_limit_error";
          default -> status >= 500 ? "server_error" : "invalid_request_error";
        };
    ObjectNode answer = SimVoice.object();
    answer
        .putObject("error")
        .put("message", message)
        .put("type", type)
        .putNull("param")
        .put("code", "simulated");
    return answer;
  }

  /** One event for each choice; {@code finishReason} is empty before the end. */
  private static List<byte[]> perChoice(
      SimRequest request, String finishReason, IntFunction<ObjectNode> delta) {
    List<byte[]> events = new ArrayList<>(request.choices() + 2);
    for (int i = 0; i < request.choices(); i++) {
      ObjectNode event = head(request, "chat.completion.chunk");
      ObjectNode choice = event.putArray("choices").addObject().put("index", i);
      choice.set("delta", delta.apply(i));
      choice.put("finish_reason", finishReason.isEmpty() ? null : finishReason);
      if (request.includeUsage()) {
        event.putNull("usage");
      }
      events.add(event(event));
    }
    return events;
  }

  private static ObjectNode head(SimRequest request, String object) {
    return SimVoice.object()
        .put("id", "chatcmpl-sim" + request.id())
        .put("object", object)
        .put("created", CREATED)
        .put("model", request.model());
  }

  private static ObjectNode call(ObjectNode message) {
    return message.putArray("tool_calls").addObject();
  }

  private static ObjectNode usage(SimRequest request) {
    ObjectNode usage =
        SimVoice.object()
            .put("prompt_tokens", request.inputTokens())
            .put("completion_tokens", request.outputTokens())
            .put("total_tokens", request.inputTokens() + request.outputTokens());
    request.steering().usage().ifPresent(usage::setAll);
    return usage;
  }

  private static String finishReason(SimRequest request) {
    if (request.cut()) {
      return "length";
    }
    return request.steering().tool().isPresent() ? "tool_calls" : "stop";
  }

  private static byte[] event(ObjectNode data) {
    return SseEvent.write("", data.toString().getBytes(StandardCharsets.UTF_8));
  }
}

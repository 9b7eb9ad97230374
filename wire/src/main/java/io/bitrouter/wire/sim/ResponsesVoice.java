package io.bitrouter.wire.sim;

import io.bitrouter.wire.sse.SseEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** The simulator as an upstream of Responses: one item, a message or a call. */
final class ResponsesVoice implements SimVoice {

  /** A fixed moment, so that equal requests have equal answers. */
  private static final long CREATED = 1_767_225_600L;

  /** Events before the first chunk of content, when the item is a message. */
  private static final int OPENING_OF_MESSAGE = 4;

  /** The same for a call, which has no parts. */
  private static final int OPENING_OF_CALL = 3;

  @Override
  public ObjectNode whole(SimRequest request) {
    ObjectNode answer = head(request, request.cut() ? "incomplete" : "completed");
    if (request.cut()) {
      answer.putObject("incomplete_details").put("reason", "max_output_tokens");
    }
    answer.putArray("output").add(item(request, request.text(), ended(request)));
    if (!request.steering().noUsage()) {
      ObjectNode usage = answer.putObject("usage");
      usage.put("input_tokens", request.inputTokens());
      usage.putObject("input_tokens_details").put("cached_tokens", 0);
      usage.put("output_tokens", request.outputTokens());
      usage.putObject("output_tokens_details").put("reasoning_tokens", 0);
      usage.put("total_tokens", request.inputTokens() + request.outputTokens());
      request.steering().usage().ifPresent(usage::setAll);
    }
    return answer;
  }

  @Override
  public List<byte[]> opening(SimRequest request) {
    ObjectNode created = typed("response.created", 0);
    created.set("response", head(request, "in_progress"));
    ObjectNode progress = typed("response.in_progress", 1);
    progress.set("response", head(request, "in_progress"));
    ObjectNode added = typed("response.output_item.added", 2).put("output_index", 0);
    if (isCall(request)) {
      added.set("item", item(request, "", "in_progress"));
      return List.of(event(created), event(progress), event(added));
    }
    ObjectNode message = item(request, "", "in_progress");
    message.putArray("content");
    added.set("item", message);
    ObjectNode part = content("response.content_part.added", 3, request);
    part.set("part", part(""));
    return List.of(event(created), event(progress), event(added), event(part));
  }

  @Override
  public List<byte[]> chunk(SimRequest request, int index) {
    int sequence = opened(request) + index;
    ObjectNode delta =
        isCall(request)
            ? argument("response.function_call_arguments.delta", sequence, request)
            : content("response.output_text.delta", sequence, request);
    delta.put("delta", request.chunk(index));
    if (!isCall(request)) {
      delta.putArray("logprobs");
    }
    return List.of(event(delta));
  }

  @Override
  public List<byte[]> closing(SimRequest request) {
    int sequence = opened(request) + request.chunks();
    ObjectNode item = item(request, request.text(), ended(request));
    ObjectNode whole = whole(request);
    String last = request.cut() ? "response.incomplete" : "response.completed";
    if (isCall(request)) {
      ObjectNode arguments =
          argument("response.function_call_arguments.done", sequence, request)
              .put("arguments", request.text());
      return List.of(
          event(arguments),
          event(itemDone(sequence + 1, item)),
          event(end(last, sequence + 2, whole)));
    }
    ObjectNode text =
        content("response.output_text.done", sequence, request).put("text", request.text());
    text.putArray("logprobs");
    ObjectNode part = content("response.content_part.done", sequence + 1, request);
    part.set("part", part(request.text()));
    return List.of(
        event(text),
        event(part),
        event(itemDone(sequence + 2, item)),
        event(end(last, sequence + 3, whole)));
  }

  @Override
  public byte[] errorEvent(String message) {
    return event(
        SimVoice.object()
            .put("type", "error")
            .put("code", "server_error")
            .put("message", message)
            .putNull("param")
            .put("sequence_number", 0));
  }

  @Override
  public ObjectNode error(int status, String message) {
    return new ChatVoice().error(status, message);
  }

  private static boolean isCall(SimRequest request) {
    return request.steering().tool().isPresent();
  }

  private static int opened(SimRequest request) {
    return isCall(request) ? OPENING_OF_CALL : OPENING_OF_MESSAGE;
  }

  private static String ended(SimRequest request) {
    return request.cut() ? "incomplete" : "completed";
  }

  private static ObjectNode head(SimRequest request, String status) {
    ObjectNode head =
        SimVoice.object()
            .put("id", "resp_sim" + request.id())
            .put("object", "response")
            .put("created_at", CREATED)
            .put("status", status)
            .putNull("error")
            .putNull("incomplete_details")
            .putNull("instructions")
            .put("model", request.model());
    head.putArray("output");
    head.put("parallel_tool_calls", true).put("store", false).put("tool_choice", "auto");
    head.putArray("tools");
    head.putObject("metadata");
    return head.putNull("temperature").putNull("top_p").putNull("usage");
  }

  /** The only item, with the text or the arguments as far as they are there. */
  private static ObjectNode item(SimRequest request, String text, String status) {
    ObjectNode item = SimVoice.object().put("id", itemId(request));
    request
        .steering()
        .tool()
        .ifPresentOrElse(
            tool ->
                item.put("type", "function_call")
                    .put("status", status)
                    .put("call_id", "call_sim0")
                    .put("name", tool.name())
                    .put("arguments", text),
            () -> {
              item.put("type", "message").put("status", status).put("role", "assistant");
              item.putArray("content").add(part(text));
            });
    return item;
  }

  private static String itemId(SimRequest request) {
    return (isCall(request) ? "fc_sim" : "msg_sim") + request.id();
  }

  private static ObjectNode part(String text) {
    ObjectNode part = SimVoice.object().put("type", "output_text").put("text", text);
    part.putArray("annotations");
    return part;
  }

  private static ObjectNode typed(String type, int sequence) {
    return SimVoice.object().put("type", type).put("sequence_number", sequence);
  }

  private static ObjectNode argument(String type, int sequence, SimRequest request) {
    return typed(type, sequence).put("item_id", itemId(request)).put("output_index", 0);
  }

  private static ObjectNode content(String type, int sequence, SimRequest request) {
    return argument(type, sequence, request).put("content_index", 0);
  }

  private static ObjectNode itemDone(int sequence, ObjectNode item) {
    ObjectNode done = typed("response.output_item.done", sequence).put("output_index", 0);
    done.set("item", item);
    return done;
  }

  private static ObjectNode end(String type, int sequence, ObjectNode response) {
    ObjectNode end = typed(type, sequence);
    end.set("response", response);
    return end;
  }

  private static byte[] event(ObjectNode data) {
    return SseEvent.write(
        data.path("type").stringValue(), data.toString().getBytes(StandardCharsets.UTF_8));
  }
}

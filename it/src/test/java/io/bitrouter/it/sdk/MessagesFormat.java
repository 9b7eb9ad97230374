package io.bitrouter.it.sdk;

import static io.bitrouter.it.sdk.Format.quoted;

import java.util.ArrayList;
import java.util.List;

/** Anthropic's messages. */
final class MessagesFormat implements Format {

  @Override
  public String whole(Answer answer, String model) {
    List<String> blocks = new ArrayList<>();
    if (!answer.thought().isEmpty()) {
      blocks.add(
          "{\"type\":\"thinking\",\"thinking\":%s,\"signature\":\"c2lnbmVk\"}"
              .formatted(quoted(answer.thought())));
    }
    if (!answer.text().isEmpty()) {
      blocks.add("{\"type\":\"text\",\"text\":%s}".formatted(quoted(answer.text())));
    }
    for (Answer.Call call : answer.calls()) {
      blocks.add(
          "{\"type\":\"tool_use\",\"id\":\"%s\",\"name\":\"%s\",\"input\":%s}"
              .formatted(id(call), call.name(), call.arguments()));
    }
    return """
    {"id":"msg_up","type":"message","role":"assistant","model":%s,"content":[%s],\
    "stop_reason":"%s","stop_sequence":null,"usage":%s}\
    """
        .formatted(
            quoted(model),
            String.join(",", blocks),
            finish(answer),
            usage(answer.tokens(), answer.tokens().completion()));
  }

  @Override
  public List<String> events(Answer answer, String model) {
    List<String> events = new ArrayList<>();
    events.add(
        event(
            "message_start",
            """
            ,"message":{"id":"msg_up","type":"message","role":"assistant","model":%s,\
            "content":[],"stop_reason":null,"stop_sequence":null,"usage":%s}\
            """
                .formatted(quoted(model), usage(answer.tokens(), 1))));
    int index = 0;
    if (!answer.thought().isEmpty()) {
      begin(index, "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}", events);
      deltas(index, "thinking", answer.thought(), events);
      delta(index, "{\"type\":\"signature_delta\",\"signature\":\"c2lnbmVk\"}", events);
      end(index++, events);
    }
    events.add(event("ping", ""));
    if (!answer.text().isEmpty()) {
      begin(index, "{\"type\":\"text\",\"text\":\"\"}", events);
      deltas(index, "text", answer.text(), events);
      end(index++, events);
    }
    for (Answer.Call call : answer.calls()) {
      String block = "{\"type\":\"tool_use\",\"id\":\"%s\",\"name\":\"%s\",\"input\":{}}";
      begin(index, block.formatted(id(call), call.name()), events);
      for (String piece : Answer.pieces(call.arguments())) {
        String delta = "{\"type\":\"input_json_delta\",\"partial_json\":%s}";
        delta(index, delta.formatted(quoted(piece)), events);
      }
      end(index++, events);
    }
    events.add(
        event(
            "message_delta",
            ",\"delta\":{\"stop_reason\":\"%s\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":%d}"
                .formatted(finish(answer), answer.tokens().completion())));
    events.add(event("message_stop", ""));
    return events;
  }

  @Override
  public String error(int status, String message) {
    return "{\"type\":\"error\",\"error\":{\"type\":\"%s\",\"message\":%s},\"request_id\":\"req_up\"}"
        .formatted(status == 429 ? "rate_limit_error" : "invalid_request_error", quoted(message));
  }

  @Override
  public String errorEvent(String message) {
    return event(
        "error",
        ",\"error\":{\"type\":\"overloaded_error\",\"message\":%s}".formatted(quoted(message)));
  }

  /** The id of a call. */
  static String id(Answer.Call call) {
    return call.id().replace("call_", "toolu_");
  }

  private static void begin(int index, String block, List<String> events) {
    events.add(event("content_block_start", ",\"index\":" + index + ",\"content_block\":" + block));
  }

  private static void deltas(int index, String kind, String text, List<String> events) {
    for (String piece : Answer.pieces(text)) {
      String delta = "{\"type\":\"%s_delta\",\"%s\":%s}".formatted(kind, kind, quoted(piece));
      delta(index, delta, events);
    }
  }

  private static void delta(int index, String delta, List<String> events) {
    events.add(event("content_block_delta", ",\"index\":" + index + ",\"delta\":" + delta));
  }

  private static void end(int index, List<String> events) {
    events.add(event("content_block_stop", ",\"index\":" + index));
  }

  private static String event(String type, String members) {
    return "event: " + type + "\ndata: {\"type\":\"" + type + "\"" + members + "}\n\n";
  }

  private static String finish(Answer answer) {
    return answer.calls().isEmpty() ? "end_turn" : "tool_use";
  }

  private static String usage(Tokens used, long output) {
    return """
    {"input_tokens":%d,"cache_creation_input_tokens":%d,"cache_read_input_tokens":%d,\
    "cache_creation":{"ephemeral_5m_input_tokens":%d,"ephemeral_1h_input_tokens":0},\
    "output_tokens":%d,"service_tier":"standard"}\
    """
        .formatted(used.uncached(), used.cacheWrite(), used.cacheRead(), used.cacheWrite(), output);
  }
}

package io.bitrouter.it.sdk;

import static io.bitrouter.it.sdk.Format.quoted;

import java.util.ArrayList;
import java.util.List;

/** OpenAI's responses. */
final class ResponsesFormat implements Format {

  @Override
  public String whole(Answer answer, String model) {
    return response("completed", String.join(",", items(answer)), usage(answer.tokens()), model);
  }

  @Override
  public List<String> events(Answer answer, String model) {
    Stream stream = new Stream();
    stream.add("response.created", "\"response\":" + response("in_progress", "", "null", model));
    stream.add(
        "response.in_progress", "\"response\":" + response("in_progress", "", "null", model));
    if (!answer.thought().isEmpty()) {
      stream.thought(answer.thought());
    }
    if (!answer.text().isEmpty()) {
      stream.message(answer.text());
    }
    answer.calls().forEach(stream::call);
    stream.add("response.completed", "\"response\":" + whole(answer, model));
    return stream.events;
  }

  @Override
  public String error(int status, String message) {
    return "{\"error\":{\"message\":%s,\"type\":\"invalid_request_error\",\"param\":null,\"code\":null}}"
        .formatted(quoted(message));
  }

  @Override
  public String errorEvent(String message) {
    return """
    event: error
    data: {"type":"error","sequence_number":99,"code":"server_error","message":%s,"param":null}

    """
        .formatted(quoted(message));
  }

  /** A stream in the making: every event has a number, every item an index. */
  private static final class Stream {
    private final List<String> events = new ArrayList<>();
    private int items;

    void add(String type, String members) {
      events.add(
          "event: %s\ndata: {\"type\":\"%s\",\"sequence_number\":%d,%s}\n\n"
              .formatted(type, type, events.size(), members));
    }

    void thought(String text) {
      String at = begin("rs_up", reasoning("")) + ",\"summary_index\":0";
      String part = "\"part\":{\"type\":\"summary_text\",\"text\":%s}";
      add("response.reasoning_summary_part.added", at + "," + part.formatted("\"\""));
      deltas("response.reasoning_summary_text", at, text, "\"text\"");
      add("response.reasoning_summary_part.done", at + "," + part.formatted(quoted(text)));
      end(reasoning(text));
    }

    void message(String text) {
      String at =
          begin("msg_up", ResponsesFormat.message("in_progress", "")) + ",\"content_index\":0";
      add("response.content_part.added", at + ",\"part\":" + part(""));
      for (String piece : Answer.pieces(text)) {
        String delta = ",\"delta\":" + quoted(piece) + ",\"logprobs\":[]";
        add("response.output_text.delta", at + delta);
      }
      add("response.output_text.done", at + ",\"text\":" + quoted(text) + ",\"logprobs\":[]");
      add("response.content_part.done", at + ",\"part\":" + part(text));
      end(ResponsesFormat.message("completed", part(text)));
    }

    void call(Answer.Call call) {
      String at = begin("fc_" + call.id(), ResponsesFormat.call(call, "in_progress", ""));
      deltas("response.function_call_arguments", at, call.arguments(), "\"arguments\"");
      end(ResponsesFormat.call(call, "completed", call.arguments()));
    }

    private void deltas(String type, String at, String text, String whole) {
      for (String piece : Answer.pieces(text)) {
        add(type + ".delta", at + ",\"delta\":" + quoted(piece));
      }
      add(type + ".done", at + "," + whole + ":" + quoted(text));
    }

    private String begin(String id, String item) {
      add("response.output_item.added", "\"output_index\":" + items + ",\"item\":" + item);
      return "\"item_id\":\"" + id + "\",\"output_index\":" + items;
    }

    private void end(String item) {
      add("response.output_item.done", "\"output_index\":" + items + ",\"item\":" + item);
      items++;
    }
  }

  private static List<String> items(Answer answer) {
    List<String> items = new ArrayList<>();
    if (!answer.thought().isEmpty()) {
      items.add(reasoning(answer.thought()));
    }
    if (!answer.text().isEmpty()) {
      items.add(message("completed", part(answer.text())));
    }
    answer.calls().forEach(call -> items.add(call(call, "completed", call.arguments())));
    return items;
  }

  private static String reasoning(String text) {
    String summary =
        text.isEmpty() ? "" : "{\"type\":\"summary_text\",\"text\":" + quoted(text) + "}";
    return "{\"id\":\"rs_up\",\"type\":\"reasoning\",\"summary\":[" + summary + "]}";
  }

  private static String message(String status, String content) {
    return """
    {"id":"msg_up","type":"message","status":"%s","role":"assistant","content":[%s]}\
    """
        .formatted(status, content);
  }

  private static String part(String text) {
    return "{\"type\":\"output_text\",\"annotations\":[],\"logprobs\":[],\"text\":%s}"
        .formatted(quoted(text));
  }

  private static String call(Answer.Call call, String status, String arguments) {
    return """
    {"id":"fc_%s","type":"function_call","status":"%s","arguments":%s,"call_id":"%s","name":"%s"}\
    """
        .formatted(call.id(), status, quoted(arguments), call.id(), call.name());
  }

  private static String response(String status, String output, String usage, String model) {
    return """
    {"id":"resp_up","object":"response","created_at":1767225600,"status":"%s","background":false,\
    "error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":null,\
    "model":%s,"output":[%s],"parallel_tool_calls":true,"previous_response_id":null,\
    "reasoning":{"effort":null,"summary":null},"service_tier":"default","store":false,\
    "temperature":1.0,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],\
    "top_p":1.0,"truncation":"disabled","usage":%s,"user":null,"metadata":{}}\
    """
        .formatted(status, quoted(model), output, usage);
  }

  private static String usage(Tokens used) {
    return """
    {"input_tokens":%d,"input_tokens_details":{"cached_tokens":%d,"cache_write_tokens":%d},\
    "output_tokens":%d,"output_tokens_details":{"reasoning_tokens":%d},"total_tokens":%d}\
    """
        .formatted(
            used.prompt(),
            used.cacheRead(),
            used.cacheWrite(),
            used.completion(),
            used.reasoning(),
            used.prompt() + used.completion());
  }
}

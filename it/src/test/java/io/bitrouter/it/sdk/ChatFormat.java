package io.bitrouter.it.sdk;

import static io.bitrouter.it.sdk.Format.quoted;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** OpenAI's chat completions, with the thoughts of those who imitate them. */
final class ChatFormat implements Format {

  @Override
  public String whole(Answer answer, String model) {
    String calls =
        answer.calls().stream()
            .map(call ->
                "{\"id\":\"%s\",\"type\":\"function\",\"function\":{\"name\":\"%s\",\"arguments\":%s}}"
                    .formatted(call.id(), call.name(), quoted(call.arguments())))
            .collect(Collectors.joining(","));
    return """
    {"id":"chatcmpl-up","object":"chat.completion","created":1767225600,"model":%s,"choices":[\
    {"index":0,"message":{"role":"assistant","content":%s%s,"refusal":null%s,"annotations":[]},\
    "logprobs":null,"finish_reason":"%s"}],"usage":%s,"service_tier":"default",\
    "system_fingerprint":"fp_up"}\
    """
        .formatted(
            quoted(model),
            answer.text().isEmpty() ? "null" : quoted(answer.text()),
            answer.thought().isEmpty() ? "" : ",\"reasoning_content\":" + quoted(answer.thought()),
            calls.isEmpty() ? "" : ",\"tool_calls\":[" + calls + "]",
            finish(answer),
            usage(answer.tokens()));
  }

  @Override
  public List<String> events(Answer answer, String model) {
    List<String> events = new ArrayList<>();
    events.add(chunk(model, "{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}", "null"));
    Answer.pieces(answer.thought())
        .forEach(piece ->
            events.add(chunk(model, "{\"reasoning_content\":" + quoted(piece) + "}", "null")));
    Answer.pieces(answer.text())
        .forEach(piece -> events.add(chunk(model, "{\"content\":" + quoted(piece) + "}", "null")));
    IntStream.range(0, answer.calls().size())
        .forEach(i -> call(i, answer.calls().get(i), model, events));
    events.add(chunk(model, "{}", quoted(finish(answer))));
    events.add(
        """
        data: {"id":"chatcmpl-up","object":"chat.completion.chunk","created":1767225600,\
        "model":%s,"choices":[],"usage":%s}

        """
            .formatted(quoted(model), usage(answer.tokens())));
    events.add("data: [DONE]\n\n");
    return events;
  }

  private static void call(int index, Answer.Call call, String model, List<String> events) {
    String opening =
        """
        {"tool_calls":[{"index":%d,"id":"%s","type":"function",\
        "function":{"name":"%s","arguments":""}}]}\
        """;
    String more = "{\"tool_calls\":[{\"index\":%d,\"function\":{\"arguments\":%s}}]}";
    events.add(chunk(model, opening.formatted(index, call.id(), call.name()), "null"));
    Answer.pieces(call.arguments())
        .forEach(piece -> events.add(chunk(model, more.formatted(index, quoted(piece)), "null")));
  }

  @Override
  public String error(int status, String message) {
    return "{\"error\":{\"message\":%s,\"type\":\"invalid_request_error\",\"param\":null,\"code\":null}}"
        .formatted(quoted(message));
  }

  @Override
  public String errorEvent(String message) {
    return "data: {\"error\":{\"message\":%s,\"type\":\"server_error\"}}\n\n"
        .formatted(quoted(message));
  }

  private static String chunk(String model, String delta, String finish) {
    return """
    data: {"id":"chatcmpl-up","object":"chat.completion.chunk","created":1767225600,"model":%s,\
    "service_tier":"default","choices":[{"index":0,"delta":%s,"logprobs":null,\
    "finish_reason":%s}],"usage":null}

    """
        .formatted(quoted(model), delta, finish);
  }

  private static String finish(Answer answer) {
    return answer.calls().isEmpty() ? "stop" : "tool_calls";
  }

  private static String usage(Tokens used) {
    return """
    {"prompt_tokens":%d,"completion_tokens":%d,"total_tokens":%d,"prompt_tokens_details":\
    {"cached_tokens":%d,"audio_tokens":0%s},"completion_tokens_details":{"reasoning_tokens":%d,\
    "audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}\
    """
        .formatted(
            used.prompt(),
            used.completion(),
            used.prompt() + used.completion(),
            used.cacheRead(),
            used.cacheWrite() == 0 ? "" : ",\"cache_write_tokens\":" + used.cacheWrite(),
            used.reasoning());
  }
}

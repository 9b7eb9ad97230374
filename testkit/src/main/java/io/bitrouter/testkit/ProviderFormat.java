package io.bitrouter.testkit;

import io.bitrouter.testkit.UpstreamScript.UsageReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/**
 * How providers write their answers, as literal text: independent of the product's own codecs, with
 * the fields in the order in which the providers send them.
 */
enum ProviderFormat {
  /** OpenAI chat completions. */
  CHAT {
    @Override
    String whole(UpstreamScript script, String model) {
      return """
      {"id":"chatcmpl-fake","object":"chat.completion","created":1767225600,"model":%s,\
      "choices":[{"index":0,"message":{"role":"assistant","content":%s,"refusal":null},\
      "logprobs":null,"finish_reason":"stop"}]%s,"system_fingerprint":"fp_fake"}\
      """
          .formatted(quoted(model), quoted(script.text().repeat(script.chunks())), usage(script));
    }

    @Override
    String error(int status, String message) {
      return """
      {"error":{"message":%s,"type":"%s","param":null,"code":null}}\
      """
          .formatted(quoted(message), status == 429 ? "rate_limit_exceeded" : "upstream_error");
    }

    @Override
    String errorEvent(String message) {
      return "data: {\"error\":{\"message\":"
          + quoted(message)
          + ",\"type\":\"server_error\"}}\n\n";
    }

    @Override
    List<String> opening(UpstreamScript script, String model) {
      return List.of(chunk(model, "{\"role\":\"assistant\",\"content\":\"\"}", "null"));
    }

    @Override
    String piece(UpstreamScript script, String model) {
      return chunk(model, "{\"content\":" + quoted(script.text()) + "}", "null");
    }

    @Override
    List<String> closing(UpstreamScript script, String model, boolean usageChunk) {
      List<String> events = new ArrayList<>();
      events.add(chunk(model, "{}", "\"stop\""));
      String usage = usage(script);
      if (usageChunk && !usage.isEmpty()) {
        events.add(
            "data: {\"id\":\"chatcmpl-fake\",\"object\":\"chat.completion.chunk\","
                + "\"created\":1767225600,\"model\":"
                + quoted(model)
                + ",\"choices\":[]"
                + usage
                + "}\n\n");
      }
      return events;
    }

    @Override
    String terminal() {
      return "data: [DONE]\n\n";
    }

    private String chunk(String model, String delta, String finish) {
      return """
      data: {"id":"chatcmpl-fake","object":"chat.completion.chunk","created":1767225600,\
      "model":%s,"choices":[{"index":0,"delta":%s,"finish_reason":%s}]}

      """
          .formatted(quoted(model), delta, finish);
    }

    private String usage(UpstreamScript script) {
      return report(
              script,
              "{\"prompt_tokens\":%d,\"completion_tokens\":%d,\"total_tokens\":%d}"
                  .formatted(
                      script.inputTokens(),
                      script.chunks(),
                      script.inputTokens() + script.chunks()))
          .map(json -> ",\"usage\":" + json)
          .orElse("");
    }
  },

  /** Anthropic messages. */
  MESSAGES {
    @Override
    String whole(UpstreamScript script, String model) {
      return """
      {"id":"msg_fake","type":"message","role":"assistant","model":%s,\
      "content":[{"type":"text","text":%s}],"stop_reason":"end_turn","stop_sequence":null%s}\
      """
          .formatted(
              quoted(model),
              quoted(script.text().repeat(script.chunks())),
              usage(script, script.chunks()));
    }

    @Override
    String error(int status, String message) {
      String type =
          switch (status) {
            case 401 -> "authentication_error";
            case 404 -> "not_found_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 529 -> "overloaded_error";
            default -> status < 500 ? "invalid_request_error" : "api_error";
          };
      return "{\"type\":\"error\",\"error\":{\"type\":\"%s\",\"message\":%s}}"
          .formatted(type, quoted(message));
    }

    @Override
    String errorEvent(String message) {
      return event("error", error(529, message));
    }

    @Override
    List<String> opening(UpstreamScript script, String model) {
      return List.of(
          event(
              "message_start",
              """
              {"type":"message_start","message":{"id":"msg_fake","type":"message",\
              "role":"assistant","model":%s,"content":[],"stop_reason":null,\
              "stop_sequence":null%s}}\
              """
                  .formatted(quoted(model), usage(script, 1))),
          event(
              "content_block_start",
              "{\"type\":\"content_block_start\",\"index\":0,"
                  + "\"content_block\":{\"type\":\"text\",\"text\":\"\"}}"),
          event("ping", "{\"type\":\"ping\"}"));
    }

    @Override
    String piece(UpstreamScript script, String model) {
      return event(
          "content_block_delta",
          "{\"type\":\"content_block_delta\",\"index\":0,"
              + "\"delta\":{\"type\":\"text_delta\",\"text\":"
              + quoted(script.text())
              + "}}");
    }

    @Override
    List<String> closing(UpstreamScript script, String model, boolean usageChunk) {
      String usage =
          report(script, "{\"output_tokens\":" + script.chunks() + "}")
              .map(json -> ",\"usage\":" + json)
              .orElse("");
      return List.of(
          event("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":0}"),
          event(
              "message_delta",
              "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\","
                  + "\"stop_sequence\":null}"
                  + usage
                  + "}"));
    }

    @Override
    String terminal() {
      return event("message_stop", "{\"type\":\"message_stop\"}");
    }

    private String event(String name, String data) {
      return "event: " + name + "\ndata: " + data + "\n\n";
    }

    private String usage(UpstreamScript script, int output) {
      return report(
              script,
              "{\"input_tokens\":%d,\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":0,\"output_tokens\":%d}"
                  .formatted(script.inputTokens(), output))
          .map(json -> ",\"usage\":" + json)
          .orElse("");
    }
  };

  /** A whole answer. */
  abstract String whole(UpstreamScript script, String model);

  /** The body of a refusal. */
  abstract String error(int status, String message);

  /** The event of a stream that fails half-way. */
  abstract String errorEvent(String message);

  /** The events before the first text. */
  abstract List<String> opening(UpstreamScript script, String model);

  /** One event with text. */
  abstract String piece(UpstreamScript script, String model);

  /** The events between the last text and the terminal one. */
  abstract List<String> closing(UpstreamScript script, String model, boolean usageChunk);

  /** The last event. */
  abstract String terminal();

  /** The format that the request was sent in. */
  static ProviderFormat of(RecordedRequest request) {
    return request.messages() ? MESSAGES : CHAT;
  }

  static String quoted(String text) {
    return JsonMapper.shared().writeValueAsString(text);
  }

  private static Optional<String> report(UpstreamScript script, String honest) {
    return switch (script.usage()) {
      case UsageReport.Honest() -> Optional.of(honest);
      case UsageReport.None() -> Optional.empty();
      case UsageReport.Literal(String json) -> Optional.of(json);
    };
  }
}

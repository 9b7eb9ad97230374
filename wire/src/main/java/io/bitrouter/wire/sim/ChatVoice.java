package io.bitrouter.wire.sim;

import io.bitrouter.wire.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/** The simulator as an upstream of Chat Completions. */
final class ChatVoice implements SimVoice {

  /** A fixed moment, so that equal requests have equal answers. */
  private static final long CREATED = 1_767_225_600L;

  ChatVoice() {}

  @Override
  public byte[] whole(SimRequest request) {
    return Json.bytes(json -> {
      head(json, request, "chat.completion");
      json.writeArrayPropertyStart("choices");
      for (int i = 0; i < request.choices(); i++) {
        json.writeStartObject();
        json.writeNumberProperty("index", i);
        json.writeObjectPropertyStart("message");
        json.writeStringProperty("role", "assistant");
        message(json, request.content());
        json.writeEndObject();
        json.writeNullProperty("logprobs");
        json.writeStringProperty("finish_reason", finishReason(request.content()));
        json.writeEndObject();
      }
      json.writeEndArray();
      if (!request.steering().noUsage()) {
        usage(json, request);
      }
      json.writeEndObject();
    });
  }

  @Override
  public List<byte[]> opening(SimRequest request) {
    return perChoice(
        request,
        (json, index) -> {
          json.writeObjectPropertyStart("delta");
          json.writeStringProperty("role", "assistant");
          if (request.content().tool().isPresent()) {
            json.writeNullProperty("content");
            call(json, request.content().tool().get().name(), "", index);
          } else {
            json.writeStringProperty("content", "");
          }
          json.writeEndObject();
          json.writeNullProperty("finish_reason");
        });
  }

  @Override
  public List<byte[]> chunk(SimRequest request, int index) {
    String text = request.content().chunk(index);
    boolean tool = request.content().tool().isPresent();
    return perChoice(
        request,
        (json, choice) -> {
          json.writeObjectPropertyStart("delta");
          if (tool) {
            arguments(json, text);
          } else {
            json.writeStringProperty("content", text);
          }
          json.writeEndObject();
          json.writeNullProperty("finish_reason");
        });
  }

  @Override
  public List<byte[]> closing(SimRequest request) {
    List<byte[]> events =
        new ArrayList<>(
            perChoice(
                request,
                (json, index) -> {
                  json.writeObjectPropertyStart("delta");
                  json.writeEndObject();
                  json.writeStringProperty("finish_reason", finishReason(request.content()));
                }));
    if (request.includeUsage() && !request.steering().noUsage()) {
      events.add(
          event(json -> {
            head(json, request, "chat.completion.chunk");
            json.writeArrayPropertyStart("choices");
            json.writeEndArray();
            usage(json, request);
            json.writeEndObject();
          }));
    }
    events.add("data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII));
    return events;
  }

  @Override
  public byte[] errorEvent(String message) {
    return event(json -> error(json, "server_error", message));
  }

  @Override
  public byte[] error(int status, String message) {
    String type =
        switch (status) {
          case 401 -> "authentication_error";
          case 403 -> "permission_error";
          case 429 -> "rate_limit_error";
          default -> status >= 500 ? "server_error" : "invalid_request_error";
        };
    return Json.bytes(json -> error(json, type, message));
  }

  private static void error(JsonGenerator json, String type, String message) {
    json.writeStartObject();
    json.writeObjectPropertyStart("error");
    json.writeStringProperty("message", message);
    json.writeStringProperty("type", type);
    json.writeNullProperty("param");
    json.writeStringProperty("code", "simulated");
    json.writeEndObject();
    json.writeEndObject();
  }

  /** Writes what is between a choice's index and its end. */
  private interface ChoiceWriter {
    void write(JsonGenerator json, int index);
  }

  private static List<byte[]> perChoice(SimRequest request, ChoiceWriter writer) {
    List<byte[]> events = new ArrayList<>(request.choices());
    for (int i = 0; i < request.choices(); i++) {
      int index = i;
      events.add(
          event(json -> {
            head(json, request, "chat.completion.chunk");
            json.writeArrayPropertyStart("choices");
            json.writeStartObject();
            json.writeNumberProperty("index", index);
            writer.write(json, index);
            json.writeEndObject();
            json.writeEndArray();
            if (request.includeUsage()) {
              json.writeNullProperty("usage");
            }
            json.writeEndObject();
          }));
    }
    return events;
  }

  private static void head(JsonGenerator json, SimRequest request, String object) {
    json.writeStartObject();
    json.writeStringProperty("id", "chatcmpl-sim" + request.id());
    json.writeStringProperty("object", object);
    json.writeNumberProperty("created", CREATED);
    json.writeStringProperty("model", request.model());
  }

  private static void message(JsonGenerator json, SimContent content) {
    if (content.tool().isPresent()) {
      json.writeNullProperty("content");
      call(json, content.tool().get().name(), content.text(), -1);
    } else {
      json.writeStringProperty("content", content.text());
    }
  }

  /** Writes the only tool call; {@code choice} is -1 outside of streams. */
  private static void call(JsonGenerator json, String name, String arguments, int choice) {
    json.writeArrayPropertyStart("tool_calls");
    json.writeStartObject();
    if (choice >= 0) {
      json.writeNumberProperty("index", 0);
    }
    json.writeStringProperty("id", "call_sim" + Math.max(choice, 0));
    json.writeStringProperty("type", "function");
    json.writeObjectPropertyStart("function");
    json.writeStringProperty("name", name);
    json.writeStringProperty("arguments", arguments);
    json.writeEndObject();
    json.writeEndObject();
    json.writeEndArray();
  }

  private static void arguments(JsonGenerator json, String text) {
    json.writeArrayPropertyStart("tool_calls");
    json.writeStartObject();
    json.writeNumberProperty("index", 0);
    json.writeObjectPropertyStart("function");
    json.writeStringProperty("arguments", text);
    json.writeEndObject();
    json.writeEndObject();
    json.writeEndArray();
  }

  private static void usage(JsonGenerator json, SimRequest request) {
    SimVoice.usage(
        json,
        request,
        members ->
            members
                .member("prompt_tokens", request.inputTokens())
                .member("completion_tokens", request.outputTokens())
                .member("total_tokens", request.inputTokens() + request.outputTokens()));
  }

  private static String finishReason(SimContent content) {
    if (content.cut()) {
      return "length";
    }
    return content.tool().isPresent() ? "tool_calls" : "stop";
  }

  private static byte[] event(Consumer<JsonGenerator> writing) {
    return SimEvents.event("", Json.bytes(writing));
  }
}

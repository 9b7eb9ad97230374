package io.bitrouter.wire.messages;

import io.bitrouter.core.exchange.FinishReason;
import io.bitrouter.core.exchange.InferenceRequest;
import io.bitrouter.core.exchange.Part;
import io.bitrouter.core.exchange.Reply;
import io.bitrouter.core.exchange.Thinking.Effort;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.sse.SseEvent;
import io.bitrouter.wire.translate.ReplyContext;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/** Writes what whole answers and the events of a stream have in common. */
final class MessagesAnswer {

  private MessagesAnswer() {}

  /** A whole answer. */
  static byte[] whole(Reply reply, ReplyContext context) {
    Reply.Choice choice = reply.choices().getFirst();
    boolean refused = choice.parts().stream().anyMatch(Part.Refused.class::isInstance);
    return Json.bytes(json -> {
      json.writeStartObject();
      head(json, "msg_" + context.id(), reply.model());
      json.writeArrayPropertyStart("content");
      choice.parts().forEach(part -> block(json, part, context.request()));
      json.writeEndArray();
      stop(json, choice.reason(), choice.stopSequence(), refused);
      usage(json, reply.usage().tokens());
      json.writeEndObject();
    });
  }

  /** Members of a message before its content. */
  static void head(JsonGenerator json, String id, String model) {
    json.writeStringProperty("id", id);
    json.writeStringProperty("type", "message");
    json.writeStringProperty("role", "assistant");
    json.writeStringProperty("model", model);
  }

  private static void block(JsonGenerator json, Part part, InferenceRequest request) {
    switch (part) {
      case Part.Text text -> {
        json.writeStartObject();
        text(json, text.text());
        if (!text.citations().isEmpty()) {
          json.writeArrayPropertyStart("citations");
          text.citations().forEach(citation -> citation(json, citation));
          json.writeEndArray();
        }
        json.writeEndObject();
      }
      case Part.Refused(String text) -> {
        json.writeStartObject();
        text(json, text);
        json.writeEndObject();
      }
      case Part.Reasoning thought -> {
        if (thoughtsShown(request) && !thought.text().isEmpty()) {
          json.writeStartObject();
          thought(json, thought.text());
          json.writeEndObject();
        }
      }
      case Part.ToolCall call -> {
        json.writeStartObject();
        call(json, call.id(), call.name(), call.arguments());
        json.writeEndObject();
      }
      // Answers have none of these.
      case Part.Attached unused -> {}
      case Part.ToolResult unused -> {}
    }
  }

  /** Whether the client wants to see what the model thinks: it asked for thinking. */
  static boolean thoughtsShown(InferenceRequest request) {
    return request
        .thinking()
        .filter(thinking -> thinking.shown() && thinking.effort() != Effort.NONE)
        .isPresent();
  }

  /** Members of a block of text. */
  static void text(JsonGenerator json, String text) {
    json.writeStringProperty("type", "text");
    json.writeStringProperty("text", text);
  }

  /** Members of a thought, which nobody sealed. */
  static void thought(JsonGenerator json, String text) {
    json.writeStringProperty("type", "thinking");
    json.writeStringProperty("thinking", text);
    json.writeStringProperty("signature", "");
  }

  /** Members of a call. */
  static void call(JsonGenerator json, String id, String name, String arguments) {
    json.writeStringProperty("type", "tool_use");
    json.writeStringProperty("id", id);
    json.writeStringProperty("name", name);
    json.writeName("input");
    MessagesInput.write(json, arguments);
  }

  /** A citation of a page; the protocol wants members that only its own provider can fill. */
  static void citation(JsonGenerator json, Part.Citation citation) {
    json.writeStartObject();
    json.writeStringProperty("type", "web_search_result_location");
    json.writeStringProperty("url", citation.url());
    json.writeStringProperty("title", citation.title());
    json.writeStringProperty("cited_text", "");
    json.writeStringProperty("encrypted_index", "");
    json.writeEndObject();
  }

  /**
   * Why the answer ended.
   *
   * @param refused whether the model said in words of their own that it will not answer
   */
  static void stop(
      JsonGenerator json, FinishReason reason, Optional<String> sequence, boolean refused) {
    String word =
        switch (reason) {
          case STOP -> refused ? "refusal" : sequence.isPresent() ? "stop_sequence" : "end_turn";
          case LENGTH -> "max_tokens";
          case TOOL_CALLS -> "tool_use";
          case CONTENT_FILTER, MALFORMED_CALL -> "refusal";
          case PAUSE -> "pause_turn";
        };
    json.writeStringProperty("stop_reason", word);
    if (word.equals("stop_sequence")) {
      json.writeStringProperty("stop_sequence", sequence.orElse(""));
    } else {
      json.writeNullProperty("stop_sequence");
    }
  }

  /** What the answer used; the prompt without what a cache did for it. */
  static void usage(JsonGenerator json, TokenUsage tokens) {
    json.writeObjectPropertyStart("usage");
    json.writeNumberProperty("input_tokens", tokens.uncachedInput());
    json.writeNumberProperty(
        "cache_creation_input_tokens", tokens.cacheWrite5m() + tokens.cacheWrite1h());
    json.writeNumberProperty("cache_read_input_tokens", tokens.cacheRead());
    json.writeObjectPropertyStart("cache_creation");
    json.writeNumberProperty("ephemeral_5m_input_tokens", tokens.cacheWrite5m());
    json.writeNumberProperty("ephemeral_1h_input_tokens", tokens.cacheWrite1h());
    json.writeEndObject();
    json.writeNumberProperty("output_tokens", tokens.completionTokens());
    json.writeEndObject();
  }

  /** An event of a stream. */
  static byte[] event(String type, Consumer<JsonGenerator> members) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    event(type, members, out);
    return out.toByteArray();
  }

  /** Writes an event of a stream. */
  static void event(String type, Consumer<JsonGenerator> members, ByteArrayOutputStream out) {
    SseEvent.begin(type, out);
    Json.write(
        out,
        json -> {
          json.writeStartObject();
          json.writeStringProperty("type", type);
          members.accept(json);
          json.writeEndObject();
        });
    SseEvent.end(out);
  }

  /** The event that begins a stream. */
  static byte[] start(String id, String model, TokenUsage tokens) {
    return event(
        "message_start",
        json -> {
          json.writeObjectPropertyStart("message");
          head(json, id, model);
          json.writeArrayPropertyStart("content");
          json.writeEndArray();
          json.writeNullProperty("stop_reason");
          json.writeNullProperty("stop_sequence");
          usage(json, tokens.withoutOutput());
          json.writeEndObject();
        });
  }
}

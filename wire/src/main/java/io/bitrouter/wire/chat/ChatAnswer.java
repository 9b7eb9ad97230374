package io.bitrouter.wire.chat;

import io.bitrouter.core.exchange.FinishReason;
import io.bitrouter.core.exchange.InferenceRequest.Tool;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.Part;
import io.bitrouter.core.exchange.Part.Citation;
import io.bitrouter.core.exchange.Reply;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.translate.ReplyContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** What all pieces of a chat answer have in common, and the whole of one. Immutable. */
final class ChatAnswer {

  private final ReplyContext context;
  private final String id;
  private final Set<String> freeform;

  ChatAnswer(ReplyContext context) {
    this.context = context;
    this.id = "chatcmpl-" + context.id();
    this.freeform =
        context.request().tools().offered().stream()
            .filter(Tool.Freeform.class::isInstance)
            .map(Tool::name)
            .collect(Collectors.toUnmodifiableSet());
  }

  /** How many answers were asked for. */
  int choices() {
    return context.request().choices();
  }

  /** The cost of {@code usage}, nano-USD. */
  long costNanos(MeasuredUsage usage) {
    return context.costNanos().applyAsLong(usage);
  }

  /** Whether a call of this tool has plain text for the client. */
  boolean freeform(String tool) {
    return freeform.contains(tool);
  }

  /**
   * Writes a chunk or the whole, with further members; the model as asked when {@code model} is
   * empty.
   */
  void object(JsonGenerator json, String object, String model, Consumer<JsonGenerator> members) {
    json.writeStartObject();
    json.writeStringProperty("id", id);
    json.writeStringProperty("object", object);
    json.writeNumberProperty("created", context.createdSeconds());
    json.writeStringProperty("model", model.isEmpty() ? context.request().model() : model);
    members.accept(json);
    json.writeEndObject();
  }

  byte[] whole(Reply reply) {
    return Json.bytes(whole ->
        object(
            whole,
            "chat.completion",
            reply.model(),
            json -> {
              json.writeArrayPropertyStart("choices");
              for (int i = 0; i < reply.choices().size(); i++) {
                choice(json, i, reply.choices().get(i));
              }
              json.writeEndArray();
              ChatUsage.write(json, reply.usage().tokens(), OptionalLong.empty());
            }));
  }

  private void choice(JsonGenerator json, int index, Reply.Choice choice) {
    Said said = new Said();
    choice.parts().forEach(said::add);
    json.writeStartObject();
    json.writeNumberProperty("index", index);
    json.writeObjectPropertyStart("message");
    json.writeStringProperty("role", "assistant");
    boolean silent = said.text.isEmpty() && !(said.calls.isEmpty() && said.refusal.isEmpty());
    json.writeName("content");
    if (silent) {
      json.writeNull();
    } else {
      json.writeString(said.text.toString());
    }
    json.writeName("refusal");
    if (said.refusal.isEmpty()) {
      json.writeNull();
    } else {
      json.writeString(said.refusal.toString());
    }
    if (!said.reasoning.isEmpty()) {
      json.writeStringProperty("reasoning_content", said.reasoning.toString());
    }
    if (!said.citations.isEmpty()) {
      annotations(json, said.citations);
    }
    if (!said.calls.isEmpty()) {
      json.writeArrayPropertyStart("tool_calls");
      said.calls.forEach(call -> call(json, call));
      json.writeEndArray();
    }
    json.writeEndObject();
    json.writeNullProperty("logprobs");
    json.writeStringProperty("finish_reason", word(choice.reason()));
    json.writeEndObject();
  }

  private void call(JsonGenerator json, Part.ToolCall call) {
    boolean plain = freeform(call.name());
    String kind = plain ? "custom" : "function";
    json.writeStartObject();
    json.writeStringProperty("id", call.id());
    json.writeStringProperty("type", kind);
    json.writeObjectPropertyStart(kind);
    json.writeStringProperty("name", call.name());
    if (plain) {
      json.writeStringProperty("input", plain(call.arguments()));
    } else {
      json.writeStringProperty("arguments", call.arguments().isEmpty() ? "{}" : call.arguments());
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  static void annotations(JsonGenerator json, List<Citation> citations) {
    json.writeArrayPropertyStart("annotations");
    for (Citation citation : citations) {
      json.writeStartObject();
      json.writeStringProperty("type", "url_citation");
      json.writeObjectPropertyStart("url_citation");
      json.writeStringProperty("url", citation.url());
      json.writeStringProperty("title", citation.title());
      json.writeNumberProperty("start_index", citation.start());
      json.writeNumberProperty("end_index", citation.end());
      json.writeEndObject();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** The input of a freeform tool that an upstream called as a function with that one argument. */
  static String plain(String arguments) {
    byte[] bytes = arguments.getBytes(StandardCharsets.UTF_8);
    try {
      JsonNode json = Json.tree(bytes, 0, bytes.length);
      if (json.isObject() && json.size() == 1 && json.path("input").isString()) {
        return json.path("input").stringValue();
      }
      return arguments;
    } catch (JacksonException e) {
      return arguments;
    }
  }

  /** The protocol has no words for a pause, and none for calls that could not be read. */
  static String word(FinishReason reason) {
    return switch (reason) {
      case STOP, PAUSE -> "stop";
      case LENGTH -> "length";
      case TOOL_CALLS -> "tool_calls";
      case CONTENT_FILTER, MALFORMED_CALL -> "content_filter";
    };
  }

  /** The parts of a choice, sorted as a message has them. */
  private static final class Said {
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder refusal = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final List<Citation> citations = new ArrayList<>();
    private final List<Part.ToolCall> calls = new ArrayList<>();

    void add(Part part) {
      switch (part) {
        case Part.Text said -> {
          said.citations().forEach(it -> citations.add(moved(it, text.length())));
          text.append(said.text());
        }
        case Part.Refused said -> refusal.append(said.text());
        case Part.Reasoning thought -> reasoning.append(thought.text());
        case Part.ToolCall call -> calls.add(call);
        // Answers have neither; images that a model makes are not part of the protocol.
        case Part.Attached unused -> {}
        case Part.ToolResult unused -> {}
      }
    }
  }

  /** The citation in a text that its own is {@code by} characters into. */
  static Citation moved(Citation citation, int by) {
    return new Citation(
        citation.url(), citation.title(), citation.start() + by, citation.end() + by);
  }
}

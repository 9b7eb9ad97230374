package io.bitrouter.wire.chat;

import io.bitrouter.core.exchange.CacheMark;
import io.bitrouter.core.exchange.InferenceRequest.Role;
import io.bitrouter.core.exchange.InferenceRequest.Turn;
import io.bitrouter.core.exchange.Media;
import io.bitrouter.core.exchange.Media.Source;
import io.bitrouter.core.exchange.Part;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.exchange.Signature;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.translate.Notes;
import io.bitrouter.wire.translate.Untranslatable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.JsonGenerator;

/**
 * Writes the messages of a chat request. Content that is text alone is written as one string: not
 * all upstreams take lists. Not thread-safe.
 */
final class ConversationWriter {

  private static final String BETWEEN_TEXTS = "\n\n";

  private final JsonGenerator json;
  private final Notes notes;
  // Calls of the model's last turn, in order: their results are written in the same.
  private List<String> calls = List.of();
  private int turn;

  ConversationWriter(JsonGenerator json, Notes notes) {
    this.json = json;
    this.notes = notes;
  }

  void write(List<Turn> turns) {
    json.writeArrayPropertyStart("messages");
    List<Turn> between = new ArrayList<>();
    for (Turn next : turns) {
      if (next.role() == Role.ASSISTANT) {
        between(between);
        between.clear();
        assistant(next.parts());
        turn++;
      } else {
        between.add(next);
      }
    }
    between(between);
    json.writeEndArray();
  }

  /**
   * What comes between two turns of the model. Results come first, one message each and in the
   * order of the calls; what they hold besides text follows as the user's.
   */
  private void between(List<Turn> turns) {
    List<Part> attached = new ArrayList<>();
    turns.stream()
        .flatMap(each -> each.parts().stream())
        .filter(Part.ToolResult.class::isInstance)
        .map(Part.ToolResult.class::cast)
        .sorted(Comparator.comparingInt(result -> calls.indexOf(result.callId())))
        .forEach(result -> result(result, attached));
    for (Turn each : turns) {
      List<Part> rest =
          each.parts().stream().filter(part -> !(part instanceof Part.ToolResult)).toList();
      if (each.role() == Role.SYSTEM) {
        message("system", rest);
      } else {
        attached.addAll(rest);
        message("user", attached);
        attached.clear();
      }
      turn++;
    }
    message("user", attached);
  }

  private void result(Part.ToolResult result, List<Part> attached) {
    marked(result.cache());
    String text = texts(result.content());
    List<Part> others =
        result.content().stream().filter(it -> it instanceof Part.Attached).toList();
    if (!others.isEmpty()) {
      attached.add(Part.Text.of("Attached to the result of " + result.callId() + ":"));
      attached.addAll(others);
      text = text.isEmpty() ? "The result is attached to the next message." : text;
    }
    json.writeStartObject();
    json.writeStringProperty("role", "tool");
    json.writeStringProperty("tool_call_id", result.callId());
    json.writeStringProperty("content", result.error() ? "Error: " + text : text);
    json.writeEndObject();
  }

  private void assistant(List<Part> parts) {
    List<Part.ToolCall> called = new ArrayList<>();
    StringBuilder refusal = new StringBuilder();
    StringBuilder thought = new StringBuilder();
    String thoughtMember = "";
    for (Part part : parts) {
      switch (part) {
        case Part.ToolCall call -> called.add(call);
        case Part.Refused refused -> refusal.append(refused.text());
        case Part.Reasoning reasoning -> {
          Optional<String> seal = own(reasoning.signature());
          if (seal.filter(ChatReplyReader.THOUGHT_MEMBERS::contains).isPresent()) {
            thought.append(reasoning.text());
            thoughtMember = seal.get();
          }
        }
        case Part.Attached unused -> throw fault("what the model attached to its answer");
        case Part.Text unused -> {}
        case Part.ToolResult unused -> {}
      }
    }
    calls = called.stream().map(Part.ToolCall::id).toList();
    String text = texts(parts);
    if (text.isEmpty() && refusal.isEmpty() && called.isEmpty()) {
      return;
    }
    json.writeStartObject();
    json.writeStringProperty("role", "assistant");
    if (text.isEmpty()) {
      json.writeNullProperty("content");
    } else {
      json.writeStringProperty("content", text);
    }
    if (!refusal.isEmpty()) {
      json.writeStringProperty("refusal", refusal.toString());
    }
    if (!thought.isEmpty()) {
      json.writeStringProperty(thoughtMember, thought.toString());
    }
    if (!called.isEmpty()) {
      json.writeArrayPropertyStart("tool_calls");
      called.forEach(this::call);
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private void call(Part.ToolCall call) {
    json.writeStartObject();
    json.writeStringProperty("id", call.id());
    json.writeStringProperty("type", "function");
    json.writeObjectPropertyStart("function");
    json.writeStringProperty("name", call.name());
    json.writeStringProperty("arguments", arguments(call));
    json.writeEndObject();
    own(call.signature())
        .ifPresent(extra -> {
          json.writeName("extra_content");
          json.writeRawValue(extra);
        });
    json.writeEndObject();
  }

  private static String arguments(Part.ToolCall call) {
    if (call.freeform()) {
      byte[] wrapped =
          Json.bytes(json -> {
            json.writeStartObject();
            json.writeStringProperty("input", call.arguments());
            json.writeEndObject();
          });
      return new String(wrapped, StandardCharsets.UTF_8);
    }
    return call.arguments().isEmpty() ? "{}" : call.arguments();
  }

  private static Optional<String> own(Optional<Signature> signature) {
    return signature.filter(it -> it.issuer() == Protocol.CHAT).map(Signature::value);
  }

  private void message(String role, List<Part> parts) {
    if (parts.isEmpty()) {
      return;
    }
    json.writeStartObject();
    json.writeStringProperty("role", role);
    if (parts.stream().anyMatch(part -> part instanceof Part.Attached)) {
      json.writeArrayPropertyStart("content");
      parts.forEach(this::part);
      json.writeEndArray();
    } else {
      json.writeStringProperty("content", texts(parts));
    }
    json.writeEndObject();
  }

  private String texts(List<Part> parts) {
    return parts.stream()
        .filter(Part.Text.class::isInstance)
        .map(Part.Text.class::cast)
        .map(text -> {
          marked(text.cache());
          return text.text();
        })
        .collect(Collectors.joining(BETWEEN_TEXTS));
  }

  private void part(Part part) {
    switch (part) {
      case Part.Text text -> {
        marked(text.cache());
        text(text.text());
      }
      case Part.Attached attached -> {
        marked(attached.cache());
        media(attached.media());
      }
      case Part.Refused unused -> {}
      case Part.Reasoning unused -> {}
      case Part.ToolCall unused -> {}
      case Part.ToolResult unused -> {}
    }
  }

  private void text(String text) {
    json.writeStartObject();
    json.writeStringProperty("type", "text");
    json.writeStringProperty("text", text);
    json.writeEndObject();
  }

  private void media(Media media) {
    if (media.source() instanceof Source.PlainText(String text)) {
      text(media.name().map(name -> name + BETWEEN_TEXTS).orElse("") + text);
      return;
    }
    String type =
        switch (media.kind()) {
          case IMAGE -> "image_url";
          case AUDIO -> "input_audio";
          case DOCUMENT -> "file";
        };
    json.writeStartObject();
    json.writeStringProperty("type", type);
    json.writeObjectPropertyStart(type);
    switch (media.kind()) {
      case IMAGE -> {
        json.writeStringProperty(
            "url",
            media.source() instanceof Source.Remote(String url, String unused)
                ? url
                : dataUrl(media));
        media.detail().ifPresent(detail -> json.writeStringProperty("detail", detail));
      }
      case AUDIO -> {
        String format = media.mediaType().replaceFirst("^audio/(x-)?", "");
        json.writeStringProperty("data", base64(media));
        json.writeStringProperty("format", format.equals("mpeg") ? "mp3" : format);
      }
      case DOCUMENT -> {
        json.writeStringProperty("filename", media.name().orElse("document"));
        json.writeStringProperty("file_data", dataUrl(media));
      }
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private String dataUrl(Media media) {
    return "data:" + media.mediaType() + ";base64," + base64(media);
  }

  private String base64(Media media) {
    return switch (media.source()) {
      case Source.Inline(String base64) -> base64;
      case Source.PlainText unused -> throw fault("a text as a file");
      case Source.Remote(String unused, String at) ->
          throw new Untranslatable(
              at, "points to a file that the upstream does not fetch; send the bytes");
    };
  }

  /** Upstreams of the protocol keep prompts by themselves, and some refuse the marks. */
  private void marked(Optional<CacheMark> mark) {
    if (mark.isPresent()) {
      notes.ignored("cache_control");
    }
  }

  private Untranslatable fault(String what) {
    return new Untranslatable("turn " + turn, "this model cannot be told " + what);
  }
}

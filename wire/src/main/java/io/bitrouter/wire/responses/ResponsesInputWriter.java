package io.bitrouter.wire.responses;

import io.bitrouter.core.exchange.InferenceRequest.Turn;
import io.bitrouter.core.exchange.Media;
import io.bitrouter.core.exchange.Media.Source;
import io.bitrouter.core.exchange.Part;
import io.bitrouter.core.exchange.Signature;
import io.bitrouter.wire.json.Span;
import io.bitrouter.wire.translate.Untranslatable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.core.JsonGenerator;

/** Writes turns as the items of an input, one turn after the other. */
final class ResponsesInputWriter {

  /** Longest id of a call that OpenAI takes. */
  private static final int MAX_CALL_ID = 64;

  private static final Pattern SUFFIX = Pattern.compile("[a-z0-9]{1,8}");

  private final JsonGenerator json;
  private final Set<String> freeform = new HashSet<>();
  private int turns;

  ResponsesInputWriter(JsonGenerator json) {
    this.json = json;
  }

  void turn(Turn turn) {
    switch (turn.role()) {
      case SYSTEM -> message("system", turn.parts());
      case USER -> user(turn.parts());
      case ASSISTANT -> assistant(turn.parts());
    }
    turns++;
  }

  /** Results come before whatever else the user says, in their order. */
  private void user(List<Part> parts) {
    List<Part> said = new ArrayList<>();
    for (Part part : parts) {
      if (part instanceof Part.ToolResult result) {
        result(result);
      } else {
        said.add(part);
      }
    }
    if (!said.isEmpty()) {
      message("user", said);
    }
  }

  private void assistant(List<Part> parts) {
    List<Part> said = new ArrayList<>();
    for (Part part : parts) {
      switch (part) {
        case Part.Text text -> said.add(text);
        case Part.Refused refused -> said.add(refused);
        case Part.Reasoning thought -> {
          said(said);
          thought.signature().ifPresent(seal -> thought(thought.text(), seal));
        }
        case Part.ToolCall call -> {
          said(said);
          call(call);
        }
        case Part.Attached unused ->
            throw new Untranslatable(
                "turn " + turns,
                "the upstream's protocol takes no images or files that the model has made");
        case Part.ToolResult unused ->
            throw new Untranslatable("turn " + turns, "a tool's result cannot be the model's");
      }
    }
    said(said);
  }

  private void said(List<Part> said) {
    if (!said.isEmpty()) {
      message("assistant", said);
      said.clear();
    }
  }

  private void message(String role, List<Part> parts) {
    json.writeStartObject();
    json.writeStringProperty("type", "message");
    json.writeStringProperty("role", role);
    json.writeArrayPropertyStart("content");
    parts.forEach(part -> content(role, part));
    json.writeEndArray();
    json.writeEndObject();
  }

  private void content(String role, Part part) {
    switch (part) {
      case Part.Text text ->
          text(role.equals("assistant") ? "output_text" : "input_text", text.text());
      case Part.Refused refused -> {
        json.writeStartObject();
        json.writeStringProperty("type", "refusal");
        json.writeStringProperty("refusal", refused.text());
        json.writeEndObject();
      }
      case Part.Attached attached -> media(attached.media());
      case Part.Reasoning unused -> misplaced();
      case Part.ToolCall unused -> misplaced();
      case Part.ToolResult unused -> misplaced();
    }
  }

  private void misplaced() {
    throw new Untranslatable("turn " + turns, "only the model thinks and calls tools");
  }

  private void text(String type, String text) {
    json.writeStartObject();
    json.writeStringProperty("type", type);
    json.writeStringProperty("text", text);
    json.writeEndObject();
  }

  private void media(Media media) {
    if (media.source() instanceof Source.PlainText(String text)) {
      text("input_text", media.name().map(name -> name + "\n\n" + text).orElse(text));
      return;
    }
    json.writeStartObject();
    switch (media.kind()) {
      case IMAGE -> {
        json.writeStringProperty("type", "input_image");
        json.writeStringProperty("image_url", url(media));
        media.detail().ifPresent(detail -> json.writeStringProperty("detail", detail));
      }
      case DOCUMENT -> {
        json.writeStringProperty("type", "input_file");
        if (media.source() instanceof Source.Remote(String url, String unused)) {
          json.writeStringProperty("file_url", url);
        } else {
          json.writeStringProperty("filename", media.name().orElse("document" + suffix(media)));
          json.writeStringProperty("file_data", url(media));
        }
      }
      case AUDIO -> {
        if (!(media.source() instanceof Source.Inline(String base64))) {
          throw new Untranslatable(
              "turn " + turns, "the upstream's protocol takes no sounds by URL; send the bytes");
        }
        json.writeStringProperty("type", "input_audio");
        json.writeObjectPropertyStart("input_audio");
        json.writeStringProperty("data", base64);
        json.writeStringProperty(
            "format", media.mediaType().equals("audio/mpeg") ? "mp3" : subtype(media));
        json.writeEndObject();
      }
    }
    json.writeEndObject();
  }

  private static String url(Media media) {
    return switch (media.source()) {
      case Source.Inline(String base64) -> "data:" + media.mediaType() + ";base64," + base64;
      case Source.PlainText(String text) -> text;
      case Source.Remote(String url, String unused) -> url;
    };
  }

  private static String subtype(Media media) {
    return media.mediaType().substring(media.mediaType().indexOf('/') + 1);
  }

  private static String suffix(Media media) {
    String subtype = subtype(media);
    return SUFFIX.matcher(subtype).matches() ? "." + subtype : "";
  }

  private void thought(String text, Signature seal) {
    json.writeStartObject();
    json.writeStringProperty("type", "reasoning");
    json.writeArrayPropertyStart("summary");
    if (!text.isEmpty()) {
      text("summary_text", text);
    }
    json.writeEndArray();
    json.writeStringProperty("encrypted_content", seal.value());
    json.writeEndObject();
  }

  private void call(Part.ToolCall call) {
    json.writeStartObject();
    json.writeStringProperty("type", call.freeform() ? "custom_tool_call" : "function_call");
    json.writeStringProperty("call_id", callId(call.id()));
    json.writeStringProperty("name", call.name());
    if (call.freeform()) {
      freeform.add(call.id());
      json.writeStringProperty("input", call.arguments());
    } else {
      json.writeStringProperty("arguments", call.arguments().isEmpty() ? "{}" : call.arguments());
    }
    json.writeEndObject();
  }

  /** The protocol has no mark for a result that is an error: the text says so. */
  private void result(Part.ToolResult result) {
    boolean custom = freeform.contains(result.callId());
    json.writeStartObject();
    json.writeStringProperty("type", custom ? "custom_tool_call_output" : "function_call_output");
    json.writeStringProperty("call_id", callId(result.callId()));
    String mark = result.error() ? "Error: " : "";
    if (result.content().stream().allMatch(Part.Text.class::isInstance)) {
      json.writeStringProperty(
          "output",
          result.content().stream()
              .map(part -> ((Part.Text) part).text())
              .collect(Collectors.joining("\n", mark, "")));
    } else {
      json.writeArrayPropertyStart("output");
      if (result.error()) {
        text("input_text", mark.strip());
      }
      result.content().forEach(part -> content("user", part));
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  /** The id, or a shorter one that is the same for the same id. */
  private static String callId(String id) {
    if (id.length() <= MAX_CALL_ID) {
      return id;
    }
    byte[] bytes = id.getBytes(StandardCharsets.UTF_8);
    return "call_" + new Span(0, bytes.length).sha256(bytes).substring(0, 40);
  }
}

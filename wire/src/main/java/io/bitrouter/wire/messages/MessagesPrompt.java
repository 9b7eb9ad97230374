package io.bitrouter.wire.messages;

import io.bitrouter.core.exchange.InferenceRequest.Role;
import io.bitrouter.core.exchange.InferenceRequest.Turn;
import io.bitrouter.core.exchange.Media;
import io.bitrouter.core.exchange.Part;
import io.bitrouter.core.exchange.Signature;
import io.bitrouter.wire.translate.Untranslatable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.JsonGenerator;

/**
 * A conversation as upstreams take it: instructions apart, user and model in turn, the results of
 * tools first in their turn, no blank text.
 *
 * @param system the instructions that come first
 * @param turns the others, of user and assistant alternately
 */
record MessagesPrompt(List<Part.Text> system, List<Turn> turns) {

  /** The prompt that says {@code turns}. */
  static MessagesPrompt of(List<Turn> turns) {
    int leading = 0;
    while (leading < turns.size() && turns.get(leading).role() == Role.SYSTEM) {
      leading++;
    }
    if (leading == turns.size()) {
      // Nothing but instructions: the model answers to them as to a user.
      List<Part> parts = turns.stream().flatMap(turn -> said(turn.parts())).toList();
      return new MessagesPrompt(List.of(), List.of(new Turn(Role.USER, parts)));
    }
    List<Part.Text> system = new ArrayList<>();
    for (Turn turn : turns.subList(0, leading)) {
      said(turn.parts())
          .forEach(part -> {
            if (!(part instanceof Part.Text text)) {
              throw new Untranslatable("turn 0", "instructions can hold texts only");
            }
            system.add(text);
          });
    }
    return new MessagesPrompt(system, alternating(turns.subList(leading, turns.size())));
  }

  private static List<Turn> alternating(List<Turn> turns) {
    List<Turn> result = new ArrayList<>();
    for (Turn turn : turns) {
      Role role = turn.role() == Role.ASSISTANT ? Role.ASSISTANT : Role.USER;
      List<Part> parts = new ArrayList<>();
      if (!result.isEmpty() && result.getLast().role() == role) {
        parts.addAll(result.removeLast().parts());
      }
      said(turn.parts())
          .map(part -> turn.role() == Role.SYSTEM ? instruction(part) : part)
          .forEach(parts::add);
      if (!parts.isEmpty()) {
        result.add(new Turn(role, role == Role.USER ? resultsFirst(parts) : parts));
      }
    }
    if (!result.isEmpty() && result.getLast().role() == Role.ASSISTANT) {
      result.add(new Turn(Role.ASSISTANT, stripped(result.removeLast().parts())));
    }
    return result;
  }

  /** Blank texts are refused. */
  private static Stream<Part> said(List<Part> parts) {
    return parts.stream()
        .filter(part -> !(part instanceof Part.Text(String text, var c, var m) && text.isBlank()));
  }

  /** Instructions in the middle of a conversation have no role of their own. */
  private static Part instruction(Part part) {
    return part instanceof Part.Text text
        ? new Part.Text("<system>" + text.text() + "</system>", text.citations(), text.cache())
        : part;
  }

  private static List<Part> resultsFirst(List<Part> parts) {
    return Stream.concat(
            parts.stream().filter(Part.ToolResult.class::isInstance),
            parts.stream().filter(part -> !(part instanceof Part.ToolResult)))
        .toList();
  }

  /** The beginning of the answer must not end with white space. */
  private static List<Part> stripped(List<Part> parts) {
    if (!(parts.getLast() instanceof Part.Text last)) {
      return parts;
    }
    List<Part> result = new ArrayList<>(parts);
    result.set(
        result.size() - 1,
        new Part.Text(last.text().stripTrailing(), last.citations(), last.cache()));
    return result;
  }

  /**
   * Whether the model is to go on after calls that no thought of its own led to, as far as anyone
   * remembers: it then cannot think in this turn.
   */
  boolean goesOnWithoutThought() {
    for (Turn turn : turns.reversed()) {
      if (turn.role() == Role.ASSISTANT) {
        return turn.parts().stream().anyMatch(Part.ToolCall.class::isInstance)
            && !(turn.parts().getFirst() instanceof Part.Reasoning)
            && turns.getLast().parts().getFirst() instanceof Part.ToolResult;
      }
    }
    return false;
  }

  /** Writes the member {@code messages}. */
  void writeMessages(JsonGenerator json) {
    json.writeArrayPropertyStart("messages");
    for (int i = 0; i < turns.size(); i++) {
      String where = "turn " + i;
      json.writeStartObject();
      json.writeStringProperty(
          "role", turns.get(i).role() == Role.ASSISTANT ? "assistant" : "user");
      json.writeArrayPropertyStart("content");
      turns.get(i).parts().forEach(part -> write(json, part, where));
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void write(JsonGenerator json, Part part, String where) {
    switch (part) {
      case Part.Text text -> writeText(json, text);
      case Part.Refused(String text) -> writeText(json, Part.Text.of(text));
      case Part.Attached attached -> media(json, attached, where);
      case Part.Reasoning thought -> thought(json, thought);
      case Part.ToolCall call -> {
        json.writeStartObject();
        json.writeStringProperty("type", "tool_use");
        json.writeStringProperty("id", id(call.id()));
        json.writeStringProperty("name", call.name());
        json.writeName("input");
        if (call.freeform()) {
          MessagesInput.wrapped(json, "input", call.arguments());
        } else {
          MessagesInput.write(json, call.arguments());
        }
        json.writeEndObject();
      }
      case Part.ToolResult result -> result(json, result, where);
    }
  }

  /** Writes a block of text. */
  static void writeText(JsonGenerator json, Part.Text text) {
    json.writeStartObject();
    json.writeStringProperty("type", "text");
    json.writeStringProperty("text", text.text());
    MessagesRequestWriter.cacheControl(json, text.cache());
    json.writeEndObject();
  }

  private static void thought(JsonGenerator json, Part.Reasoning thought) {
    String seal = thought.signature().map(Signature::value).orElse("");
    json.writeStartObject();
    if (thought.redacted()) {
      json.writeStringProperty("type", "redacted_thinking");
      json.writeStringProperty("data", seal);
    } else {
      json.writeStringProperty("type", "thinking");
      json.writeStringProperty("thinking", thought.text());
      json.writeStringProperty("signature", seal);
    }
    json.writeEndObject();
  }

  private static void result(JsonGenerator json, Part.ToolResult result, String where) {
    json.writeStartObject();
    json.writeStringProperty("type", "tool_result");
    json.writeStringProperty("tool_use_id", id(result.callId()));
    List<Part> content = said(result.content()).toList();
    if (!content.isEmpty()) {
      json.writeArrayPropertyStart("content");
      content.forEach(part -> write(json, part, where));
      json.writeEndArray();
    }
    if (result.error()) {
      json.writeBooleanProperty("is_error", true);
    }
    MessagesRequestWriter.cacheControl(json, result.cache());
    json.writeEndObject();
  }

  /** An id in the characters that are taken; different ids stay different in all likelihood. */
  private static String id(String id) {
    StringBuilder taken = new StringBuilder(id.length());
    id.chars()
        .forEach(c -> {
          boolean plain =
              (c >= 'a' && c <= 'z')
                  || (c >= 'A' && c <= 'Z')
                  || (c >= '0' && c <= '9')
                  || c == '_'
                  || c == '-';
          taken.append(plain ? String.valueOf((char) c) : "_" + Integer.toHexString(c));
        });
    return taken.toString();
  }

  private static void media(JsonGenerator json, Part.Attached attached, String where) {
    Media media = attached.media();
    if (media.kind() == Media.Kind.AUDIO) {
      throw new Untranslatable(where, "holds a sound, which the model cannot hear; leave it out");
    }
    json.writeStartObject();
    json.writeStringProperty("type", media.kind() == Media.Kind.IMAGE ? "image" : "document");
    json.writeObjectPropertyStart("source");
    switch (media.source()) {
      case Media.Source.Inline(String base64) -> inline(json, media, base64, where);
      case Media.Source.PlainText(String text) -> plain(json, text);
      case Media.Source.Remote(String url, String at) -> {
        if (!url.startsWith("https://") && !url.startsWith("http://")) {
          throw new Untranslatable(
              at, "holds a URL other than http and https; send the bytes instead");
        }
        json.writeStringProperty("type", "url");
        json.writeStringProperty("url", url);
      }
    }
    json.writeEndObject();
    if (media.kind() == Media.Kind.DOCUMENT) {
      media.name().ifPresent(name -> json.writeStringProperty("title", name));
    }
    MessagesRequestWriter.cacheControl(json, attached.cache());
    json.writeEndObject();
  }

  /** Documents are PDF or text. */
  private static void inline(JsonGenerator json, Media media, String base64, String where) {
    boolean document = media.kind() == Media.Kind.DOCUMENT;
    if (document && media.mediaType().startsWith("text/")) {
      try {
        plain(json, new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8));
        return;
      } catch (IllegalArgumentException e) {
        throw new Untranslatable(where, "holds a document whose data is not base64");
      }
    }
    if (document && !media.mediaType().equals("application/pdf")) {
      throw new Untranslatable(
          where, "holds a document that is neither PDF nor text; send one of these");
    }
    json.writeStringProperty("type", "base64");
    json.writeStringProperty("media_type", media.mediaType());
    json.writeStringProperty("data", base64);
  }

  private static void plain(JsonGenerator json, String text) {
    json.writeStringProperty("type", "text");
    json.writeStringProperty("media_type", "text/plain");
    json.writeStringProperty("data", text);
  }
}

package io.bitrouter.wire.gemini;

import io.bitrouter.core.exchange.InferenceRequest.Role;
import io.bitrouter.core.exchange.InferenceRequest.Turn;
import io.bitrouter.core.exchange.Media;
import io.bitrouter.core.exchange.Part;
import io.bitrouter.core.exchange.Signature;
import io.bitrouter.wire.json.GeminiScanner;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.translate.Untranslatable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes instructions and conversation. Instructions that come later than the first turn are text
 * of the user; results come first in their turn and in the order of their calls. Not thread-safe.
 */
final class GeminiPrompt {

  /** Google's word for a call whose seal is not there, because another model made the call. */
  private static final String NO_SEAL = "skip_thought_signature_validator";

  private static final String HTTPS = "https://";

  private final GeminiModel model;

  GeminiPrompt(GeminiModel model) {
    this.model = model;
  }

  /** Parts of one role. */
  private record Content(boolean ofModel, List<Part> parts) {}

  /** Writes {@code turns} into {@code body}. */
  void write(List<Turn> turns, ObjectNode body) {
    List<Content> contents = contents(turns);
    int first = 0;
    while (first < turns.size() && turns.get(first).role() == Role.SYSTEM) {
      first++;
    }
    if (first > 0 && first < turns.size()) {
      ArrayNode parts = body.putObject("systemInstruction").putArray("parts");
      for (int i = 0; i < first; i++) {
        texts(turns.get(i), i).forEach(text -> parts.addObject().put("text", text));
      }
    }
    List<String> calls = List.of();
    ArrayNode written = body.putArray("contents");
    for (Content content : contents) {
      ObjectNode into = written.addObject().put("role", content.ofModel() ? "model" : "user");
      ArrayNode parts = into.putArray("parts");
      if (content.ofModel()) {
        calls = model(content, parts);
      } else {
        user(content, calls, parts);
      }
    }
  }

  /** The turns after the instructions; instructions alone are a turn of the user. */
  private static List<Content> contents(List<Turn> turns) {
    boolean alone = turns.stream().allMatch(turn -> turn.role() == Role.SYSTEM);
    boolean begun = false;
    List<Content> contents = new ArrayList<>();
    for (int i = 0; i < turns.size(); i++) {
      Turn turn = turns.get(i);
      begun |= turn.role() != Role.SYSTEM;
      if (!begun && !alone) {
        continue;
      }
      boolean ofModel = turn.role() == Role.ASSISTANT;
      if (contents.isEmpty() || contents.getLast().ofModel() != ofModel) {
        contents.add(new Content(ofModel, new ArrayList<>()));
      }
      List<Part> parts = contents.getLast().parts();
      if (turn.role() == Role.SYSTEM) {
        String text = String.join("\n", texts(turn, i));
        parts.add(Part.Text.of(alone ? text : "<system>" + text + "</system>"));
      } else {
        parts.addAll(turn.parts());
      }
    }
    return contents;
  }

  private static List<String> texts(Turn turn, int index) {
    List<String> texts = new ArrayList<>();
    for (Part part : turn.parts()) {
      if (!(part instanceof Part.Text text)) {
        throw new Untranslatable("turn " + index, "has instructions that are not text");
      }
      texts.add(text.text());
    }
    return texts;
  }

  /** Writes a turn of the model and returns the ids of its calls. */
  private List<String> model(Content content, ArrayNode parts) {
    List<String> calls = new ArrayList<>();
    for (Part part : content.parts()) {
      if (part instanceof Part.ToolCall call) {
        ObjectNode into = call(call, parts);
        Optional<String> seal = call.signature().map(Signature::value);
        // Of calls that were made together the first alone is sealed.
        seal.or(() ->
                model.wantsSeals() && calls.isEmpty() ? Optional.of(NO_SEAL) : Optional.empty())
            .ifPresent(value -> into.put("thoughtSignature", value));
        calls.add(call.id());
      } else {
        said(part, parts);
      }
    }
    return calls;
  }

  private void user(Content content, List<String> calls, ArrayNode parts) {
    content.parts().stream()
        .filter(Part.ToolResult.class::isInstance)
        .map(Part.ToolResult.class::cast)
        .sorted(Comparator.comparingInt(result -> calls.indexOf(result.callId())))
        .forEach(result -> result(result, parts));
    for (Part part : content.parts()) {
      if (part instanceof Part.ToolResult result) {
        List<Part> attached =
            result.content().stream().filter(it -> it instanceof Part.Attached).toList();
        if (!attached.isEmpty()) {
          text("Attached to the result of " + result.name().orElse("the tool") + ":", parts);
          attached.forEach(each -> said(each, parts));
        }
      } else {
        said(part, parts);
      }
    }
  }

  private static ObjectNode call(Part.ToolCall call, ArrayNode parts) {
    ObjectNode into = parts.addObject();
    ObjectNode function =
        into.putObject("functionCall").put("id", call.id()).put("name", call.name());
    if (call.freeform()) {
      function.putObject("args").put("input", call.arguments());
    } else {
      byte[] args = GeminiAnswer.object(call.arguments()).getBytes(StandardCharsets.UTF_8);
      function.set("args", Json.tree(args, 0, args.length));
    }
    return into;
  }

  private static void result(Part.ToolResult result, ArrayNode parts) {
    String said =
        result.content().stream()
            .filter(Part.Text.class::isInstance)
            .map(part -> ((Part.Text) part).text())
            .collect(Collectors.joining("\n"));
    parts
        .addObject()
        .putObject("functionResponse")
        .put("id", result.callId())
        .put("name", result.name().orElse(""))
        .putObject("response")
        .put(result.error() ? "error" : "output", said);
  }

  private void said(Part part, ArrayNode parts) {
    switch (part) {
      case Part.Text it -> text(it.text(), parts);
      case Part.Refused it -> text(it.text(), parts);
      case Part.Attached it -> media(it.media(), parts);
      case Part.Reasoning it -> {
        ObjectNode into = text(it.text(), parts).put("thought", true);
        it.signature().ifPresent(seal -> into.put("thoughtSignature", seal.value()));
      }
      // Written where they belong.
      case Part.ToolCall unused -> {}
      case Part.ToolResult unused -> {}
    }
  }

  private static ObjectNode text(String text, ArrayNode parts) {
    return parts.addObject().put("text", text);
  }

  private void media(Media media, ArrayNode parts) {
    switch (media.source()) {
      case Media.Source.Inline(String base64) ->
          parts
              .addObject()
              .putObject("inlineData")
              .put("mimeType", media.mediaType())
              .put("data", base64);
      case Media.Source.PlainText(String text) -> text(text, parts);
      case Media.Source.Remote(String url, String at) -> {
        if (!model.fetches()
            || !url.regionMatches(true, 0, HTTPS, 0, HTTPS.length())
            || GeminiScanner.kept(url)) {
          throw new Untranslatable(
              at, "points to a file that the upstream does not fetch; send the bytes");
        }
        ObjectNode file = parts.addObject().putObject("fileData").put("fileUri", url);
        String type = media.mediaType();
        if (!type.equals("application/octet-stream") && type.indexOf('*') < 0) {
          file.put("mimeType", type);
        }
      }
    }
  }
}

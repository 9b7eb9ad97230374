package io.bitrouter.wire.gemini;

import io.bitrouter.core.exchange.InferenceRequest.Role;
import io.bitrouter.core.exchange.InferenceRequest.Turn;
import io.bitrouter.core.exchange.Media;
import io.bitrouter.core.exchange.Part;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.exchange.Signature;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.translate.Untranslatable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * Reads instructions and conversation of one request. Calls that have no id are given one that
 * tells their turn and position, so that they have it in every later request too; answers are
 * matched to the calls of the model's turn before them. Not thread-safe.
 */
final class GeminiTurns {

  /** Members of a part that go with its content. */
  private static final Set<String> MARKS =
      Set.of("thought", "thoughtSignature", "videoMetadata", "mediaResolution", "partMetadata");

  private static final String CALL = "functionCall";
  private static final String ANSWER = "functionResponse";

  private final List<String> unknown;
  private final List<Turn> turns = new ArrayList<>();
  private final List<Open> open = new ArrayList<>();
  private int calls;

  private GeminiTurns(List<String> unknown) {
    this.unknown = unknown;
  }

  /**
   * The turns of {@code body}, its instructions first.
   *
   * @param unknown takes the paths of members that have no meaning elsewhere
   */
  static List<Turn> read(GeminiFields body, List<String> unknown) {
    GeminiTurns turns = new GeminiTurns(unknown);
    body.object("systemInstruction").ifPresent(turns::instructions);
    List<GeminiFields> contents = body.objects("contents");
    if (contents.isEmpty()) {
      throw new Untranslatable("contents", "is missing or empty; send at least one turn");
    }
    for (int i = 0; i < contents.size(); i++) {
      turns.content(contents.get(i), i);
    }
    return turns.turns;
  }

  /** A call whose answer has not come, and whether its id is ours. */
  private record Open(String id, String name, boolean named) {}

  private void instructions(GeminiFields content) {
    List<Part> parts = new ArrayList<>();
    for (GeminiFields part : content.objects("parts")) {
      if (!kind(part).equals("text")) {
        throw new Untranslatable(part.path(), "must be a text: instructions can hold nothing else");
      }
      parts.add(Part.Text.of(part.text("text").orElse("")));
    }
    turns.add(new Turn(Role.SYSTEM, parts));
  }

  private void content(GeminiFields content, int index) {
    Role role =
        switch (content.word("role").orElse("user")) {
          case "user", "function" -> Role.USER;
          case "model" -> Role.ASSISTANT;
          default -> throw new Untranslatable(content.at("role"), "must be user or model");
        };
    boolean begins = turns.isEmpty() || turns.getLast().role() != Role.ASSISTANT;
    if (role == Role.ASSISTANT && begins) {
      open.clear();
    }
    calls = 0;
    List<Part> parts = new ArrayList<>();
    for (GeminiFields part : content.objects("parts")) {
      parts.add(part(part, role, index));
    }
    turns.add(new Turn(role, parts));
  }

  private Part part(GeminiFields part, Role role, int turn) {
    String kind = kind(part);
    for (String mark : List.of("videoMetadata", "mediaResolution", "partMetadata")) {
      if (part.names().contains(mark)) {
        unknown.add("contents.parts." + mark);
      }
    }
    boolean thought = part.flag("thought");
    boolean model = role == Role.ASSISTANT;
    if (model ? kind.equals(ANSWER) : thought || kind.equals(CALL)) {
      throw new Untranslatable(
          part.path(), "belongs to a turn of the " + (model ? "user" : "model"));
    }
    Optional<Signature> seal =
        part.word("thoughtSignature").map(value -> new Signature(Protocol.GEMINI, value));
    return switch (kind) {
      case "text" -> {
        String text = part.text(kind).orElse("");
        // A seal on a text is for the vendor's eyes only, and does not have to be sent back.
        yield thought ? new Part.Reasoning(text, seal, false) : Part.Text.of(text);
      }
      case "inlineData", "fileData" -> attached(part);
      case CALL -> call(object(part, kind), seal, turn);
      case ANSWER -> answer(object(part, kind));
      default ->
          throw new Untranslatable(
              part.at(kind),
              "has no meaning for the upstream, which speaks another protocol; leave it out");
    };
  }

  /** The one member that is the content of {@code part}. */
  private static String kind(GeminiFields part) {
    List<String> kinds = part.names().stream().filter(name -> !MARKS.contains(name)).toList();
    if (kinds.isEmpty() && part.names().contains("thoughtSignature")) {
      return "text";
    }
    if (kinds.size() != 1) {
      throw new Untranslatable(
          part.path(),
          "must have one of text, inlineData, fileData, functionCall and functionResponse");
    }
    return kinds.getFirst();
  }

  private static GeminiFields object(GeminiFields part, String kind) {
    return part.object(kind).orElseThrow();
  }

  private Part call(GeminiFields call, Optional<Signature> seal, int turn) {
    String name = call.needed("name");
    Optional<String> given = call.word("id");
    String id = given.orElse("call_gemini_" + turn + "_" + calls);
    calls++;
    String arguments = call.opaque("args").map(Json::text).orElse("{}");
    complete(call);
    open.add(new Open(id, name, given.isPresent()));
    return new Part.ToolCall(id, name, arguments, false, seal);
  }

  private Part answer(GeminiFields answer) {
    String name = answer.needed("name");
    String callId =
        callId(answer.word("id"), name)
            .orElseThrow(() ->
                new Untranslatable(
                    answer.path(),
                    "answers no functionCall of the model's turn before it; send one answer for"
                        + " each call, with its id or else its name"));
    List<Part> content = new ArrayList<>();
    Optional<JsonNode> response = answer.opaque("response");
    boolean error = response.filter(said -> said.hasNonNull("error")).isPresent();
    response.ifPresent(said -> content.add(Part.Text.of(output(said))));
    for (GeminiFields part : answer.objects("parts")) {
      String kind = kind(part);
      if (!kind.equals("inlineData") && !kind.equals("fileData")) {
        throw new Untranslatable(part.path(), "must have inlineData or fileData");
      }
      content.add(attached(part));
    }
    if (answer.flag("willContinue")) {
      throw new Untranslatable(
          answer.at("willContinue"), "must be false: each call has one answer");
    }
    answer.value("scheduling");
    complete(answer);
    return new Part.ToolResult(callId, Optional.of(name), content, error, Optional.empty());
  }

  /** What a function says: its {@code output} or {@code error} if it has that alone, else all. */
  private static String output(JsonNode response) {
    JsonNode said = response;
    if (response.size() == 1) {
      said = response.has("error") ? response.path("error") : response.path("output");
    }
    if (said.isMissingNode()) {
      said = response;
    }
    return said.isString() ? said.stringValue() : Json.text(said);
  }

  /** The call that an answer belongs to, which is no longer open then. */
  private Optional<String> callId(Optional<String> id, String name) {
    Optional<String> found =
        id.isPresent() ? close(call -> call.id().equals(id.get())) : Optional.empty();
    // An answer can have an id that the call had not: the client has made it.
    return found.isPresent()
        ? found
        : close(call -> call.name().equals(name) && !(id.isPresent() && call.named()));
  }

  private Optional<String> close(Predicate<Open> wanted) {
    for (Iterator<Open> each = open.iterator(); each.hasNext(); ) {
      Open call = each.next();
      if (wanted.test(call)) {
        each.remove();
        return Optional.of(call.id());
      }
    }
    return Optional.empty();
  }

  private static Part attached(GeminiFields part) {
    Optional<GeminiFields> inline = part.object("inlineData");
    GeminiFields data = inline.isPresent() ? inline.get() : object(part, "fileData");
    String mediaType =
        data.word("mimeType")
            .orElseThrow(() ->
                new Untranslatable(
                    data.at("mimeType"), "is missing; the upstream has to know what it is"))
            .toLowerCase(Locale.ROOT);
    Media.Source source =
        inline.isPresent()
            ? new Media.Source.Inline(base64(data.needed("data")))
            : remote(data, data.needed("fileUri"));
    Optional<String> name = data.word("displayName");
    complete(data);
    return new Part.Attached(
        new Media(mediaKind(data, mediaType), source, mediaType, name, Optional.empty()),
        Optional.empty());
  }

  private static Media.Kind mediaKind(GeminiFields data, String mediaType) {
    return switch (mediaType.substring(0, Math.max(0, mediaType.indexOf('/')))) {
      case "image" -> Media.Kind.IMAGE;
      case "audio" -> Media.Kind.AUDIO;
      case "video" ->
          throw new Untranslatable(
              data.at("mimeType"), "is a video, which the upstream's protocol cannot carry");
      default -> Media.Kind.DOCUMENT;
    };
  }

  private static Media.Source remote(GeminiFields data, String uri) {
    boolean web = uri.startsWith("https://") || uri.startsWith("http://");
    if (!web || uri.startsWith("https://generativelanguage.googleapis.com/")) {
      throw new Untranslatable(
          data.at("fileUri"),
          "names a file that Gemini keeps, and the model is served by another provider; send the"
              + " bytes as inlineData");
    }
    return new Media.Source.Remote(uri, data.at("fileUri"));
  }

  /** In the plain alphabet with padding: Gemini takes the one for URLs too, and no padding. */
  private static String base64(String data) {
    String plain = data.replace('-', '+').replace('_', '/');
    return plain + "=".repeat((4 - plain.length() % 4) % 4);
  }

  /** Refuses members that would be lost. */
  private static void complete(GeminiFields fields) {
    List<String> others = new ArrayList<>();
    fields.addOthers(others);
    if (!others.isEmpty()) {
      throw new Untranslatable(
          others.getFirst(), "has no meaning for the upstream, which speaks another protocol");
    }
  }
}

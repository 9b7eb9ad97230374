package io.bitrouter.wire.chat;

import io.bitrouter.core.exchange.CacheMark;
import io.bitrouter.core.exchange.InferenceRequest.Role;
import io.bitrouter.core.exchange.InferenceRequest.Turn;
import io.bitrouter.core.exchange.Media;
import io.bitrouter.core.exchange.Media.Kind;
import io.bitrouter.core.exchange.Media.Source;
import io.bitrouter.core.exchange.Part;
import io.bitrouter.wire.translate.Located;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** Reads the messages of a chat request. Not thread-safe. */
final class ConversationReader {

  private static final String ANY_TYPE = "application/octet-stream";

  private final List<String> unknown;
  // Calls from before there were ids, by the name of the function.
  private final Map<String, String> unnumbered = new HashMap<>();

  /** {@code unknown} gets what the messages say beyond what is read. */
  ConversationReader(List<String> unknown) {
    this.unknown = unknown;
  }

  List<Turn> turns(Located body) {
    List<Turn> turns = new ArrayList<>();
    for (Located message : body.member("messages").elements()) {
      turns.add(turn(message.object(), turns.size()));
    }
    if (turns.isEmpty()) {
      throw body.member("messages").fault("must list at least one message");
    }
    return turns;
  }

  private Turn turn(Located message, int index) {
    return switch (message.word("role")) {
      case "system", "developer" -> new Turn(Role.SYSTEM, said(message));
      case "user" -> new Turn(Role.USER, said(message));
      case "assistant" -> new Turn(Role.ASSISTANT, answer(message, index));
      case "tool" -> result(message, message.word("tool_call_id"));
      case "function" -> {
        String callId = unnumbered.get(message.word("name"));
        if (callId == null) {
          throw message.member("name").fault("must name a function that was called before");
        }
        yield result(message, callId);
      }
      default ->
          throw message
              .member("role")
              .fault("must be one of system, developer, user, assistant, tool, function");
    };
  }

  /** What a message says; a mark on it is one on its last part. */
  private List<Part> said(Located message) {
    if (message.member("name").given()) {
      unknown.add("messages.name");
    }
    List<Part> parts = content(message);
    Optional<CacheMark> mark = mark(message);
    if (mark.isPresent() && !parts.isEmpty()) {
      parts.add(marked(parts.removeLast(), mark));
    }
    return parts;
  }

  private Turn result(Located message, String callId) {
    List<Part> content = content(message);
    return new Turn(
        Role.USER,
        List.of(new Part.ToolResult(callId, Optional.empty(), content, false, mark(message))));
  }

  private List<Part> answer(Located message, int index) {
    if (message.member("audio").given()) {
      throw message
          .member("audio")
          .fault("cannot be told to this model: send the transcript as content");
    }
    List<Part> parts = new ArrayList<>();
    Stream.of("reasoning_content", "reasoning")
        .flatMap(name -> message.text(name).stream())
        .findFirst()
        .ifPresent(text -> parts.add(new Part.Reasoning(text, Optional.empty(), false)));
    parts.addAll(said(message));
    message.text("refusal").ifPresent(text -> parts.add(new Part.Refused(text)));
    for (Located call : message.member("tool_calls").elements()) {
      parts.add(call(call.object()));
    }
    Located older = message.member("function_call");
    if (older.given()) {
      String id = "call_" + index;
      unnumbered.put(older.object().word("name"), id);
      parts.add(call(id, older, "arguments"));
    }
    return parts;
  }

  private static Part call(Located call) {
    String id = call.word("id");
    return switch (call.text("type").orElse("function")) {
      case "function" -> call(id, call.member("function").object(), "arguments");
      case "custom" -> call(id, call.member("custom").object(), "input");
      default -> throw call.member("type").fault("must be function or custom");
    };
  }

  private static Part call(String id, Located called, String input) {
    return new Part.ToolCall(
        id,
        called.word("name"),
        called.text(input).orElse(""),
        input.equals("input"),
        Optional.empty());
  }

  private static List<Part> content(Located message) {
    Located content = message.member("content");
    List<Part> parts = new ArrayList<>();
    if (content.value().isString()) {
      parts.add(Part.Text.of(content.text()));
    } else if (content.given() && !content.value().isArray()) {
      throw content.fault("must be a string or a list of parts");
    } else {
      content.elements().forEach(part -> parts.add(part(part.object())));
    }
    return parts;
  }

  private static Part marked(Part part, Optional<CacheMark> mark) {
    return switch (part) {
      case Part.Text text -> new Part.Text(text.text(), text.citations(), mark);
      case Part.Attached attached -> new Part.Attached(attached.media(), mark);
      case Part.Refused unmarked -> unmarked;
      case Part.Reasoning unmarked -> unmarked;
      case Part.ToolCall unmarked -> unmarked;
      case Part.ToolResult unmarked -> unmarked;
    };
  }

  private static Part part(Located part) {
    return switch (part.word("type")) {
      case "text" -> new Part.Text(part.text("text").orElse(""), List.of(), mark(part));
      case "refusal" -> new Part.Refused(part.text("refusal").orElse(""));
      case "image_url" -> new Part.Attached(image(part), mark(part));
      case "input_audio" ->
          new Part.Attached(sound(part.member("input_audio").object()), mark(part));
      case "file" -> new Part.Attached(file(part.member("file").object()), mark(part));
      default ->
          throw part.member("type")
              .fault("must be one of text, refusal, image_url, input_audio, file");
    };
  }

  private static Media image(Located part) {
    boolean bare = part.member("image_url").value().isString();
    Located image = bare ? part : part.member("image_url").object();
    return media(
        image, bare ? "image_url" : "url", Kind.IMAGE, Optional.empty(), Source.Remote::new);
  }

  private static Media sound(Located sound) {
    String format = sound.text("format").orElse("wav").toLowerCase(Locale.ROOT);
    return new Media(
        Kind.AUDIO,
        new Source.Inline(sound.word("data")),
        "audio/" + (format.equals("mp3") ? "mpeg" : format),
        Optional.empty(),
        Optional.empty());
  }

  private static Media file(Located file) {
    Located id = file.member("file_id");
    if (id.given()) {
      throw id.fault("names a file of another provider: send its bytes in file_data");
    }
    Optional<String> name = file.text("filename");
    return media(
        file, "file_data", Kind.DOCUMENT, name, (base64, unused) -> new Source.Inline(base64));
  }

  /**
   * What the URL {@code data:<type>;base64,<bytes>} in {@code member} holds.
   *
   * @param otherwise what a value, and its place, stands for that is no such URL
   */
  private static Media media(
      Located holder,
      String member,
      Kind kind,
      Optional<String> name,
      BiFunction<String, String, Source> otherwise) {
    String value = holder.word(member);
    Optional<String> detail = holder.text("detail");
    if (!value.startsWith("data:")) {
      boolean pdf = name.filter(it -> it.toLowerCase(Locale.ROOT).endsWith(".pdf")).isPresent();
      String type = pdf ? "application/pdf" : ANY_TYPE;
      return new Media(
          kind, otherwise.apply(value, holder.member(member).path()), type, name, detail);
    }
    int comma = value.indexOf(',');
    String head = value.substring("data:".length(), Math.max(comma, "data:".length()));
    if (!head.endsWith(";base64")) {
      throw holder
          .member(member)
          .fault("must be data:<type>;base64,<bytes> when it begins with data:");
    }
    String type = head.substring(0, head.indexOf(';'));
    Source source = new Source.Inline(value.substring(comma + 1));
    return new Media(kind, source, type.isEmpty() ? ANY_TYPE : type, name, detail);
  }

  /** The mark for the cache that an object has. */
  static Optional<CacheMark> mark(Located marked) {
    Located mark = marked.member("cache_control");
    if (!mark.given()) {
      return Optional.empty();
    }
    boolean hour = mark.object().text("ttl").orElse("").equals("1h");
    return Optional.of(hour ? CacheMark.ONE_HOUR : CacheMark.FIVE_MINUTES);
  }
}

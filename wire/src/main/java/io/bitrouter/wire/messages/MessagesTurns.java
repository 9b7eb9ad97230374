package io.bitrouter.wire.messages;

import io.bitrouter.core.exchange.CacheMark;
import io.bitrouter.core.exchange.InferenceRequest.Role;
import io.bitrouter.core.exchange.InferenceRequest.Turn;
import io.bitrouter.core.exchange.Media;
import io.bitrouter.core.exchange.Part;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.exchange.Signature;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.translate.Located;
import io.bitrouter.wire.translate.Untranslatable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads the conversation of a client's request. What only Anthropic can read, because one of its
 * own tools made it, is left out and noted; what it keeps for its account is refused.
 */
final class MessagesTurns {

  private final Set<String> unknown;

  private MessagesTurns(Set<String> unknown) {
    this.unknown = unknown;
  }

  /**
   * The turns of a body, its system text first.
   *
   * @param unknown takes the names of what is left out
   */
  static List<Turn> read(Located body, Set<String> unknown) {
    MessagesTurns reader = new MessagesTurns(unknown);
    List<Turn> turns = new ArrayList<>();
    if (body.member("system").given()) {
      turns.add(new Turn(Role.SYSTEM, reader.content(body.member("system"))));
    }
    for (Located message : body.member("messages").elements()) {
      Located role = message.member("role");
      Role who =
          switch (role.text()) {
            case "user" -> Role.USER;
            case "assistant" -> Role.ASSISTANT;
            case "system" -> Role.SYSTEM;
            default -> throw role.fault("must be user, assistant or system");
          };
      turns.add(new Turn(who, reader.content(message.member("content"))));
    }
    return turns;
  }

  /** Whether the prompt up to the block {@code at} is to be cached. */
  static Optional<CacheMark> cacheMark(Located at) {
    Located control = at.member("cache_control");
    if (!control.given()) {
      return Optional.empty();
    }
    return Optional.of(
        control.member("ttl").is("1h") ? CacheMark.ONE_HOUR : CacheMark.FIVE_MINUTES);
  }

  /** A text or a list of blocks. */
  private List<Part> content(Located at) {
    List<Part> parts = new ArrayList<>();
    if (at.value().isString()) {
      parts.add(Part.Text.of(at.text()));
    } else if (at.value().isArray()) {
      at.elements().forEach(block -> block(block, parts));
    } else {
      throw at.fault("must be a string or a list of blocks");
    }
    return parts;
  }

  private void block(Located at, List<Part> parts) {
    Located type = at.member("type");
    switch (type.text()) {
      case "text" ->
          parts.add(new Part.Text(at.member("text").text(), citations(at), cacheMark(at)));
      case "image" -> parts.add(new Part.Attached(image(at.member("source")), cacheMark(at)));
      case "document" -> document(at, parts);
      case "search_result" -> parts.add(searchResult(at));
      case "thinking" ->
          parts.add(
              new Part.Reasoning(
                  at.text("thinking").orElse(""),
                  at.text("signature").filter(seal -> !seal.isEmpty()).map(MessagesTurns::seal),
                  false));
      case "redacted_thinking" ->
          parts.add(new Part.Reasoning("", Optional.of(seal(at.member("data").text())), true));
      case "tool_use" -> parts.add(call(at));
      case "tool_result" -> parts.add(result(at));
      // The provider's own summary of what came before.
      case "compaction" -> at.text("content").map(Part.Text::of).ifPresent(parts::add);
      case "container_upload" -> throw kept(type);
      case "server_tool_use", "mcp_tool_use", "tool_reference" -> unknown.add(type.text());
      default -> {
        if (!type.text().endsWith("_tool_result")) {
          throw type.fault("is not known, so it cannot be said to a model of another protocol");
        }
        unknown.add(type.text());
      }
    }
  }

  private static Signature seal(String value) {
    return new Signature(Protocol.MESSAGES, value);
  }

  private static Part.ToolCall call(Located at) {
    Located input = at.member("input");
    if (input.given() && !input.value().isObject()) {
      throw input.fault("must be an object");
    }
    return new Part.ToolCall(
        id(at.member("id")),
        at.member("name").text(),
        input.given() ? Json.text(input.value()) : "{}",
        false,
        Optional.empty());
  }

  private Part.ToolResult result(Located at) {
    Located content = at.member("content");
    List<Part> parts = content.given() ? content(content) : List.of();
    for (Part part : parts) {
      if (!(part instanceof Part.Text || part instanceof Part.Attached)) {
        throw content.fault("may hold texts, images and documents only");
      }
    }
    return new Part.ToolResult(
        id(at.member("tool_use_id")),
        Optional.empty(),
        parts,
        at.flag("is_error").orElse(false),
        cacheMark(at));
  }

  private static String id(Located at) {
    String id = at.text();
    if (id.isEmpty()) {
      throw at.fault("must not be empty");
    }
    return id;
  }

  private static Media image(Located source) {
    Located type = source.member("type");
    return switch (type.text()) {
      case "base64" ->
          media(
              Media.Kind.IMAGE,
              new Media.Source.Inline(source.member("data").text()),
              source.member("media_type").text());
      case "url" ->
          media(Media.Kind.IMAGE, remote(source.member("url")), "application/octet-stream");
      case "file" -> throw kept(type);
      default -> throw type.fault("must be base64 or url");
    };
  }

  private static Media.Source remote(Located url) {
    return new Media.Source.Remote(url.text(), url.path());
  }

  private void document(Located at, List<Part> parts) {
    at.text("context").map(Part.Text::of).ifPresent(parts::add);
    if (at.member("citations").flag("enabled").orElse(false)) {
      unknown.add("citations");
    }
    Located source = at.member("source");
    Located type = source.member("type");
    Media media =
        switch (type.text()) {
          case "base64" ->
              media(
                  Media.Kind.DOCUMENT,
                  new Media.Source.Inline(source.member("data").text()),
                  source.member("media_type").text());
          case "text" -> plain(source.member("data").text());
          case "url" -> media(Media.Kind.DOCUMENT, remote(source.member("url")), "application/pdf");
          case "content" -> plain(source.member("content"), parts);
          case "file" -> throw kept(type);
          default -> throw type.fault("must be base64, text, url or content");
        };
    parts.add(new Part.Attached(named(media, at.text("title")), cacheMark(at)));
  }

  /** A document made of blocks: its images go before it, its texts are its text. */
  private Media plain(Located content, List<Part> parts) {
    List<Part> blocks = content(content);
    blocks.stream().filter(Part.Attached.class::isInstance).forEach(parts::add);
    return plain(texts(blocks));
  }

  private Part searchResult(Located at) {
    List<Part> blocks = content(at.member("content"));
    String title = at.member("title").text() + " (" + at.member("source").text() + ")";
    return new Part.Attached(named(plain(texts(blocks)), Optional.of(title)), cacheMark(at));
  }

  private static String texts(List<Part> blocks) {
    return blocks.stream()
        .filter(Part.Text.class::isInstance)
        .map(part -> ((Part.Text) part).text())
        .collect(Collectors.joining("\n"));
  }

  private static Media plain(String text) {
    return media(Media.Kind.DOCUMENT, new Media.Source.PlainText(text), "text/plain");
  }

  private static Media media(Media.Kind kind, Media.Source source, String type) {
    return new Media(kind, source, type, Optional.empty(), Optional.empty());
  }

  private static Media named(Media media, Optional<String> name) {
    return new Media(media.kind(), media.source(), media.mediaType(), name, Optional.empty());
  }

  /** Those of pages; what other citations point to is the provider's affair. */
  private static List<Part.Citation> citations(Located text) {
    List<Part.Citation> citations = new ArrayList<>();
    for (Located citation : text.member("citations").elements()) {
      citation
          .text("url")
          .ifPresent(url ->
              citations.add(
                  new Part.Citation(
                      url,
                      citation.text("title").orElse(""),
                      0,
                      text.member("text").text().length())));
    }
    return citations;
  }

  private static Untranslatable kept(Located type) {
    return type.fault(
        "names a file that a provider keeps, which no model of another provider can read;"
            + " send its bytes");
  }
}

package io.bitrouter.wire.responses;

import io.bitrouter.core.exchange.CacheMark;
import io.bitrouter.core.exchange.Media;
import io.bitrouter.core.exchange.Part;
import io.bitrouter.wire.translate.Located;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads the content of messages and of the results of tools. */
final class ResponsesContent {

  private static final String UNKNOWN_TYPE = "application/octet-stream";
  private static final String DATA = "data:";
  private static final String BASE64 = ";base64";

  private ResponsesContent() {}

  /** Reads a text, or a list of parts. */
  static List<Part> read(Located content) {
    if (content.value().isString()) {
      return List.of(Part.Text.of(content.text()));
    }
    if (!content.given()) {
      throw content.fault("is missing; it must be a string or a list of parts");
    }
    List<Part> parts = new ArrayList<>();
    for (Located part : content.elements()) {
      parts.add(part(part.object()));
    }
    return parts;
  }

  private static Part part(Located part) {
    String type = part.word("type");
    return switch (type) {
      case "input_text", "output_text", "text" ->
          new Part.Text(part.member("text").text(), citations(part), cache(part));
      case "refusal" -> new Part.Refused(part.member("refusal").text());
      case "input_image" -> image(part);
      case "input_file" -> file(part);
      case "input_audio" -> audio(part);
      default ->
          throw part.member("type")
              .fault(
                  "must be input_text, input_image, input_file, input_audio, output_text or refusal"
                      + " where another provider is to read it");
    };
  }

  private static List<Part.Citation> citations(Located part) {
    List<Part.Citation> citations = new ArrayList<>();
    for (Located each : part.member("annotations").elements()) {
      if (each.text("type").filter("url_citation"::equals).isPresent()) {
        citations.add(
            new Part.Citation(
                each.member("url").text(),
                each.text("title").orElse(""),
                index(each, "start_index"),
                index(each, "end_index")));
      }
    }
    return citations;
  }

  private static int index(Located citation, String name) {
    return (int) Math.min(citation.integer(name).orElse(0), Integer.MAX_VALUE);
  }

  private static Optional<CacheMark> cache(Located part) {
    Located mark = part.member("cache_control");
    return mark.given()
        ? Optional.of(
            mark.object().text("ttl").filter("1h"::equals).isPresent()
                ? CacheMark.ONE_HOUR
                : CacheMark.FIVE_MINUTES)
        : Optional.empty();
  }

  private static Part image(Located part) {
    refuseFileId(part);
    return attached(
        part,
        Media.Kind.IMAGE,
        at(part.member("image_url"), false),
        Optional.empty(),
        part.text("detail"));
  }

  private static Part file(Located part) {
    refuseFileId(part);
    Located data = part.member("file_data");
    return attached(
        part,
        Media.Kind.DOCUMENT,
        data.given() ? at(data, true) : at(part.member("file_url"), false),
        part.text("filename"),
        Optional.empty());
  }

  private static Part audio(Located part) {
    Located audio = part.member("input_audio").object();
    String format = audio.word("format").toLowerCase(Locale.ROOT);
    Found found =
        new Found(
            new Media.Source.Inline(audio.word("data")),
            "audio/" + (format.equals("mp3") ? "mpeg" : format));
    return attached(part, Media.Kind.AUDIO, found, Optional.empty(), Optional.empty());
  }

  private static Part attached(
      Located part, Media.Kind kind, Found found, Optional<String> name, Optional<String> detail) {
    return new Part.Attached(
        new Media(kind, found.source(), found.mediaType(), name, detail), cache(part));
  }

  private static void refuseFileId(Located part) {
    if (part.member("file_id").given()) {
      throw part.member("file_id")
          .fault(
              "names a file that OpenAI keeps, and the model is served by another provider; send"
                  + " the bytes");
    }
  }

  /** Bytes or where to fetch them, and their type. */
  private record Found(Media.Source source, String mediaType) {}

  /** Reads a URL, which can hold the bytes itself; {@code bare} base64 may stand in its place. */
  private static Found at(Located url, boolean bare) {
    String text = url.text();
    if (!text.regionMatches(true, 0, DATA, 0, DATA.length())) {
      return new Found(
          bare ? new Media.Source.Inline(text) : new Media.Source.Remote(text, url.path()),
          UNKNOWN_TYPE);
    }
    int comma = text.indexOf(',');
    String head = comma < 0 ? "" : text.substring(DATA.length(), comma);
    if (!head.endsWith(BASE64)) {
      throw url.fault("is a data URL without base64; write data:image/png;base64,…");
    }
    int end = head.indexOf(';');
    String type = end == 0 ? UNKNOWN_TYPE : head.substring(0, end).toLowerCase(Locale.ROOT);
    return new Found(new Media.Source.Inline(text.substring(comma + 1)), type);
  }
}

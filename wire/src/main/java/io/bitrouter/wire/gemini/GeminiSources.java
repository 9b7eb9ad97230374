package io.bitrouter.wire.gemini;

import io.bitrouter.core.exchange.Part.Citation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/**
 * The sources of one candidate's text, which Gemini tells as {@code groundingMetadata} at its end:
 * where in the whole text each is about, in bytes. Not thread-safe.
 */
final class GeminiSources {

  private final StringBuilder text = new StringBuilder();
  private final Map<String, String> titles = new LinkedHashMap<>();
  private final List<Support> supports = new ArrayList<>();
  private int run;

  /** A part of the text, and which source it has. */
  private record Support(int start, int end, String text, int source) {}

  /** The text goes on. */
  void text(String delta) {
    text.append(delta);
  }

  /** Something else was said: citations to come count from here. */
  void interrupted() {
    run = text.length();
  }

  /** The text since it was interrupted has a source. */
  void add(Citation citation) {
    titles.putIfAbsent(citation.url(), citation.title());
    int start = Math.clamp(run + (long) citation.start(), run, text.length());
    int end = Math.clamp(run + (long) citation.end(), start, text.length());
    if (end > start) {
      int source = List.copyOf(titles.keySet()).indexOf(citation.url());
      supports.add(new Support(bytes(start), bytes(end), text.substring(start, end), source));
    }
  }

  private int bytes(int end) {
    return text.substring(0, end).getBytes(StandardCharsets.UTF_8).length;
  }

  /** Writes the member, when there is a source. */
  void write(JsonGenerator json) {
    if (titles.isEmpty()) {
      return;
    }
    json.writeObjectPropertyStart("groundingMetadata");
    json.writeArrayPropertyStart("groundingChunks");
    titles.forEach((url, title) -> {
      json.writeStartObject();
      json.writeObjectPropertyStart("web");
      json.writeStringProperty("uri", url);
      json.writeStringProperty("title", title);
      json.writeEndObject();
      json.writeEndObject();
    });
    json.writeEndArray();
    json.writeArrayPropertyStart("groundingSupports");
    for (Support support : supports) {
      json.writeStartObject();
      json.writeObjectPropertyStart("segment");
      json.writeNumberProperty("startIndex", support.start());
      json.writeNumberProperty("endIndex", support.end());
      json.writeStringProperty("text", support.text());
      json.writeEndObject();
      json.writeArrayPropertyStart("groundingChunkIndices");
      json.writeNumber(support.source());
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}

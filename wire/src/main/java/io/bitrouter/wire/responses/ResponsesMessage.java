package io.bitrouter.wire.responses;

import io.bitrouter.core.exchange.Part.Citation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/** What the model says: texts and refusals, one after the other. Not thread-safe. */
final class ResponsesMessage extends ResponsesItem {

  private final List<Piece> pieces = new ArrayList<>();

  /** An empty one. */
  ResponsesMessage(ResponsesEvents events, String name, int index) {
    super(events, "msg_" + name, index);
  }

  /** A part of the content; the last one goes on. */
  private record Piece(int index, boolean refusal, StringBuilder text, List<Citation> citations) {

    /** The event about its text, {@code delta} or {@code done}. */
    String event(String word) {
      return (refusal ? "response.refusal." : "response.output_text.") + word;
    }

    /** Writes it with {@code text} and its sources by now. */
    void write(JsonGenerator json) {
      json.writeStartObject();
      if (refusal) {
        json.writeStringProperty("type", "refusal");
        json.writeStringProperty("refusal", text.toString());
      } else {
        json.writeStringProperty("type", "output_text");
        json.writeStringProperty("text", text.toString());
        json.writeArrayPropertyStart("annotations");
        citations.forEach(citation -> ResponsesMessage.write(citation, json));
        json.writeEndArray();
        noLogprobs(json);
      }
      json.writeEndObject();
    }
  }

  /** More text, or more of a refusal. */
  void add(boolean refusal, String delta) {
    if (pieces.isEmpty() || pieces.getLast().refusal() != refusal) {
      endPiece();
      pieces.add(new Piece(pieces.size(), refusal, new StringBuilder(), new ArrayList<>()));
      piece("response.content_part.added");
    }
    Piece piece = pieces.getLast();
    piece.text().append(delta);
    about(
        piece,
        piece.event("delta"),
        json -> {
          json.writeStringProperty("delta", delta);
          if (!refusal) {
            noLogprobs(json);
          }
        });
  }

  /** A source of the text that goes on, if one does. */
  void cite(Citation citation) {
    Piece piece = pieces.getLast();
    if (piece.refusal()) {
      return;
    }
    int number = piece.citations().size();
    piece.citations().add(citation);
    about(
        piece,
        "response.output_text.annotation.added",
        json -> {
          json.writeNumberProperty("annotation_index", number);
          json.writeName("annotation");
          write(citation, json);
        });
  }

  private void endPiece() {
    if (pieces.isEmpty()) {
      return;
    }
    Piece piece = pieces.getLast();
    about(
        piece,
        piece.event("done"),
        json -> {
          json.writeStringProperty(piece.refusal() ? "refusal" : "text", piece.text().toString());
          if (!piece.refusal()) {
            noLogprobs(json);
          }
        });
    piece("response.content_part.done");
  }

  private void piece(String event) {
    Piece piece = pieces.getLast();
    about(
        piece,
        event,
        json -> {
          json.writeName("part");
          piece.write(json);
        });
  }

  private void about(Piece piece, String event, Consumer<JsonGenerator> members) {
    event(
        event,
        json -> {
          json.writeNumberProperty("content_index", piece.index());
          members.accept(json);
        });
  }

  @Override
  void content(JsonGenerator json) {
    json.writeStringProperty("type", "message");
    json.writeStringProperty("role", "assistant");
    json.writeArrayPropertyStart("content");
    pieces.forEach(piece -> piece.write(json));
    json.writeEndArray();
  }

  @Override
  void complete(boolean cutShort) {
    endPiece();
  }

  private static void write(Citation citation, JsonGenerator json) {
    json.writeStartObject();
    json.writeStringProperty("type", "url_citation");
    json.writeNumberProperty("start_index", citation.start());
    json.writeNumberProperty("end_index", citation.end());
    json.writeStringProperty("url", citation.url());
    json.writeStringProperty("title", citation.title());
    json.writeEndObject();
  }

  /** Clients want the member where there is a text, though no other protocol fills it. */
  private static void noLogprobs(JsonGenerator json) {
    json.writeArrayPropertyStart("logprobs");
    json.writeEndArray();
  }
}

package io.bitrouter.wire.responses;

import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.sse.SseEvent;
import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/** The events of one stream, numbered from 0. Not thread-safe. */
final class ResponsesEvents {

  private final boolean heard;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream(1_024);
  private int next;

  private ResponsesEvents(boolean heard) {
    this.heard = heard;
  }

  /** Of a stream. */
  static ResponsesEvents streamed() {
    return new ResponsesEvents(true);
  }

  /** Of an answer that is not streamed: they are not written. */
  static ResponsesEvents silent() {
    return new ResponsesEvents(false);
  }

  /** Adds an event with the members that {@code members} writes. */
  void add(String type, Consumer<JsonGenerator> members) {
    if (!heard) {
      return;
    }
    int number = next++;
    SseEvent.begin(type, written);
    Json.write(
        written,
        json -> {
          json.writeStartObject();
          json.writeStringProperty("type", type);
          json.writeNumberProperty("sequence_number", number);
          members.accept(json);
          json.writeEndObject();
        });
    SseEvent.end(written);
  }

  /** How many there have been. */
  int count() {
    return next;
  }

  /** Moves what has been added since the last time. */
  void moveTo(ByteArrayOutputStream out) {
    out.writeBytes(written.toByteArray());
    written.reset();
  }
}

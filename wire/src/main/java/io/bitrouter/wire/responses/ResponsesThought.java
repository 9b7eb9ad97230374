package io.bitrouter.wire.responses;

import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/** What the model thinks, told as the one part of a summary. Not thread-safe. */
final class ResponsesThought extends ResponsesItem {

  private final StringBuilder text = new StringBuilder();

  /** An empty one. */
  ResponsesThought(ResponsesEvents events, String name, int index) {
    super(events, "rs_" + name, index);
  }

  /** More of it. */
  void add(String delta) {
    if (text.isEmpty()) {
      part("response.reasoning_summary_part.added");
    }
    text.append(delta);
    about(
        "response.reasoning_summary_text.delta", json -> json.writeStringProperty("delta", delta));
  }

  @Override
  void complete(boolean cutShort) {
    about(
        "response.reasoning_summary_text.done",
        json -> json.writeStringProperty("text", text.toString()));
    part("response.reasoning_summary_part.done");
  }

  @Override
  void content(JsonGenerator json) {
    json.writeStringProperty("type", "reasoning");
    json.writeArrayPropertyStart("summary");
    if (!text.isEmpty()) {
      summary(json);
    }
    json.writeEndArray();
  }

  private void part(String event) {
    about(
        event,
        json -> {
          json.writeName("part");
          summary(json);
        });
  }

  private void summary(JsonGenerator json) {
    json.writeStartObject();
    json.writeStringProperty("type", "summary_text");
    json.writeStringProperty("text", text.toString());
    json.writeEndObject();
  }

  private void about(String event, Consumer<JsonGenerator> members) {
    event(
        event,
        json -> {
          json.writeNumberProperty("summary_index", 0);
          members.accept(json);
        });
  }
}

package io.bitrouter.wire.responses;

import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/**
 * One item of an answer's output. It is opened, grows, and is closed, each with its events. Not
 * thread-safe.
 */
abstract sealed class ResponsesItem permits ResponsesMessage, ResponsesThought, ResponsesCall {

  /** What an item that goes on is. */
  private static final String IN_PROGRESS = "in_progress";

  private final ResponsesEvents events;
  private final String id;
  private final int index;
  private String status = IN_PROGRESS;

  /**
   * An item that is not yet opened.
   *
   * @param id what tells the item from all others
   * @param index its place in the output
   */
  ResponsesItem(ResponsesEvents events, String id, int index) {
    this.events = events;
    this.id = id;
    this.index = index;
  }

  /** Writes type and content as they are by now. */
  abstract void content(JsonGenerator json);

  /** Ends what has been begun inside of it. */
  abstract void complete(boolean cutShort);

  /** Whether more can be added. */
  final boolean open() {
    return status.equals(IN_PROGRESS);
  }

  /** Says that it begins. */
  final void begin() {
    item("response.output_item.added");
  }

  /** Says that it ends, and whether the answer ended in the middle of it. */
  final void end(boolean cutShort) {
    complete(cutShort);
    status = cutShort ? "incomplete" : "completed";
    item("response.output_item.done");
  }

  private void item(String event) {
    events.add(
        event,
        json -> {
          json.writeNumberProperty("output_index", index);
          json.writeName("item");
          write(json);
        });
  }

  /** Writes it. */
  final void write(JsonGenerator json) {
    json.writeStartObject();
    json.writeStringProperty("id", id);
    content(json);
    json.writeStringProperty("status", status);
    json.writeEndObject();
  }

  /** Adds an event about what is in it. */
  final void event(String type, Consumer<JsonGenerator> members) {
    events.add(
        type,
        json -> {
          json.writeStringProperty("item_id", id);
          json.writeNumberProperty("output_index", index);
          members.accept(json);
        });
  }
}

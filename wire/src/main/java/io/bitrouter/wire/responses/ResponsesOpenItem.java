package io.bitrouter.wire.responses;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** An item of an answer that has begun and not ended. Not thread-safe. */
final class ResponsesOpenItem {

  private static final String SUMMARY = "response.reasoning_summary_text";
  private static final String DELTA = ".delta";
  private static final String DONE = ".done";

  /** A text of the item, and whether it and the part that it is in have ended. */
  private static final class Piece {
    private final String event;
    private final int part;
    private StringBuilder text = new StringBuilder();
    private boolean ended;
    private boolean partOpen;

    Piece(String event, int part) {
      this.event = event;
      this.part = part;
    }
  }

  /** What an entry takes besides its text. */
  private static final int ENTRY_BYTES = 64;

  private final byte[] begun;
  private int taken;
  private final Map<String, Piece> pieces = new TreeMap<>();

  /** One that began as {@code begun} says. */
  ResponsesOpenItem(byte[] begun) {
    this.begun = begun;
    this.taken = begun.length;
  }

  /** Takes room for a text of {@code length} if {@code room} has it. */
  boolean fits(int length, IntPredicate room) {
    boolean fits = room.test(length + ENTRY_BYTES);
    taken += fits ? length + ENTRY_BYTES : 0;
    return fits;
  }

  /** All the room that it takes. */
  int taken() {
    return taken;
  }

  /** A text grew, as an event of {@code type} says. */
  void grew(String type, int part, String delta) {
    piece(type.substring(0, type.length() - DELTA.length()), part).text.append(delta);
  }

  /** Takes note of an event without a delta. */
  void other(String type, ResponsesReading reading) {
    switch (type) {
      case "response.content_part.added" ->
          piece("response." + reading.partType(), reading.part()).partOpen = true;
      case "response.reasoning_summary_part.added" ->
          piece(SUMMARY, reading.part()).partOpen = true;
      case "response.content_part.done" ->
          piece("response." + reading.partType(), reading.part()).partOpen = false;
      case "response.reasoning_summary_part.done" ->
          piece(SUMMARY, reading.part()).partOpen = false;
      default -> {
        if (type.endsWith(DONE) && reading.text().isPresent()) {
          Piece piece = piece(type.substring(0, type.length() - DONE.length()), reading.part());
          piece.ended = true;
          piece.text = new StringBuilder(reading.text().get());
        }
      }
    }
  }

  private Piece piece(String event, int part) {
    // Parts come in order: so do their names here.
    return pieces.computeIfAbsent("%06d %s".formatted(part, event), key -> new Piece(event, part));
  }

  /**
   * Ends the item where it is.
   *
   * @return the item as it is then
   */
  ObjectNode close(int index, ResponsesCut.Events events) {
    ObjectNode item = ResponsesCut.object(begun);
    String id = item.path("id").stringValue("");
    for (Piece piece : pieces.values()) {
      close(piece, item, at(id, index), events);
    }
    item.put("status", "incomplete");
    ObjectNode end = JsonNodeFactory.instance.objectNode().put("output_index", index);
    end.set("item", item);
    events.add("response.output_item.done", end);
    return item;
  }

  private static ObjectNode at(String id, int index) {
    return JsonNodeFactory.instance.objectNode().put("item_id", id).put("output_index", index);
  }

  private static void close(
      Piece piece, ObjectNode item, ObjectNode at, ResponsesCut.Events events) {
    String text = piece.text.toString();
    switch (piece.event) {
      case "response.function_call_arguments" -> {
        item.put("arguments", text);
        end(piece, at.put("arguments", text), events);
      }
      case "response.custom_tool_call_input" -> {
        item.put("input", text);
        end(piece, at.put("input", text), events);
      }
      case SUMMARY -> {
        ObjectNode part = part("summary_text", "text", text);
        list(item, "summary").add(part);
        at.put("summary_index", piece.part);
        end(piece, at.deepCopy().put("text", text), events);
        endPart(piece, "response.reasoning_summary_part.done", at, part, events);
      }
      case "response.output_text", "response.refusal", "response.reasoning_text" -> {
        String type = piece.event.substring("response.".length());
        String member = type.equals("refusal") ? type : "text";
        ObjectNode part = part(type, member, text);
        at.put("content_index", piece.part);
        ObjectNode ended = at.deepCopy().put(member, text);
        if (type.equals("output_text")) {
          part.putArray("annotations");
          ended.putArray("logprobs");
        }
        list(item, "content").add(part);
        end(piece, ended, events);
        endPart(piece, "response.content_part.done", at, part, events);
      }
      // What a provider's own tools are given: their items say it when they end, and do not.
      default -> {}
    }
  }

  private static ArrayNode list(ObjectNode item, String name) {
    return item.path(name).asArrayOpt().orElseGet(() -> item.putArray(name));
  }

  private static ObjectNode part(String type, String member, String text) {
    return JsonNodeFactory.instance.objectNode().put("type", type).put(member, text);
  }

  private static void end(Piece piece, ObjectNode members, ResponsesCut.Events events) {
    if (!piece.ended) {
      events.add(piece.event + DONE, members);
    }
  }

  private static void endPart(
      Piece piece, String event, ObjectNode at, ObjectNode part, ResponsesCut.Events events) {
    if (piece.partOpen) {
      at.set("part", part.deepCopy());
      events.add(event, at);
    }
  }
}

package io.bitrouter.wire.responses;

import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.sse.SseEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an answer has come to, so that it can be ended where it is: the protocol repeats every text
 * when it ends, and all items in the last event. Keeps at most {@link #MOST_BYTES}; what is beyond
 * has been sent but is not repeated. Not thread-safe.
 */
final class ResponsesCut {

  private static final int MOST_BYTES = 4 << 20;
  private static final String INCOMPLETE = "incomplete";

  private final String model;
  private final Map<Integer, ResponsesOpenItem> open = new TreeMap<>();
  private final Map<Integer, byte[]> done = new TreeMap<>();
  private byte[] response = {};
  private int room = MOST_BYTES;

  ResponsesCut(String model) {
    this.model = model;
  }

  /** The answer began as {@code object} says. */
  void began(byte[] object) {
    if (fits(object.length)) {
      response = object;
    }
  }

  /** An item began. */
  void added(int index, byte[] item) {
    if (!open.containsKey(index) && fits(item.length)) {
      open.put(index, new ResponsesOpenItem(item));
    }
  }

  /** A text of an open item grew. */
  void delta(ResponsesReading reading, String type) {
    ResponsesOpenItem item = open.get(reading.index());
    if (item != null && item.fits(reading.delta().length(), this::fits)) {
      item.grew(type, reading.part(), reading.delta());
    }
  }

  /** Something else happened to an open item: its parts begin and end, its texts end. */
  void other(ResponsesReading reading, String type) {
    ResponsesOpenItem item = open.get(reading.index());
    if (item != null && item.fits(reading.text().map(String::length).orElse(0), this::fits)) {
      item.other(type, reading);
    }
  }

  /** An item ended as {@code item} says. */
  void done(int index, byte[] item) {
    ResponsesOpenItem begun = open.remove(index);
    room += begun == null ? 0 : begun.taken();
    if (!done.containsKey(index) && fits(item.length)) {
      done.put(index, item);
    }
  }

  private boolean fits(int bytes) {
    boolean fits = bytes <= room;
    room -= fits ? bytes : 0;
    return fits;
  }

  /** Writes what is missing of the answer; numbers events from {@code sequence}. */
  void write(TokenUsage used, long sequence, ByteArrayOutputStream out) {
    Events events = new Events(out, sequence);
    ObjectNode answer = object(response);
    if (response.length == 0) {
      answer.put("id", "").put("object", "response").put("created_at", 0).put("model", model);
      answer.put("status", "in_progress").putNull("error").putNull("incomplete_details");
      answer.putArray("output");
      ObjectNode start = JsonNodeFactory.instance.objectNode();
      start.set("response", answer.deepCopy());
      events.add("response.created", start);
    }
    Map<Integer, JsonNode> items = new TreeMap<>();
    done.forEach((index, item) -> items.put(index, object(item)));
    open.forEach((index, item) -> items.put(index, item.close(index, events)));
    answer.put("status", INCOMPLETE);
    answer.putObject("incomplete_details").put("reason", "max_output_tokens");
    ArrayNode output = answer.putArray("output");
    items.values().forEach(output::add);
    ObjectNode usage = answer.putObject("usage");
    usage.put("input_tokens", used.promptTokens());
    usage.putObject("input_tokens_details").put("cached_tokens", used.cacheRead());
    usage.put("output_tokens", used.completionTokens());
    usage.putObject("output_tokens_details").put("reasoning_tokens", used.reasoning());
    usage.put("total_tokens", used.promptTokens() + used.completionTokens());
    ObjectNode end = JsonNodeFactory.instance.objectNode();
    end.set("response", answer);
    events.add("response.incomplete", end);
  }

  /** {@code bytes} as an object; an empty one when they are none. */
  static ObjectNode object(byte[] bytes) {
    try {
      return Json.tree(bytes, 0, bytes.length)
          .asObjectOpt()
          .orElseGet(JsonNodeFactory.instance::objectNode);
    } catch (JacksonException e) {
      return JsonNodeFactory.instance.objectNode();
    }
  }

  /** Writes events with their type and number. */
  static final class Events {
    private final ByteArrayOutputStream out;
    private long sequence;

    Events(ByteArrayOutputStream out, long sequence) {
      this.out = out;
      this.sequence = sequence;
    }

    void add(String type, ObjectNode members) {
      ObjectNode event = JsonNodeFactory.instance.objectNode();
      event.put("type", type).put("sequence_number", sequence++);
      event.setAll(members);
      out.writeBytes(SseEvent.write(type, Json.text(event).getBytes(StandardCharsets.UTF_8)));
    }
  }
}

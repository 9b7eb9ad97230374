package io.bitrouter.wire.responses;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.wire.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts an answer together from its events as strictly as the strictest client: numbers without a
 * gap, items and parts appended in order, every event about an item that is open, every end equal
 * to what came before it.
 */
final class ResponsesSnapshot {

  private final ArrayNode output = JsonNodeFactory.instance.arrayNode();
  private final Set<String> ids = new HashSet<>();
  private final Set<Integer> open = new HashSet<>();
  private int next;
  private JsonNode response = JsonNodeFactory.instance.nullNode();

  private ResponsesSnapshot() {}

  /** The response that the events of {@code stream} end with. */
  static JsonNode of(String stream) {
    ResponsesSnapshot snapshot = new ResponsesSnapshot();
    for (String event : stream.split("\n\n")) {
      String[] lines = event.split("\n");
      assertThat(lines).hasSize(2);
      byte[] data = lines[1].substring("data: ".length()).getBytes(StandardCharsets.UTF_8);
      JsonNode read = Json.tree(data, 0, data.length);
      assertThat(lines[0]).isEqualTo("event: " + read.get("type").stringValue());
      snapshot.event(read.get("type").stringValue(), read);
    }
    assertThat(snapshot.response.isObject()).as("a terminal event").isTrue();
    return snapshot.response;
  }

  private void event(String type, JsonNode event) {
    assertThat(response.isNull()).as("nothing after the end").isTrue();
    assertThat(event.get("sequence_number").intValue()).isEqualTo(next);
    next++;
    switch (type) {
      case "response.created" -> opening(event, 1);
      case "response.in_progress" -> opening(event, 2);
      case "response.completed", "response.incomplete", "response.failed" -> terminal(type, event);
      case "response.output_item.added" -> added(event);
      case "response.output_item.done" -> done(event);
      default -> inside(type, event, item(event));
    }
  }

  private void opening(JsonNode event, int count) {
    assertThat(next).isEqualTo(count);
    assertThat(event.at("/response/status").stringValue()).isEqualTo("in_progress");
    assertThat(event.at("/response/output").isEmpty()).isTrue();
  }

  private void added(JsonNode event) {
    assertThat(event.get("output_index").intValue()).isEqualTo(output.size());
    ObjectNode item = (ObjectNode) event.get("item");
    assertThat(ids.add(item.get("id").stringValue())).isTrue();
    open.add(output.size());
    output.add(item);
  }

  private void done(JsonNode event) {
    int index = event.get("output_index").intValue();
    ObjectNode item = (ObjectNode) output.get(index);
    assertThat(open.remove(index)).isTrue();
    item.set("status", event.at("/item/status"));
    assertThat(item).isEqualTo(event.get("item"));
  }

  private ObjectNode item(JsonNode event) {
    int index = event.get("output_index").intValue();
    assertThat(open).contains(index);
    ObjectNode item = (ObjectNode) output.get(index);
    assertThat(event.get("item_id")).isEqualTo(item.get("id"));
    return item;
  }

  private static void inside(String type, JsonNode event, ObjectNode item) {
    switch (type) {
      case "response.content_part.added" -> append(event, item, "content", "content_index");
      case "response.content_part.done" ->
          assertThat(part(event, item, "content", "content_index")).isEqualTo(event.get("part"));
      case "response.output_text.delta" -> grow(event, text(event, item), "text");
      case "response.output_text.done" -> same(event, text(event, item), "text");
      case "response.output_text.annotation.added" -> {
        ArrayNode annotations = (ArrayNode) text(event, item).get("annotations");
        assertThat(event.get("annotation_index").intValue()).isEqualTo(annotations.size());
        annotations.add(event.get("annotation"));
      }
      case "response.refusal.delta" -> grow(event, text(event, item), "refusal");
      case "response.refusal.done" -> same(event, text(event, item), "refusal");
      case "response.reasoning_summary_part.added" ->
          append(event, item, "summary", "summary_index");
      case "response.reasoning_summary_part.done" ->
          assertThat(part(event, item, "summary", "summary_index")).isEqualTo(event.get("part"));
      case "response.reasoning_summary_text.delta" -> grow(event, thought(event, item), "text");
      case "response.reasoning_summary_text.done" -> same(event, thought(event, item), "text");
      case "response.function_call_arguments.delta" -> grow(event, item, "arguments");
      case "response.function_call_arguments.done" -> {
        assertThat(event.get("name")).isEqualTo(item.get("name"));
        same(event, item, "arguments");
      }
      case "response.custom_tool_call_input.delta" -> grow(event, item, "input");
      case "response.custom_tool_call_input.done" -> same(event, item, "input");
      default -> throw new AssertionError(type);
    }
  }

  private static ObjectNode text(JsonNode event, ObjectNode item) {
    return part(event, item, "content", "content_index");
  }

  private static ObjectNode thought(JsonNode event, ObjectNode item) {
    return part(event, item, "summary", "summary_index");
  }

  private static void append(JsonNode event, ObjectNode item, String list, String index) {
    ArrayNode parts = (ArrayNode) item.get(list);
    assertThat(event.get(index).intValue()).isEqualTo(parts.size());
    parts.add(event.get("part"));
  }

  private static ObjectNode part(JsonNode event, ObjectNode item, String list, String index) {
    return (ObjectNode) Objects.requireNonNull(item.get(list).get(event.get(index).intValue()));
  }

  private static void grow(JsonNode event, ObjectNode part, String member) {
    assertThat(event.get("delta").stringValue()).isNotEmpty();
    part.put(member, part.get(member).stringValue() + event.get("delta").stringValue());
  }

  private static void same(JsonNode event, ObjectNode part, String member) {
    assertThat(part.get(member)).isEqualTo(event.get(member));
  }

  private void terminal(String type, JsonNode event) {
    response = event.get("response");
    assertThat(type).isEqualTo("response." + response.get("status").stringValue());
    if (!type.equals("response.failed")) {
      assertThat(open).isEmpty();
      assertThat(response.get("output")).isEqualTo(output);
    }
  }
}

package io.bitrouter.wire.responses;

import io.bitrouter.wire.json.Json;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/**
 * A call of a tool that the client runs. The input of a freeform tool comes wrapped in JSON; it is
 * told when it is whole. Not thread-safe.
 */
final class ResponsesCall extends ResponsesItem {

  private final Called called;
  private final StringBuilder arguments = new StringBuilder();

  /**
   * What is called.
   *
   * @param id the call's id
   * @param tool the tool
   * @param namespace the tool's namespace, if it is in one
   * @param freeform whether its input is plain text
   */
  record Called(String id, String tool, @Nullable String namespace, boolean freeform) {}

  /** One without arguments. */
  ResponsesCall(ResponsesEvents events, String name, int index, Called called) {
    super(events, (called.freeform() ? "ctc_" : "fc_") + name, index);
    this.called = called;
  }

  /** More of the arguments. */
  void add(String delta) {
    arguments.append(delta);
    if (!called.freeform()) {
      said("response.function_call_arguments.delta", "delta", delta);
    }
  }

  @Override
  void complete(boolean cutShort) {
    if (called.freeform()) {
      String input = input(arguments.toString());
      arguments.setLength(0);
      arguments.append(input);
      if (!input.isEmpty()) {
        said("response.custom_tool_call_input.delta", "delta", input);
      }
      said("response.custom_tool_call_input.done", "input", input);
      return;
    }
    if (arguments.toString().isBlank() && !cutShort) {
      add("{}");
    }
    event(
        "response.function_call_arguments.done",
        json -> {
          json.writeStringProperty("name", called.tool());
          json.writeStringProperty("arguments", arguments.toString());
        });
  }

  private void said(String event, String member, String text) {
    event(event, json -> json.writeStringProperty(member, text));
  }

  /** The text in the member {@code input}; what is not wrapped like this is the text itself. */
  private static String input(String wrapped) {
    try {
      byte[] bytes = wrapped.getBytes(StandardCharsets.UTF_8);
      JsonNode input = Json.tree(bytes, 0, bytes.length).path("input");
      return input.isString() ? input.stringValue() : wrapped;
    } catch (JacksonException | IllegalStateException e) {
      return wrapped;
    }
  }

  @Override
  void content(JsonGenerator json) {
    json.writeStringProperty("type", called.freeform() ? "custom_tool_call" : "function_call");
    json.writeStringProperty("call_id", called.id());
    json.writeStringProperty("name", called.tool());
    if (called.namespace() != null) {
      json.writeStringProperty("namespace", called.namespace());
    }
    boolean wrapped = called.freeform() && open();
    json.writeStringProperty(
        called.freeform() ? "input" : "arguments", wrapped ? "" : arguments.toString());
  }
}

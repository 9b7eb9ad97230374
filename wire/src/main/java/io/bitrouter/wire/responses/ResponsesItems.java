package io.bitrouter.wire.responses;

import io.bitrouter.core.exchange.InferenceRequest.Role;
import io.bitrouter.core.exchange.InferenceRequest.Turn;
import io.bitrouter.core.exchange.Part;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.exchange.Signature;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.translate.Located;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the items of {@code input}: each is a turn or part of one. Not thread-safe. */
final class ResponsesItems {

  private final List<Turn> turns = new ArrayList<>();
  private final ResponsesTooling tooling;
  private final List<String> unknown;

  /**
   * For one request.
   *
   * @param tooling takes tools that stand among the items
   * @param unknown takes names of items that only their own provider can read
   */
  ResponsesItems(ResponsesTooling tooling, List<String> unknown) {
    this.tooling = tooling;
    this.unknown = unknown;
  }

  /** Reads a text or a list of items. */
  List<Turn> read(Located input) {
    if (input.value().isString()) {
      return List.of(new Turn(Role.USER, List.of(Part.Text.of(input.text()))));
    }
    if (!input.given()) {
      throw input.fault("is missing; it must be a string or a list of items");
    }
    for (Located item : input.elements()) {
      item(item.object());
    }
    return turns;
  }

  private void item(Located item) {
    String type = item.text("type").orElse("message");
    switch (type) {
      case "message" -> add(role(item), ResponsesContent.read(item.member("content")));
      case "function_call" -> call(item, name(item), item.member("arguments").text(), false);
      case "custom_tool_call" -> call(item, name(item), item.member("input").text(), true);
      case "local_shell_call" ->
          call(item, "local_shell", Json.text(item.member("action").object().value()), false);
      case "function_call_output", "custom_tool_call_output", "local_shell_call_output" ->
          result(item);
      case "reasoning" -> thought(item);
      case "additional_tools" -> tooling.add(item.member("tools"));
      case "web_search_call",
          "file_search_call",
          "code_interpreter_call",
          "image_generation_call",
          "mcp_list_tools",
          "mcp_call",
          "mcp_approval_request",
          "mcp_approval_response",
          "tool_search_call",
          "tool_search_output",
          "ghost_snapshot" ->
          leaveOut("input." + type);
      case "item_reference" ->
          throw item.fault(
              "refers to an item that OpenAI keeps, and the model is served by another provider;"
                  + " send the item itself");
      default ->
          throw item.member("type")
              .fault(
                  "must be message, function_call, function_call_output, custom_tool_call,"
                      + " custom_tool_call_output, local_shell_call, local_shell_call_output or"
                      + " reasoning where another provider is to read it");
    }
  }

  private void leaveOut(String name) {
    if (!unknown.contains(name)) {
      unknown.add(name);
    }
  }

  private static Role role(Located item) {
    return switch (item.word("role")) {
      case "user" -> Role.USER;
      case "assistant" -> Role.ASSISTANT;
      case "system", "developer" -> Role.SYSTEM;
      default -> throw item.member("role").fault("must be user, assistant, system or developer");
    };
  }

  private static String name(Located call) {
    String name = call.word("name");
    return call.text("namespace")
        .filter(namespace -> !namespace.isEmpty())
        .map(namespace -> ResponsesTooling.Namespaced.joined(namespace, name))
        .orElse(name);
  }

  private void call(Located item, String name, String arguments, boolean freeform) {
    add(
        Role.ASSISTANT,
        List.of(new Part.ToolCall(callId(item), name, arguments, freeform, Optional.empty())));
  }

  private void result(Located item) {
    List<Part> content = ResponsesContent.read(item.member("output"));
    add(
        Role.USER,
        List.of(
            new Part.ToolResult(callId(item), Optional.empty(), content, false, Optional.empty())));
  }

  /** Calls of the local shell were first named by the id of their item. */
  private static String callId(Located item) {
    boolean shell = item.text("type").orElse("").startsWith("local_shell");
    return item.word(shell && !item.member("call_id").given() ? "id" : "call_id");
  }

  private void thought(Located item) {
    List<String> texts = new ArrayList<>();
    for (String member : List.of("summary", "content")) {
      for (Located part : item.member(member).elements()) {
        texts.add(part.object().member("text").text());
      }
    }
    Optional<Signature> signature =
        item.text("encrypted_content").map(value -> new Signature(Protocol.RESPONSES, value));
    add(Role.ASSISTANT, List.of(new Part.Reasoning(String.join("\n\n", texts), signature, false)));
  }

  private void add(Role role, List<Part> parts) {
    turns.add(new Turn(role, parts));
  }
}

package io.bitrouter.wire.responses;

import io.bitrouter.core.exchange.InferenceRequest.Tool;
import io.bitrouter.core.exchange.InferenceRequest.ToolChoice;
import io.bitrouter.core.exchange.InferenceRequest.Tooling;
import io.bitrouter.core.exchange.JsonText;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.translate.Located;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the tools of a request. Those of a namespace are offered under one name that joins both,
 * because other protocols know no namespaces. Not thread-safe.
 */
final class ResponsesTooling {

  private static final JsonText NO_ARGUMENTS =
      new JsonText("{\"type\":\"object\",\"properties\":{}}");

  private final List<Tool> offered = new ArrayList<>();
  private final Map<String, Namespaced> namespaced = new HashMap<>();

  ResponsesTooling() {}

  /** A tool of a namespace. */
  record Namespaced(String namespace, String name) {

    /** One name for both. */
    static String joined(String namespace, String name) {
      return namespace.endsWith("__") ? namespace + name : namespace + "__" + name;
    }
  }

  /** The namespaces of the tools that are in one, by the name under which they are offered. */
  Map<String, Namespaced> namespaced() {
    return Map.copyOf(namespaced);
  }

  /** Reads a list of tools. */
  void add(Located tools) {
    for (Located tool : tools.elements()) {
      String type = tool.object().word("type");
      if (type.equals("namespace")) {
        String namespace = tool.word("name");
        for (Located inner : tool.member("tools").elements()) {
          String name = inner.object().word("name");
          String joined = Namespaced.joined(namespace, name);
          namespaced.put(joined, new Namespaced(namespace, name));
          offered.add(tool(inner, joined));
        }
      } else {
        boolean named = type.equals("function") || type.equals("custom");
        offered.add(tool(tool, named ? tool.word("name") : type));
      }
    }
  }

  private static Tool tool(Located tool, String name) {
    return switch (tool.word("type")) {
      case "function" -> {
        Located schema = tool.member("parameters");
        yield new Tool.Function(
            name,
            tool.text("description"),
            schema.given() ? new JsonText(Json.text(schema.object().value())) : NO_ARGUMENTS,
            tool.flag("strict"),
            Optional.empty());
      }
      case "custom" -> new Tool.Freeform(name, freeformDescription(tool));
      default -> new Tool.Provided(name);
    };
  }

  /**
   * The grammar of a tool's input is told in its description: elsewhere there is no place for it.
   */
  private static Optional<String> freeformDescription(Located tool) {
    Optional<String> description = tool.text("description");
    Located format = tool.member("format");
    Optional<String> grammar = format.text("definition").or(() -> grammar(format));
    if (grammar.isEmpty()) {
      return description;
    }
    String syntax =
        format.text("syntax").or(() -> format.member("grammar").text("syntax")).orElse("");
    String rule = "The input must match this " + syntax + " grammar:\n" + grammar.get();
    return Optional.of(description.map(text -> text + "\n\n" + rule).orElse(rule));
  }

  private static Optional<String> grammar(Located format) {
    return format.member("grammar").text("definition");
  }

  /** The tools, and which of them must be called. */
  Tooling read(Located body) {
    add(body.member("tools"));
    Located choice = body.member("tool_choice");
    Optional<Boolean> parallel = body.flag("parallel_tool_calls");
    if (!choice.value().isObject()) {
      return new Tooling(List.copyOf(offered), mode(choice), parallel);
    }
    if (!choice.word("type").equals("allowed_tools")) {
      return new Tooling(List.copyOf(offered), new ToolChoice.Named(name(choice)), parallel);
    }
    Set<String> allowed = new HashSet<>();
    choice.member("tools").elements().forEach(each -> allowed.add(name(each.object())));
    return new Tooling(
        offered.stream().filter(tool -> allowed.contains(tool.name())).toList(),
        mode(choice.member("mode")),
        parallel);
  }

  private static ToolChoice mode(Located mode) {
    return switch (mode.given() ? mode.text() : "auto") {
      case "auto" -> new ToolChoice.Auto();
      case "none" -> new ToolChoice.None();
      case "required" -> new ToolChoice.Required();
      default -> throw mode.fault("must be auto, none or required, or an object that names a tool");
    };
  }

  private static String name(Located choice) {
    String type = choice.word("type");
    if (!type.equals("function") && !type.equals("custom")) {
      return type;
    }
    String name = choice.word("name");
    return choice
        .text("namespace")
        .map(namespace -> Namespaced.joined(namespace, name))
        .orElse(name);
  }
}

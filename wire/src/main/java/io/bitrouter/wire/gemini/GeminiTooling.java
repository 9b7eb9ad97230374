package io.bitrouter.wire.gemini;

import io.bitrouter.core.exchange.InferenceRequest.Tool;
import io.bitrouter.core.exchange.InferenceRequest.ToolChoice;
import io.bitrouter.core.exchange.InferenceRequest.Tooling;
import io.bitrouter.core.exchange.JsonText;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.translate.Untranslatable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Reads {@code tools} and {@code toolConfig}. */
final class GeminiTooling {

  private static final JsonText NO_PARAMETERS =
      new JsonText("{\"type\":\"object\",\"properties\":{}}");

  private GeminiTooling() {}

  /**
   * The tools of {@code body} and how they may be called.
   *
   * @param unknown takes the paths of members that have no meaning elsewhere
   */
  static Tooling read(GeminiFields body, List<String> unknown) {
    List<Tool> tools = new ArrayList<>();
    for (GeminiFields tool : body.objects("tools")) {
      for (String member : tool.names()) {
        if (member.equals("functionDeclarations")) {
          tool.objects(member).forEach(function -> tools.add(function(function, unknown)));
        } else {
          tools.add(new Tool.Provided(member));
        }
      }
    }
    Optional<GeminiFields> config = body.object("toolConfig");
    Optional<GeminiFields> calling = config.flatMap(it -> it.object("functionCallingConfig"));
    Tooling tooling =
        calling
            .map(it -> chosen(it, tools))
            .orElse(new Tooling(List.copyOf(tools), new ToolChoice.Auto(), Optional.empty()));
    calling.ifPresent(it -> it.addOthers(unknown));
    config.ifPresent(it -> it.addOthers(unknown));
    return tooling;
  }

  private static Tool function(GeminiFields function, List<String> unknown) {
    String name = function.needed("name");
    Optional<String> description = function.word("description");
    Optional<JsonText> schema = schema(function, "parameters", "parametersJsonSchema");
    for (String other : List.of("behavior", "response", "responseJsonSchema")) {
      if (function.value(other).isPresent()) {
        unknown.add("tools.functionDeclarations." + other);
      }
    }
    function.addOthers(unknown);
    return new Tool.Function(
        name, description, schema.orElse(NO_PARAMETERS), Optional.empty(), Optional.empty());
  }

  /**
   * A schema that can be there as Gemini's own kind or as JSON schema.
   *
   * @param own member for the former
   * @param json member for the latter
   */
  static Optional<JsonText> schema(GeminiFields fields, String own, String json) {
    Optional<JsonNode> plain = fields.opaque(json);
    Optional<JsonNode> other = fields.opaque(own);
    if (plain.isPresent() && other.isPresent()) {
      throw new Untranslatable(fields.at(json), "cannot be there together with " + own);
    }
    return plain
        .or(() -> other.map(it -> GeminiSchema.json(it, fields.at(own))))
        .map(it -> new JsonText(Json.text(it)));
  }

  /** The tools as {@code calling} lets them be called. */
  private static Tooling chosen(GeminiFields calling, List<Tool> tools) {
    String mode = calling.word("mode").orElse("AUTO").toUpperCase(Locale.ROOT);
    List<String> allowed = calling.texts("allowedFunctionNames");
    List<String> functions =
        tools.stream().filter(Tool.Function.class::isInstance).map(Tool::name).toList();
    String at = calling.at("allowedFunctionNames");
    if (!functions.containsAll(allowed)) {
      throw new Untranslatable(at, "names a function that is not in functionDeclarations");
    }
    boolean any = mode.equals("ANY");
    if (!allowed.isEmpty() && !any && !mode.equals("VALIDATED")) {
      throw new Untranslatable(at, "can be there only with mode ANY or VALIDATED");
    }
    ToolChoice choice =
        switch (mode) {
          case "AUTO", "VALIDATED", "MODE_UNSPECIFIED" -> new ToolChoice.Auto();
          case "NONE" -> new ToolChoice.None();
          case "ANY" ->
              allowed.size() == 1
                  ? new ToolChoice.Named(allowed.getFirst())
                  : new ToolChoice.Required();
          default ->
              throw new Untranslatable(calling.at("mode"), "must be AUTO, ANY, NONE or VALIDATED");
        };
    // Other protocols cannot say which of several may be called, except by not offering the rest.
    boolean fewer = !allowed.isEmpty() && !(choice instanceof ToolChoice.Named);
    List<Tool> offered =
        tools.stream()
            .filter(
                tool -> !fewer || !(tool instanceof Tool.Function) || allowed.contains(tool.name()))
            .toList();
    return new Tooling(offered, choice, Optional.empty());
  }
}

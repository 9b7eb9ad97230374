package io.bitrouter.wire.messages;

import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.InferenceRequest;
import io.bitrouter.core.exchange.InferenceRequest.AnswerFormat;
import io.bitrouter.core.exchange.InferenceRequest.Sampling;
import io.bitrouter.core.exchange.InferenceRequest.Tool;
import io.bitrouter.core.exchange.InferenceRequest.ToolChoice;
import io.bitrouter.core.exchange.InferenceRequest.Tooling;
import io.bitrouter.core.exchange.JsonText;
import io.bitrouter.core.exchange.Thinking;
import io.bitrouter.core.exchange.Thinking.Effort;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.translate.Located;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads one request of a client. */
final class MessagesRequestReader {

  private static final Set<String> KNOWN =
      Set.of(
          "model",
          "models",
          "stream",
          "max_tokens",
          "messages",
          "system",
          "temperature",
          "top_p",
          "top_k",
          "stop_sequences",
          "tools",
          "tool_choice",
          "thinking",
          "output_config",
          "output_format",
          "metadata");

  private static final Set<String> KNOWN_OF_TOOLS =
      Set.of("type", "name", "description", "input_schema", "strict", "cache_control");

  private final Located body;
  private final AskedRequest asked;
  private final Set<String> unknown = new LinkedHashSet<>();

  private MessagesRequestReader(Located body, AskedRequest asked) {
    this.body = body;
    this.asked = asked;
  }

  /** The request in {@code body}, of which {@code asked} has been read already. */
  static InferenceRequest read(JsonNode body, AskedRequest asked) {
    return new MessagesRequestReader(new Located(body, ""), asked).request();
  }

  private InferenceRequest request() {
    for (Map.Entry<String, JsonNode> member : body.value().properties()) {
      JsonNode value = member.getValue();
      boolean says = !value.isNull() && !(value.isContainer() && value.isEmpty());
      if (says && !KNOWN.contains(member.getKey())) {
        unknown.add(member.getKey());
      }
    }
    List<InferenceRequest.Turn> turns = MessagesTurns.read(body, unknown);
    Tooling tools = tooling();
    return new InferenceRequest(
        asked.model(),
        asked.streamed(),
        turns,
        tools,
        sampling(),
        asked.declaredOutput(),
        thinking(),
        format(),
        1,
        body.member("metadata").text("user_id"),
        Optional.empty(),
        List.copyOf(unknown));
  }

  private Sampling sampling() {
    return new Sampling(
        body.number("temperature"),
        body.number("top_p"),
        body.integer("top_k"),
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty(),
        body.member("stop_sequences").elements().stream().map(Located::text).toList());
  }

  /** Without {@code thinking} nothing of it is shown, whatever the effort. */
  private Optional<Thinking> thinking() {
    Located effortAt = body.member("output_config").member("effort");
    Optional<Effort> effort = effortAt.given() ? Optional.of(effort(effortAt)) : Optional.empty();
    Located thinking = body.member("thinking");
    if (!thinking.given()) {
      return effort.map(it -> Thinking.of(it, false));
    }
    boolean shown = !thinking.member("display").is("omitted");
    Located type = thinking.member("type");
    return Optional.of(
        switch (type.text()) {
          case "disabled" -> Thinking.of(Effort.NONE, false);
          case "adaptive" -> Thinking.of(effort.orElse(Effort.HIGH), shown);
          case "enabled" ->
              Thinking.ofTokens(
                  thinking
                      .integer("budget_tokens")
                      .orElseThrow(() -> thinking.member("budget_tokens").fault("is required")),
                  shown);
          default -> throw type.fault("must be enabled, disabled or adaptive");
        });
  }

  private static Effort effort(Located at) {
    return switch (at.text()) {
      case "low" -> Effort.LOW;
      case "medium" -> Effort.MEDIUM;
      case "high" -> Effort.HIGH;
      case "xhigh", "max" -> Effort.XHIGH;
      default -> throw at.fault("must be low, medium, high, xhigh or max");
    };
  }

  /** In {@code output_config}, or where it was before. */
  private AnswerFormat format() {
    Located newer = body.member("output_config").member("format");
    Located format = newer.given() ? newer : body.member("output_format");
    if (!format.given()) {
      return new AnswerFormat.Text();
    }
    Located type = format.member("type");
    if (!type.is("json_schema")) {
      throw type.fault("must be json_schema");
    }
    return new AnswerFormat.JsonSchema(
        "answer", Optional.empty(), schema(format.member("schema")), Optional.empty());
  }

  private Tooling tooling() {
    List<Tool> offered = new ArrayList<>();
    // What a choice calls a tool that the provider defines is not what the tool is known by here.
    Map<String, String> provided = new HashMap<>();
    for (Located at : body.member("tools").elements()) {
      Tool tool = tool(at);
      offered.add(tool);
      if (tool instanceof Tool.Provided(String type)) {
        at.text("name").ifPresent(name -> provided.put(name, type));
      }
    }
    Located choice = body.member("tool_choice");
    return new Tooling(
        offered,
        choice.given() ? choice(choice, provided) : new ToolChoice.Auto(),
        choice.flag("disable_parallel_tool_use").map(disabled -> !disabled));
  }

  private Tool tool(Located at) {
    Optional<String> type = at.text("type");
    if (type.isPresent() && !type.get().equals("custom")) {
      return new Tool.Provided(type.get());
    }
    for (String member : at.value().propertyNames()) {
      if (!KNOWN_OF_TOOLS.contains(member) && at.member(member).given()) {
        unknown.add("tools." + member);
      }
    }
    return new Tool.Function(
        at.member("name").text(),
        at.text("description"),
        schema(at.member("input_schema")),
        at.flag("strict"),
        MessagesTurns.cacheMark(at));
  }

  private static JsonText schema(Located at) {
    if (!at.value().isObject()) {
      throw at.fault("is required, a JSON schema as an object");
    }
    return new JsonText(Json.text(at.value()));
  }

  private static ToolChoice choice(Located at, Map<String, String> provided) {
    Located type = at.member("type");
    return switch (type.text()) {
      case "auto" -> new ToolChoice.Auto();
      case "any" -> new ToolChoice.Required();
      case "none" -> new ToolChoice.None();
      case "tool" -> {
        String name = at.member("name").text();
        yield new ToolChoice.Named(provided.getOrDefault(name, name));
      }
      default -> throw type.fault("must be auto, any, none or tool");
    };
  }
}

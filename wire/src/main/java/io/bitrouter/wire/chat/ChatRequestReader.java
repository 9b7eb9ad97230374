package io.bitrouter.wire.chat;

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
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads a chat request into the terms that all protocols share. Not thread-safe. */
final class ChatRequestReader {

  /** Members that are read, here or while the body was scanned. */
  private static final Set<String> KNOWN =
      Set.of(
          "model",
          "models",
          "messages",
          "stream",
          "stream_options",
          "max_tokens",
          "max_completion_tokens",
          "n",
          "tools",
          "functions",
          "tool_choice",
          "function_call",
          "parallel_tool_calls",
          "temperature",
          "top_p",
          "top_k",
          "seed",
          "stop",
          "presence_penalty",
          "frequency_penalty",
          "reasoning_effort",
          "response_format",
          "modalities",
          "user",
          "safety_identifier",
          "prompt_cache_key");

  private static final JsonText NO_ARGUMENTS =
      new JsonText("{\"type\":\"object\",\"properties\":{}}");

  private final Located body;
  private final List<String> unknown = new ArrayList<>();

  ChatRequestReader(JsonNode body) {
    this.body = new Located(body, "").object();
  }

  InferenceRequest read(AskedRequest asked) {
    for (String name : body.value().propertyNames()) {
      // What is null or false asks for nothing.
      JsonNode value = body.value().path(name);
      if (!KNOWN.contains(name) && !value.isNull() && value.booleanValue(true)) {
        unknown.add(name);
      }
    }
    textAlone();
    ConversationReader conversation = new ConversationReader(unknown);
    return new InferenceRequest(
        asked.model(),
        asked.streamed(),
        conversation.turns(body),
        tooling(),
        sampling(),
        asked.declaredOutput(),
        thinking(),
        format(),
        asked.choices(),
        body.text("user").or(() -> body.text("safety_identifier")),
        body.text("prompt_cache_key"),
        List.copyOf(unknown));
  }

  /** An answer of sound is an answer that the client would miss. */
  private void textAlone() {
    for (Located modality : body.member("modalities").elements()) {
      if (!modality.text().equals("text")) {
        throw modality.fault("must be text: this model answers in nothing else");
      }
    }
  }

  private Sampling sampling() {
    return new Sampling(
        body.number("temperature"),
        body.number("top_p"),
        body.integer("top_k"),
        seed(),
        body.number("presence_penalty"),
        body.number("frequency_penalty"),
        stop());
  }

  private OptionalLong seed() {
    Located seed = body.member("seed");
    if (!seed.given()) {
      return OptionalLong.empty();
    }
    if (!seed.value().isIntegralNumber() || !seed.value().canConvertToLong()) {
      throw seed.fault("must be an integer");
    }
    return OptionalLong.of(seed.value().longValue());
  }

  private List<String> stop() {
    Located stop = body.member("stop");
    return stop.value().isString()
        ? List.of(stop.text())
        : stop.elements().stream().map(Located::text).toList();
  }

  /** Clients of the protocol expect to see thoughts where a model shows them. */
  private Optional<Thinking> thinking() {
    return body.text("reasoning_effort")
        .map(word -> {
          for (Effort effort : Effort.values()) {
            if (effort.text().equals(word.equals("max") ? Effort.XHIGH.text() : word)) {
              return Thinking.of(effort, true);
            }
          }
          throw body.member("reasoning_effort")
              .fault("must be one of none, minimal, low, medium, high, xhigh");
        });
  }

  private AnswerFormat format() {
    Located format = body.member("response_format");
    if (!format.given()) {
      return new AnswerFormat.Text();
    }
    return switch (format.object().word("type")) {
      case "text" -> new AnswerFormat.Text();
      case "json_object" -> new AnswerFormat.JsonObject();
      case "json_schema" -> {
        Located schema = format.member("json_schema").object();
        yield new AnswerFormat.JsonSchema(
            schema.text("name").orElse("answer"),
            schema.text("description"),
            json(schema.member("schema"), JsonText.EMPTY_OBJECT),
            schema.flag("strict"));
      }
      default -> throw format.member("type").fault("must be text, json_object or json_schema");
    };
  }

  private Tooling tooling() {
    List<Tool> tools = new ArrayList<>();
    for (Located tool : body.member("tools").elements()) {
      tools.add(tool(tool.object()));
    }
    for (Located function : body.member("functions").elements()) {
      tools.add(function(function.object(), function));
    }
    Located choice = body.member("tool_choice");
    return new Tooling(
        tools,
        choice.given() ? choice(choice) : choice(body.member("function_call")),
        body.flag("parallel_tool_calls"));
  }

  private Tool tool(Located tool) {
    return switch (tool.text("type").orElse("function")) {
      case "function" -> function(tool.member("function").object(), tool);
      case "custom" -> {
        Located custom = tool.member("custom").object();
        if (!custom.member("format").text("type").orElse("text").equals("text")) {
          unknown.add("tools.custom.format");
        }
        yield new Tool.Freeform(custom.word("name"), custom.text("description"));
      }
      case String type -> new Tool.Provided(type);
    };
  }

  /** A function; {@code outer} is where else its mark for the cache can be. */
  private static Tool function(Located function, Located outer) {
    return new Tool.Function(
        function.word("name"),
        function.text("description"),
        json(function.member("parameters"), NO_ARGUMENTS),
        function.flag("strict"),
        ConversationReader.mark(outer).or(() -> ConversationReader.mark(function)));
  }

  private static JsonText json(Located schema, JsonText otherwise) {
    return schema.given() ? new JsonText(Json.text(schema.object().value())) : otherwise;
  }

  private static ToolChoice choice(Located choice) {
    if (!choice.given()) {
      return new ToolChoice.Auto();
    }
    if (choice.value().isString()) {
      return switch (choice.text()) {
        case "auto" -> new ToolChoice.Auto();
        case "none" -> new ToolChoice.None();
        case "required" -> new ToolChoice.Required();
        default -> throw choice.fault("must be auto, none, required or an object");
      };
    }
    return switch (choice.object().text("type").orElse("")) {
      // The older member has the name alone.
      case "" -> new ToolChoice.Named(choice.word("name"));
      case "function" -> new ToolChoice.Named(choice.member("function").object().word("name"));
      case "custom" -> new ToolChoice.Named(choice.member("custom").object().word("name"));
      case "allowed_tools" ->
          throw choice.fault("cannot be told to this model: offer the allowed tools alone");
      case String provided -> new ToolChoice.Named(provided);
    };
  }
}

package io.bitrouter.wire.messages;

import io.bitrouter.core.catalog.Model;
import io.bitrouter.core.exchange.CacheMark;
import io.bitrouter.core.exchange.InferenceRequest;
import io.bitrouter.core.exchange.InferenceRequest.AnswerFormat;
import io.bitrouter.core.exchange.InferenceRequest.Sampling;
import io.bitrouter.core.exchange.InferenceRequest.Tool;
import io.bitrouter.core.exchange.InferenceRequest.ToolChoice;
import io.bitrouter.core.exchange.Part;
import io.bitrouter.core.exchange.Thinking;
import io.bitrouter.core.exchange.Thinking.Effort;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.translate.Notes;
import io.bitrouter.wire.translate.Untranslatable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** Writes one request to an upstream. */
final class MessagesRequestWriter {

  /** Output tokens where nobody says how many: the least that current models can say. */
  private static final long DEFAULT_OUTPUT = 8_192;

  private static final long LEAST_BUDGET = 1_024;

  private static final String ONE_OBJECT =
      "Answer with one JSON object and nothing before or after it.";

  private static final String FREEFORM_SCHEMA =
      "{\"type\":\"object\",\"properties\":{\"input\":{\"type\":\"string\"}},"
          + "\"required\":[\"input\"],\"additionalProperties\":false}";

  private final InferenceRequest request;
  private final String model;
  private final Notes notes;
  private final ClaudeModel claude;
  private final boolean strict;
  private final long maxTokens;
  private final MessagesPrompt prompt;

  /** Tokens to think with; empty when it is not to think, or by effort. */
  private final OptionalLong budget;

  private final Optional<Effort> effort;

  MessagesRequestWriter(InferenceRequest request, Model model, Notes notes) {
    if (request.choices() > 1) {
      throw new Untranslatable(
          "n", "must be 1: the model gives one answer to a request; send as many requests");
    }
    this.request = request;
    this.model = model.upstreamModel();
    this.notes = notes;
    this.claude = ClaudeModel.of(this.model);
    this.strict = ClaudeModel.takesSchemas(model);
    this.maxTokens = maxTokens(model);
    this.prompt = MessagesPrompt.of(request.turns());
    Optional<Thinking> thinking = request.thinking().filter(it -> it.effort() != Effort.NONE);
    this.effort = claude.thinksByEffort() ? thinking.map(Thinking::effort) : Optional.empty();
    this.budget =
        thinking.isPresent() && !claude.thinksByEffort()
            ? budget(thinking.get())
            : OptionalLong.empty();
  }

  private long maxTokens(Model upstream) {
    long most = upstream.maxOutputTokens().orElse(Long.MAX_VALUE);
    if (request.maxOutput().isEmpty()) {
      return upstream.maxOutputTokens().orElse(DEFAULT_OUTPUT);
    }
    if (request.maxOutput().getAsLong() > most) {
      notes.clamped("max_tokens");
    }
    return Math.min(request.maxOutput().getAsLong(), most);
  }

  /** At least the least, and less than the whole output. */
  private OptionalLong budget(Thinking thinking) {
    if (maxTokens <= LEAST_BUDGET || prompt.goesOnWithoutThought()) {
      notes.ignored("thinking");
      return OptionalLong.empty();
    }
    long tokens = Math.clamp(thinking.budgetTokens(), LEAST_BUDGET, maxTokens - 1);
    if (tokens != thinking.budgetTokens()) {
      notes.clamped("thinking");
    }
    return OptionalLong.of(tokens);
  }

  private boolean thinks() {
    return budget.isPresent() || effort.isPresent();
  }

  byte[] body() {
    return Json.bytes(json -> {
      json.writeStartObject();
      json.writeStringProperty("model", model);
      json.writeNumberProperty("max_tokens", maxTokens);
      json.writeBooleanProperty("stream", true);
      system(json);
      prompt.writeMessages(json);
      tools(json);
      sampling(json);
      thinking(json);
      outputConfig(json);
      request
          .user()
          .ifPresent(user -> {
            json.writeName("metadata");
            MessagesInput.wrapped(json, "user_id", user);
          });
      request.cacheKey().ifPresent(key -> notes.ignored("prompt_cache_key"));
      json.writeEndObject();
    });
  }

  private void system(JsonGenerator json) {
    boolean object = request.format() instanceof AnswerFormat.JsonObject;
    if (prompt.system().isEmpty() && !object) {
      return;
    }
    json.writeArrayPropertyStart("system");
    prompt.system().forEach(text -> MessagesPrompt.writeText(json, text));
    if (object) {
      notes.clamped("response_format");
      MessagesPrompt.writeText(json, Part.Text.of(ONE_OBJECT));
    }
    json.writeEndArray();
  }

  private void tools(JsonGenerator json) {
    boolean any = false;
    for (Tool tool : request.tools().offered()) {
      if (tool instanceof Tool.Provided(String type)) {
        notes.ignored("tools." + type);
        continue;
      }
      if (!any) {
        json.writeArrayPropertyStart("tools");
        any = true;
      }
      tool(json, tool);
    }
    if (any) {
      json.writeEndArray();
      choice(json);
    }
  }

  private void tool(JsonGenerator json, Tool tool) {
    switch (tool) {
      case Tool.Function function -> {
        json.writeStartObject();
        json.writeStringProperty("name", function.name());
        function.description().ifPresent(it -> json.writeStringProperty("description", it));
        boolean wanted = function.strict().orElse(false);
        note(wanted && !strict, "tools.strict");
        json.writeName("input_schema");
        json.writeRawValue(
            objectSchema(
                wanted && strict
                    ? MessagesSchema.of(function.schema(), "tools." + function.name(), notes)
                    : function.schema().text()));
        if (wanted && strict) {
          json.writeBooleanProperty("strict", true);
        }
        cacheControl(json, function.cache());
        json.writeEndObject();
      }
      case Tool.Freeform(String name, Optional<String> description) -> {
        json.writeStartObject();
        json.writeStringProperty("name", name);
        description.ifPresent(it -> json.writeStringProperty("description", it));
        json.writeName("input_schema");
        json.writeRawValue(FREEFORM_SCHEMA);
        json.writeEndObject();
      }
      // Left out before.
      case Tool.Provided unused -> {}
    }
  }

  /** The schema with the type that the protocol wants of it. */
  private static String objectSchema(String schema) {
    byte[] text = schema.getBytes(StandardCharsets.UTF_8);
    JsonNode tree = Json.tree(text, 0, text.length);
    if (tree.has("type")) {
      return schema;
    }
    String members = schema.strip().substring(1);
    return "{\"type\":\"object\"" + (tree.isEmpty() ? "" : ",") + members;
  }

  private void choice(JsonGenerator json) {
    boolean single = request.tools().parallel().filter(parallel -> !parallel).isPresent();
    ToolChoice choice = possible(request.tools().choice());
    if (choice instanceof ToolChoice.Auto && !single) {
      return;
    }
    json.writeObjectPropertyStart("tool_choice");
    switch (choice) {
      case ToolChoice.Auto unused -> json.writeStringProperty("type", "auto");
      case ToolChoice.None unused -> json.writeStringProperty("type", "none");
      case ToolChoice.Required unused -> json.writeStringProperty("type", "any");
      case ToolChoice.Named(String tool) -> {
        json.writeStringProperty("type", "tool");
        json.writeStringProperty("name", tool);
      }
    }
    if (single && !(choice instanceof ToolChoice.None)) {
      json.writeBooleanProperty("disable_parallel_tool_use", true);
    }
    json.writeEndObject();
  }

  /** A call cannot be forced on a model that thinks, nor one of a tool that is not offered. */
  private ToolChoice possible(ToolChoice choice) {
    boolean forced = choice instanceof ToolChoice.Required || choice instanceof ToolChoice.Named;
    boolean provided =
        choice instanceof ToolChoice.Named(String tool)
            && request.tools().offered().contains(new Tool.Provided(tool));
    if (provided || (forced && thinks())) {
      notes.clamped("tool_choice");
      return new ToolChoice.Auto();
    }
    return choice;
  }

  private void sampling(JsonGenerator json) {
    Sampling sampling = request.sampling();
    boolean free = !claude.refusesSampling();
    boolean warm = free && !thinks();
    note(sampling.temperature().isPresent() && !warm, "temperature");
    note(sampling.topK().isPresent() && !warm, "top_k");
    // Models take one of the two.
    boolean topP = free && sampling.temperature().isEmpty();
    note(sampling.topP().isPresent() && !topP, "top_p");
    note(sampling.seed().isPresent(), "seed");
    note(sampling.presencePenalty().isPresent(), "presence_penalty");
    note(sampling.frequencyPenalty().isPresent(), "frequency_penalty");
    if (warm) {
      sampling.temperature().ifPresent(it -> atMostOne(json, "temperature", it));
      sampling.topK().ifPresent(it -> json.writeNumberProperty("top_k", it));
    }
    if (topP) {
      sampling.topP().ifPresent(it -> json.writeNumberProperty("top_p", it));
    }
    List<String> stop = sampling.stop().stream().filter(text -> !text.isBlank()).toList();
    note(stop.size() < sampling.stop().size(), "stop");
    if (!stop.isEmpty()) {
      json.writeArrayPropertyStart("stop_sequences");
      stop.forEach(json::writeString);
      json.writeEndArray();
    }
  }

  private void note(boolean ignored, String member) {
    if (ignored) {
      notes.ignored(member);
    }
  }

  private void atMostOne(JsonGenerator json, String member, double value) {
    if (value > 1) {
      notes.clamped(member);
    }
    json.writeNumberProperty(member, Math.min(value, 1));
  }

  private void thinking(JsonGenerator json) {
    boolean shown = request.thinking().filter(Thinking::shown).isPresent();
    if (budget.isPresent()) {
      json.writeObjectPropertyStart("thinking");
      json.writeStringProperty("type", "enabled");
      json.writeNumberProperty("budget_tokens", budget.getAsLong());
      json.writeEndObject();
    } else if (effort.isPresent()) {
      json.writeObjectPropertyStart("thinking");
      json.writeStringProperty("type", "adaptive");
      json.writeStringProperty("display", shown ? "summarized" : "omitted");
      json.writeEndObject();
    } else if (request.thinking().isPresent() && !claude.thinksByEffort()) {
      json.writeName("thinking");
      MessagesInput.wrapped(json, "type", "disabled");
    }
  }

  private void outputConfig(JsonGenerator json) {
    boolean schema = request.format() instanceof AnswerFormat.JsonSchema;
    if (!schema && effort.isEmpty()) {
      return;
    }
    json.writeObjectPropertyStart("output_config");
    effort.ifPresent(it -> json.writeStringProperty("effort", word(it)));
    if (request.format() instanceof AnswerFormat.JsonSchema wanted) {
      json.writeObjectPropertyStart("format");
      json.writeStringProperty("type", "json_schema");
      json.writeName("schema");
      json.writeRawValue(MessagesSchema.of(wanted.schema(), "response_format", notes));
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private String word(Effort level) {
    return switch (level) {
      case NONE, MINIMAL, LOW -> "low";
      case MEDIUM, HIGH -> level.name().toLowerCase(Locale.ROOT);
      case XHIGH -> claude.extraEffort();
    };
  }

  /** Writes the mark of a block or tool up to which the prompt is to be cached. */
  static void cacheControl(JsonGenerator json, Optional<CacheMark> mark) {
    mark.ifPresent(it -> {
      json.writeObjectPropertyStart("cache_control");
      json.writeStringProperty("type", "ephemeral");
      if (it == CacheMark.ONE_HOUR) {
        json.writeStringProperty("ttl", "1h");
      }
      json.writeEndObject();
    });
  }
}

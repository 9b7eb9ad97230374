package io.bitrouter.wire.gemini;

import io.bitrouter.core.catalog.Model;
import io.bitrouter.core.exchange.InferenceRequest;
import io.bitrouter.core.exchange.InferenceRequest.AnswerFormat;
import io.bitrouter.core.exchange.InferenceRequest.Sampling;
import io.bitrouter.core.exchange.InferenceRequest.Tool;
import io.bitrouter.core.exchange.InferenceRequest.ToolChoice;
import io.bitrouter.core.exchange.InferenceRequest.Tooling;
import io.bitrouter.core.exchange.Thinking;
import io.bitrouter.core.exchange.Thinking.Effort;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.translate.Notes;
import io.bitrouter.wire.translate.Untranslatable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes one request in Gemini's terms. */
final class GeminiRequestWriter {

  private static final int MAX_STOPS = 5;
  private static final int MAX_CHOICES = 8;
  private static final double MAX_TEMPERATURE = 2;

  private final InferenceRequest request;
  private final Model upstream;
  private final GeminiModel model;
  private final Notes notes;
  private final ObjectNode body = JsonNodeFactory.instance.objectNode();

  GeminiRequestWriter(InferenceRequest request, Model upstream, Notes notes) {
    this.request = request;
    this.upstream = upstream;
    this.model = GeminiModel.of(upstream.upstreamModel());
    this.notes = notes;
  }

  byte[] body() {
    new GeminiPrompt(model).write(request.turns(), body);
    tools(request.tools());
    ObjectNode config = JsonNodeFactory.instance.objectNode();
    sampling(config);
    maxOutput(config);
    format(config);
    request.thinking().ifPresent(it -> thinking(it, config));
    if (!config.isEmpty()) {
      body.set("generationConfig", config);
    }
    note(request.user().isPresent(), "user");
    note(request.cacheKey().isPresent(), "prompt_cache_key");
    return Json.text(body).getBytes(StandardCharsets.UTF_8);
  }

  private void tools(Tooling tooling) {
    ArrayNode functions = JsonNodeFactory.instance.arrayNode();
    for (Tool tool : tooling.offered()) {
      switch (tool) {
        case Tool.Function it -> {
          ObjectNode function = function(functions, it.name(), it.description());
          ObjectNode schema =
              GeminiSubset.of(it.schema(), "tools." + it.name() + ".parameters", notes);
          // What has no parameters must not have an empty object of them.
          if (schema.has("properties") || schema.has("anyOf")) {
            function.set("parameters", schema);
          }
          note(it.strict().orElse(false), "tools.strict");
        }
        case Tool.Freeform it -> {
          ObjectNode schema =
              function(functions, it.name(), it.description()).putObject("parameters");
          schema.put("type", "OBJECT");
          schema.putObject("properties").putObject("input").put("type", "STRING");
          schema.putArray("required").add("input");
        }
        case Tool.Provided it -> notes.ignored("tools." + it.name());
      }
    }
    if (functions.isEmpty()) {
      return;
    }
    body.putArray("tools").addObject().set("functionDeclarations", functions);
    note(tooling.parallel().filter(parallel -> !parallel).isPresent(), "parallel_tool_calls");
    choice(tooling);
  }

  private static ObjectNode function(
      ArrayNode functions, String name, Optional<String> description) {
    ObjectNode function = functions.addObject().put("name", name);
    description.ifPresent(it -> function.put("description", it));
    return function;
  }

  private void choice(Tooling tooling) {
    switch (tooling.choice()) {
      case ToolChoice.Auto unused -> {}
      case ToolChoice.None unused -> calling("NONE");
      case ToolChoice.Required unused -> calling("ANY");
      case ToolChoice.Named(String tool) -> {
        if (tooling.offered().contains(new Tool.Provided(tool))) {
          notes.clamped("tool_choice");
        } else {
          calling("ANY").putArray("allowedFunctionNames").add(tool);
        }
      }
    }
  }

  private ObjectNode calling(String mode) {
    return body.putObject("toolConfig").putObject("functionCallingConfig").put("mode", mode);
  }

  private void sampling(ObjectNode config) {
    Sampling sampling = request.sampling();
    sampling
        .temperature()
        .ifPresent(it -> config.put("temperature", clamped("temperature", it, MAX_TEMPERATURE)));
    sampling.topP().ifPresent(it -> config.put("topP", it));
    sampling.topK().ifPresent(it -> config.put("topK", it));
    sampling
        .seed()
        .ifPresent(it -> {
          // The upstream takes 32 bits; equal seeds stay equal.
          if (it != (int) it) {
            notes.clamped("seed");
          }
          config.put("seed", (int) it);
        });
    sampling.presencePenalty().ifPresent(it -> config.put("presencePenalty", it));
    sampling.frequencyPenalty().ifPresent(it -> config.put("frequencyPenalty", it));
    List<String> stops = sampling.stop().stream().filter(text -> !text.isEmpty()).toList();
    if (stops.size() > MAX_STOPS) {
      notes.clamped("stop");
    }
    if (!stops.isEmpty()) {
      ArrayNode sent = config.putArray("stopSequences");
      stops.stream().limit(MAX_STOPS).forEach(sent::add);
    }
    if (request.choices() > MAX_CHOICES) {
      throw new Untranslatable(
          "n", "must be at most " + MAX_CHOICES + ", which is all that the upstream gives at once");
    }
    if (request.choices() > 1) {
      config.put("candidateCount", request.choices());
    }
  }

  private double clamped(String member, double value, double most) {
    if (value > most) {
      notes.clamped(member);
    }
    return Math.min(value, most);
  }

  private void maxOutput(ObjectNode config) {
    request
        .maxOutput()
        .ifPresent(asked -> {
          long tokens = Math.min(asked, upstream.maxOutputTokens().orElse(Long.MAX_VALUE));
          if (tokens < asked) {
            notes.clamped("max_tokens");
          }
          config.put("maxOutputTokens", tokens);
        });
  }

  private void format(ObjectNode config) {
    switch (request.format()) {
      case AnswerFormat.Text unused -> {}
      case AnswerFormat.JsonObject unused -> config.put("responseMimeType", "application/json");
      case AnswerFormat.JsonSchema it -> {
        config.put("responseMimeType", "application/json");
        config.set("responseSchema", GeminiSubset.of(it.schema(), "response_format", notes));
      }
    }
  }

  private void thinking(Thinking thinking, ObjectNode config) {
    if (!model.thinks()) {
      note(thinking.effort() != Effort.NONE, "thinking");
      return;
    }
    ObjectNode sent = JsonNodeFactory.instance.objectNode();
    if (model.thinksByLevel()) {
      String level = model.level(thinking.effort());
      if (!level.equals(thinking.effort().text())) {
        notes.clamped("thinking");
      }
      sent.put("thinkingLevel", level);
    } else {
      long room = config.path("maxOutputTokens").longValue(Long.MAX_VALUE) - 1;
      long budget = Math.clamp(model.budget(thinking), 0, Math.max(0, room));
      if (budget != (thinking.effort() == Effort.NONE ? 0 : thinking.budgetTokens())) {
        notes.clamped("thinking");
      }
      sent.put("thinkingBudget", budget);
    }
    if (thinking.shown() && thinking.effort() != Effort.NONE) {
      sent.put("includeThoughts", true);
    }
    config.set("thinkingConfig", sent);
  }

  private void note(boolean ignored, String member) {
    if (ignored) {
      notes.ignored(member);
    }
  }
}

package io.bitrouter.wire.responses;

import io.bitrouter.core.catalog.Model;
import io.bitrouter.core.exchange.InferenceRequest;
import io.bitrouter.core.exchange.InferenceRequest.AnswerFormat;
import io.bitrouter.core.exchange.InferenceRequest.Role;
import io.bitrouter.core.exchange.InferenceRequest.Sampling;
import io.bitrouter.core.exchange.InferenceRequest.Tool;
import io.bitrouter.core.exchange.InferenceRequest.ToolChoice;
import io.bitrouter.core.exchange.InferenceRequest.Turn;
import io.bitrouter.core.exchange.Part;
import io.bitrouter.core.exchange.Thinking.Effort;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.translate.Notes;
import io.bitrouter.wire.translate.Untranslatable;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.JsonGenerator;

/** Writes one request for an upstream of Responses. */
final class ResponsesRequestWriter {

  private final InferenceRequest request;
  private final Model model;
  private final Notes notes;
  private final boolean thinks;

  ResponsesRequestWriter(InferenceRequest request, Model model, Notes notes) {
    this.request = request;
    this.model = model;
    this.notes = notes;
    Optional<Effort> effort = request.thinking().map(thinking -> thinking.effort());
    this.thinks = effort.map(asked -> asked != Effort.NONE).orElse(model.hiddenReasoning());
  }

  byte[] write() {
    if (request.choices() > 1) {
      throw new Untranslatable(
          "n", "the upstream's protocol gives one answer to a request; send it more than once");
    }
    return Json.bytes(json -> {
      json.writeStartObject();
      json.writeStringProperty("model", model.upstreamModel());
      json.writeBooleanProperty("stream", true);
      json.writeBooleanProperty("store", false);
      if (thinks) {
        // Models that do not think refuse it.
        json.writeArrayPropertyStart("include");
        json.writeString(ResponsesRequest.SEALED_THOUGHTS);
        json.writeEndArray();
      }
      conversation(json);
      tools(json);
      request.maxOutput().ifPresent(most -> json.writeNumberProperty("max_output_tokens", most));
      sampling(json);
      thinking(json);
      format(json);
      request.user().ifPresent(user -> json.writeStringProperty("user", user));
      request.cacheKey().ifPresent(key -> json.writeStringProperty("prompt_cache_key", key));
      json.writeEndObject();
    });
  }

  /** Instructions that come first have a member of their own, unless there is nothing else. */
  private void conversation(JsonGenerator json) {
    List<Turn> turns = request.turns();
    if (turns.size() > 1 && turns.getFirst().role() == Role.SYSTEM && texts(turns.getFirst())) {
      json.writeStringProperty(
          "instructions",
          turns.getFirst().parts().stream()
              .map(part -> ((Part.Text) part).text())
              .collect(Collectors.joining("\n\n")));
      turns = turns.subList(1, turns.size());
    }
    json.writeArrayPropertyStart("input");
    ResponsesInputWriter writer = new ResponsesInputWriter(json);
    turns.forEach(writer::turn);
    json.writeEndArray();
  }

  private static boolean texts(Turn turn) {
    return turn.parts().stream().allMatch(Part.Text.class::isInstance);
  }

  private void tools(JsonGenerator json) {
    List<Tool> offered =
        request.tools().offered().stream()
            .filter(tool -> {
              boolean provided = tool instanceof Tool.Provided;
              if (provided) {
                notes.ignored("tools." + tool.name());
              }
              return !provided;
            })
            .toList();
    if (offered.isEmpty()) {
      return;
    }
    json.writeArrayPropertyStart("tools");
    offered.forEach(tool -> tool(json, tool));
    json.writeEndArray();
    switch (request.tools().choice()) {
      case ToolChoice.Auto unused -> {}
      case ToolChoice.None unused -> json.writeStringProperty("tool_choice", "none");
      case ToolChoice.Required unused -> json.writeStringProperty("tool_choice", "required");
      case ToolChoice.Named(String name) ->
          offered.stream()
              .filter(tool -> tool.name().equals(name))
              .findFirst()
              .ifPresentOrElse(
                  tool -> {
                    json.writeObjectPropertyStart("tool_choice");
                    json.writeStringProperty("type", type(tool));
                    json.writeStringProperty("name", name);
                    json.writeEndObject();
                  },
                  () -> notes.ignored("tool_choice"));
    }
    request
        .tools()
        .parallel()
        .ifPresent(parallel -> json.writeBooleanProperty("parallel_tool_calls", parallel));
  }

  private static String type(Tool tool) {
    return tool instanceof Tool.Freeform ? "custom" : "function";
  }

  private static void tool(JsonGenerator json, Tool tool) {
    json.writeStartObject();
    json.writeStringProperty("type", type(tool));
    json.writeStringProperty("name", tool.name());
    switch (tool) {
      case Tool.Function function -> {
        describe(json, function.description());
        json.writeName("parameters");
        json.writeRawValue(function.schema().text());
        // The protocol takes no word for true, the others for false.
        json.writeBooleanProperty("strict", function.strict().orElse(false));
      }
      case Tool.Freeform freeform -> describe(json, freeform.description());
      case Tool.Provided unused -> {}
    }
    json.writeEndObject();
  }

  private static void describe(JsonGenerator json, Optional<String> description) {
    description.ifPresent(text -> json.writeStringProperty("description", text));
  }

  private void sampling(JsonGenerator json) {
    Sampling sampling = request.sampling();
    if (thinks && model.hiddenReasoning()) {
      // Models of this kind refuse both.
      sampling.temperature().ifPresent(unused -> notes.ignored("temperature"));
      sampling.topP().ifPresent(unused -> notes.ignored("top_p"));
    } else {
      sampling.temperature().ifPresent(value -> json.writeNumberProperty("temperature", value));
      sampling.topP().ifPresent(value -> json.writeNumberProperty("top_p", value));
    }
    sampling.topK().ifPresent(unused -> notes.ignored("top_k"));
    sampling.seed().ifPresent(unused -> notes.ignored("seed"));
    sampling.presencePenalty().ifPresent(unused -> notes.ignored("presence_penalty"));
    sampling.frequencyPenalty().ifPresent(unused -> notes.ignored("frequency_penalty"));
    if (!sampling.stop().isEmpty()) {
      notes.ignored("stop");
    }
  }

  /** A model that does not think is not told not to: it would refuse. */
  private void thinking(JsonGenerator json) {
    request
        .thinking()
        .filter(thinking -> thinking.effort() != Effort.NONE || model.hiddenReasoning())
        .ifPresent(thinking -> {
          json.writeObjectPropertyStart("reasoning");
          json.writeStringProperty("effort", thinking.effort().text());
          if (thinking.shown() && thinks) {
            json.writeStringProperty("summary", "auto");
          }
          json.writeEndObject();
        });
  }

  private void format(JsonGenerator json) {
    switch (request.format()) {
      case AnswerFormat.Text unused -> {}
      case AnswerFormat.JsonObject unused -> {
        json.writeObjectPropertyStart("text");
        json.writeObjectPropertyStart("format");
        json.writeStringProperty("type", "json_object");
        json.writeEndObject();
        json.writeEndObject();
      }
      case AnswerFormat.JsonSchema schema -> {
        json.writeObjectPropertyStart("text");
        json.writeObjectPropertyStart("format");
        json.writeStringProperty("type", "json_schema");
        json.writeStringProperty("name", schema.name());
        describe(json, schema.description());
        json.writeName("schema");
        json.writeRawValue(schema.schema().text());
        schema.strict().ifPresent(strict -> json.writeBooleanProperty("strict", strict));
        json.writeEndObject();
        json.writeEndObject();
      }
    }
  }
}

package io.bitrouter.wire.chat;

import io.bitrouter.core.catalog.Model;
import io.bitrouter.core.exchange.InferenceRequest;
import io.bitrouter.core.exchange.InferenceRequest.AnswerFormat;
import io.bitrouter.core.exchange.InferenceRequest.Sampling;
import io.bitrouter.core.exchange.InferenceRequest.Tool;
import io.bitrouter.core.exchange.InferenceRequest.ToolChoice;
import io.bitrouter.core.exchange.InferenceRequest.Tooling;
import io.bitrouter.core.exchange.Thinking;
import io.bitrouter.core.exchange.Thinking.Effort;
import io.bitrouter.core.gateway.HeaderField;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.translate.Notes;
import io.bitrouter.wire.translate.ReplyReader;
import io.bitrouter.wire.translate.UpstreamCodec;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/**
 * How upstreams of OpenAI Chat Completions, and all that are compatible with it, are talked to: in
 * the members that most of them take. Stateless and thread-safe.
 */
public final class ChatUpstreamCodec implements UpstreamCodec {

  private static final int MOST_STOPS = 4;

  /** What a freeform tool is to upstreams that know functions alone. */
  private static final String PLAIN_INPUT =
      "{\"type\":\"object\",\"properties\":{\"input\":{\"type\":\"string\"}},"
          + "\"required\":[\"input\"],\"additionalProperties\":false}";

  /** The codec; has no state. */
  public ChatUpstreamCodec() {}

  @Override
  public String path(Model model) {
    return ChatPassage.PATH;
  }

  @Override
  public List<HeaderField> headers() {
    return List.of();
  }

  @Override
  public ReplyReader reader(String callIdPrefix) {
    return new ChatReplyReader(callIdPrefix);
  }

  @Override
  public byte[] write(InferenceRequest request, Model model, Notes notes) {
    return Json.bytes(json -> {
      json.writeStartObject();
      json.writeStringProperty("model", model.upstreamModel());
      new ConversationWriter(json, notes).write(request.turns());
      json.writeBooleanProperty("stream", true);
      json.writeObjectPropertyStart("stream_options");
      json.writeBooleanProperty("include_usage", true);
      json.writeEndObject();
      request
          .maxOutput()
          .ifPresent(most -> {
            boolean newer = OutputMember.isNewer(model.upstreamModel());
            json.writeNumberProperty(newer ? OutputMember.NEWER : OutputMember.OLDER, most);
          });
      if (request.choices() > 1) {
        json.writeNumberProperty("n", request.choices());
      }
      tools(json, request.tools(), notes);
      sampling(json, request.sampling(), notes);
      request
          .thinking()
          .ifPresent(thinking ->
              json.writeStringProperty("reasoning_effort", effort(thinking, notes).text()));
      format(json, request.format());
      request.user().ifPresent(user -> json.writeStringProperty("user", user));
      request.cacheKey().ifPresent(key -> cacheKey(json, key, model.upstreamModel(), notes));
      json.writeEndObject();
    });
  }

  /**
   * The effort as the client said it. A client that said a number of tokens gets one of the three
   * efforts that every model which can think knows.
   */
  private static Effort effort(Thinking thinking, Notes notes) {
    Effort effort = thinking.effort();
    if (thinking.budgetTokens() == effort.tokens()) {
      return effort;
    }
    Effort known =
        switch (effort) {
          case NONE, MINIMAL, LOW -> Effort.LOW;
          case MEDIUM -> Effort.MEDIUM;
          case HIGH, XHIGH -> Effort.HIGH;
        };
    if (known != effort) {
      notes.clamped("reasoning_effort");
    }
    return known;
  }

  private static void sampling(JsonGenerator json, Sampling sampling, Notes notes) {
    number(json, "temperature", sampling.temperature(), new Range(0, 2), notes);
    number(json, "top_p", sampling.topP(), new Range(0, 1), notes);
    number(json, "presence_penalty", sampling.presencePenalty(), new Range(-2, 2), notes);
    number(json, "frequency_penalty", sampling.frequencyPenalty(), new Range(-2, 2), notes);
    sampling.seed().ifPresent(seed -> json.writeNumberProperty("seed", seed));
    if (sampling.topK().isPresent()) {
      notes.ignored("top_k");
    }
    if (sampling.stop().size() > MOST_STOPS) {
      notes.clamped("stop");
    }
    if (!sampling.stop().isEmpty()) {
      json.writeArrayPropertyStart("stop");
      sampling.stop().stream().limit(MOST_STOPS).forEach(json::writeString);
      json.writeEndArray();
    }
  }

  private record Range(double least, double most) {}

  private static void number(
      JsonGenerator json, String name, Optional<Double> given, Range range, Notes notes) {
    given.ifPresent(value -> {
      double taken = Math.clamp(value, range.least(), range.most());
      if (taken != value) {
        notes.clamped(name);
      }
      json.writeNumberProperty(name, taken);
    });
  }

  private static void format(JsonGenerator json, AnswerFormat format) {
    switch (format) {
      case AnswerFormat.Text unused -> {}
      case AnswerFormat.JsonObject unused -> {
        json.writeObjectPropertyStart("response_format");
        json.writeStringProperty("type", "json_object");
        json.writeEndObject();
      }
      case AnswerFormat.JsonSchema schema -> {
        json.writeObjectPropertyStart("response_format");
        json.writeStringProperty("type", "json_schema");
        json.writeObjectPropertyStart("json_schema");
        json.writeStringProperty("name", schema.name());
        schema.description().ifPresent(text -> json.writeStringProperty("description", text));
        json.writeName("schema");
        json.writeRawValue(schema.schema().text());
        schema.strict().ifPresent(strict -> json.writeBooleanProperty("strict", strict));
        json.writeEndObject();
        json.writeEndObject();
      }
    }
  }

  /** OpenAI's own models have caches with keys; other upstreams can stumble over the member. */
  private static void cacheKey(JsonGenerator json, String key, String model, Notes notes) {
    if (OutputMember.isNewer(model)) {
      json.writeStringProperty("prompt_cache_key", key);
    } else {
      notes.ignored("prompt_cache_key");
    }
  }

  private static void tools(JsonGenerator json, Tooling tooling, Notes notes) {
    boolean any = false;
    for (Tool tool : tooling.offered()) {
      if (tool instanceof Tool.Provided) {
        notes.ignored("tools." + tool.name());
        continue;
      }
      if (!any) {
        json.writeArrayPropertyStart("tools");
        any = true;
      }
      json.writeStartObject();
      json.writeStringProperty("type", "function");
      json.writeObjectPropertyStart("function");
      function(json, tool, notes);
      json.writeEndObject();
      json.writeEndObject();
    }
    if (any) {
      json.writeEndArray();
      choice(json, tooling);
      tooling
          .parallel()
          .ifPresent(parallel -> json.writeBooleanProperty("parallel_tool_calls", parallel));
    }
  }

  private static void function(JsonGenerator json, Tool tool, Notes notes) {
    json.writeStringProperty("name", tool.name());
    switch (tool) {
      case Tool.Function function -> {
        if (function.cache().isPresent()) {
          notes.ignored("cache_control");
        }
        function.description().ifPresent(text -> json.writeStringProperty("description", text));
        json.writeName("parameters");
        json.writeRawValue(function.schema().text());
        function.strict().ifPresent(strict -> json.writeBooleanProperty("strict", strict));
      }
      case Tool.Freeform freeform -> {
        freeform.description().ifPresent(text -> json.writeStringProperty("description", text));
        json.writeName("parameters");
        json.writeRawValue(PLAIN_INPUT);
      }
      case Tool.Provided unused -> {}
    }
  }

  private static void choice(JsonGenerator json, Tooling tooling) {
    switch (tooling.choice()) {
      case ToolChoice.Auto unused -> {}
      case ToolChoice.None unused -> json.writeStringProperty("tool_choice", "none");
      case ToolChoice.Required unused -> json.writeStringProperty("tool_choice", "required");
      case ToolChoice.Named(String name) -> {
        boolean offered =
            tooling.offered().stream()
                .anyMatch(it -> !(it instanceof Tool.Provided) && it.name().equals(name));
        if (offered) {
          json.writeObjectPropertyStart("tool_choice");
          json.writeStringProperty("type", "function");
          json.writeObjectPropertyStart("function");
          json.writeStringProperty("name", name);
          json.writeEndObject();
          json.writeEndObject();
        }
      }
    }
  }
}

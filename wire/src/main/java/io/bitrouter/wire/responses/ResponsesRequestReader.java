package io.bitrouter.wire.responses;

import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.InferenceRequest;
import io.bitrouter.core.exchange.InferenceRequest.AnswerFormat;
import io.bitrouter.core.exchange.InferenceRequest.Role;
import io.bitrouter.core.exchange.InferenceRequest.Sampling;
import io.bitrouter.core.exchange.InferenceRequest.Tooling;
import io.bitrouter.core.exchange.InferenceRequest.Turn;
import io.bitrouter.core.exchange.JsonText;
import io.bitrouter.core.exchange.Part;
import io.bitrouter.core.exchange.Thinking;
import io.bitrouter.core.exchange.Thinking.Effort;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.translate.Located;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads the body of one {@code POST /v1/responses}. Not thread-safe. */
final class ResponsesRequestReader {

  /**
   * Members that have been read, and those without a meaning of which nothing is lost: nothing is
   * stored, and the rest is about OpenAI's own service.
   */
  private static final Set<String> KNOWN =
      Set.of(
          "model",
          "models",
          "stream",
          "stream_options",
          "store",
          "metadata",
          "client_metadata",
          "background",
          "previous_response_id",
          "conversation",
          "prompt",
          "input",
          "instructions",
          "tools",
          "tool_choice",
          "parallel_tool_calls",
          "temperature",
          "top_p",
          "max_output_tokens",
          "reasoning",
          "text",
          "user",
          "safety_identifier",
          "prompt_cache_key");

  /** Values that ask for what happens anyway. */
  private static final Map<String, Set<String>> WITHOUT_EFFECT =
      Map.of(
          "include", Set.of("[]", "[\"reasoning.encrypted_content\"]"),
          "truncation", Set.of("\"disabled\""),
          "service_tier", Set.of("\"auto\"", "\"default\""),
          "top_logprobs", Set.of("0"));

  private static final Map<String, String> KEPT_BY_OPENAI =
      Map.of(
          "previous_response_id", "send the earlier turns in input",
          "conversation", "send the earlier turns in input",
          "prompt", "send its text in instructions");

  private final Located body;
  private final ResponsesTooling tooling;
  private final List<String> unknown = new ArrayList<>();

  /**
   * For one request.
   *
   * @param tooling takes its tools
   */
  ResponsesRequestReader(JsonNode json, ResponsesTooling tooling) {
    this.body = new Located(json, "");
    this.tooling = tooling;
  }

  InferenceRequest read(AskedRequest asked) {
    refuseWhatIsKept();
    List<Turn> turns = new ArrayList<>();
    body.text("instructions")
        .ifPresent(text -> turns.add(new Turn(Role.SYSTEM, List.of(Part.Text.of(text)))));
    turns.addAll(new ResponsesItems(tooling, unknown).read(body.member("input")));
    Tooling tools = tooling.read(body);
    Sampling sampling =
        new Sampling(
            body.number("temperature"),
            body.number("top_p"),
            OptionalLong.empty(),
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of());
    Optional<Thinking> thinking = thinking(body.member("reasoning"));
    AnswerFormat format = format(body.member("text"));
    for (Map.Entry<String, JsonNode> member : body.value().properties()) {
      String name = member.getKey();
      boolean read = KNOWN.contains(name) || member.getValue().isNull();
      Set<String> idle = WITHOUT_EFFECT.getOrDefault(name, Set.of());
      if (!read && !idle.contains(Json.text(member.getValue()))) {
        unknown.add(name);
      }
    }
    return new InferenceRequest(
        asked.model(),
        asked.streamed(),
        turns,
        tools,
        sampling,
        body.integer("max_output_tokens"),
        thinking,
        format,
        asked.choices(),
        body.text("safety_identifier").or(() -> body.text("user")),
        body.text("prompt_cache_key"),
        List.copyOf(unknown));
  }

  private void refuseWhatIsKept() {
    KEPT_BY_OPENAI.forEach((name, instead) -> {
      if (body.member(name).given()) {
        throw body.member(name)
            .fault(
                "names what OpenAI keeps, and the model is served by another provider; " + instead);
      }
    });
    if (body.flag("background").orElse(false)) {
      throw body.member("background").fault("must be false: no response is kept to be fetched");
    }
  }

  private Optional<Thinking> thinking(Located reasoning) {
    if (!reasoning.given()) {
      return Optional.empty();
    }
    others(reasoning.object(), Set.of("effort", "summary", "generate_summary"));
    boolean shown =
        reasoning
            .text("summary")
            .or(() -> reasoning.text("generate_summary"))
            .filter(word -> !word.equals("none"))
            .isPresent();
    Optional<Effort> effort = reasoning.text("effort").map(word -> effort(reasoning, word));
    return effort.isPresent() || shown
        ? Optional.of(Thinking.of(effort.orElse(Effort.MEDIUM), shown))
        : Optional.empty();
  }

  /** Notes the members that have a value and are not among the {@code known}. */
  private void others(Located object, Set<String> known) {
    for (String name : object.value().propertyNames()) {
      if (!known.contains(name) && object.member(name).given()) {
        unknown.add(object.member(name).path());
      }
    }
  }

  private static Effort effort(Located reasoning, String word) {
    for (Effort effort : Effort.values()) {
      if (effort.text().equals(word)) {
        return effort;
      }
    }
    if (word.equals("max")) {
      return Effort.XHIGH;
    }
    throw reasoning
        .member("effort")
        .fault("must be none, minimal, low, medium, high, xhigh or max");
  }

  private AnswerFormat format(Located text) {
    if (!text.given()) {
      return new AnswerFormat.Text();
    }
    boolean usual = text.text("verbosity").filter("medium"::equals).isPresent();
    others(text.object(), usual ? Set.of("format", "verbosity") : Set.of("format"));
    Located format = text.member("format");
    if (!format.given()) {
      return new AnswerFormat.Text();
    }
    return switch (format.object().word("type")) {
      case "text" -> new AnswerFormat.Text();
      case "json_object" -> new AnswerFormat.JsonObject();
      case "json_schema" ->
          new AnswerFormat.JsonSchema(
              format.word("name"),
              format.text("description"),
              new JsonText(Json.text(format.member("schema").object().value())),
              format.flag("strict"));
      default -> throw format.member("type").fault("must be text, json_object or json_schema");
    };
  }
}

package io.bitrouter.wire.gemini;

import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.InferenceRequest;
import io.bitrouter.core.exchange.InferenceRequest.AnswerFormat;
import io.bitrouter.core.exchange.InferenceRequest.Sampling;
import io.bitrouter.core.exchange.InferenceRequest.Tooling;
import io.bitrouter.core.exchange.InferenceRequest.Turn;
import io.bitrouter.core.exchange.JsonText;
import io.bitrouter.core.exchange.Thinking;
import io.bitrouter.core.exchange.Thinking.Effort;
import io.bitrouter.wire.translate.Untranslatable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Reads the body of one {@code generateContent} or {@code streamGenerateContent}. */
final class GeminiRequestReader {

  private final GeminiFields body;
  private final GeminiFields config;
  private final List<String> unknown = new ArrayList<>();

  private GeminiRequestReader(JsonNode json) {
    body = GeminiFields.of(json, "");
    config =
        body.object("generationConfig")
            .orElseGet(
                () -> GeminiFields.of(JsonNodeFactory.instance.objectNode(), "generationConfig"));
  }

  /** The request of {@code json}; its path has said the model and whether it streams. */
  static InferenceRequest read(JsonNode json, AskedRequest asked) {
    return new GeminiRequestReader(json).request(asked);
  }

  private InferenceRequest request(AskedRequest asked) {
    if (body.word("cachedContent").isPresent()) {
      throw new Untranslatable(
          "cachedContent",
          "names content that Gemini keeps, and the model is served by another provider; send the"
              + " content itself");
    }
    body.value("model");
    config.value("candidateCount");
    List<Turn> turns = GeminiTurns.read(body, unknown);
    Tooling tools = GeminiTooling.read(body, unknown);
    Sampling sampling = sampling();
    OptionalLong maxOutput = config.integer("maxOutputTokens");
    Optional<Thinking> thinking = config.object("thinkingConfig").flatMap(this::thinking);
    AnswerFormat format = format();
    if (!config.texts("responseModalities").stream().allMatch("TEXT"::equalsIgnoreCase)) {
      throw new Untranslatable(
          config.at("responseModalities"), "can only be TEXT: the upstream answers with text");
    }
    config.addOthers(unknown);
    body.addOthers(unknown);
    return new InferenceRequest(
        asked.model(),
        asked.streamed(),
        turns,
        tools,
        sampling,
        maxOutput,
        thinking,
        format,
        asked.choices(),
        Optional.empty(),
        Optional.empty(),
        List.copyOf(unknown));
  }

  private Sampling sampling() {
    return new Sampling(
        config.number("temperature"),
        config.number("topP"),
        config.integer("topK"),
        config.integer("seed"),
        config.number("presencePenalty"),
        config.number("frequencyPenalty"),
        config.texts("stopSequences"));
  }

  /** A budget of -1 leaves the amount to the model, which is what a medium effort comes nearest. */
  private Optional<Thinking> thinking(GeminiFields thinking) {
    boolean shown = thinking.flag("includeThoughts");
    OptionalLong budget = thinking.integer("thinkingBudget");
    Optional<Effort> level = thinking.word("thinkingLevel").flatMap(it -> level(thinking, it));
    thinking.addOthers(unknown);
    if (level.isPresent() && budget.isPresent()) {
      throw new Untranslatable(
          thinking.at("thinkingBudget"), "cannot be there together with thinkingLevel");
    }
    if (level.isPresent()) {
      return Optional.of(Thinking.of(level.get(), shown));
    }
    if (budget.isPresent() && budget.getAsLong() >= 0) {
      return Optional.of(Thinking.ofTokens(budget.getAsLong(), shown));
    }
    if (budget.isPresent() && budget.getAsLong() != -1) {
      throw new Untranslatable(
          thinking.at("thinkingBudget"),
          "must be a number of tokens, or -1 to let the model decide");
    }
    return budget.isPresent() || shown
        ? Optional.of(Thinking.of(Effort.MEDIUM, shown))
        : Optional.empty();
  }

  private static Optional<Effort> level(GeminiFields thinking, String level) {
    return switch (level.toUpperCase(Locale.ROOT)) {
      case "THINKING_LEVEL_UNSPECIFIED" -> Optional.empty();
      case "MINIMAL" -> Optional.of(Effort.MINIMAL);
      case "LOW" -> Optional.of(Effort.LOW);
      case "MEDIUM" -> Optional.of(Effort.MEDIUM);
      case "HIGH" -> Optional.of(Effort.HIGH);
      default ->
          throw new Untranslatable(
              thinking.at("thinkingLevel"), "must be MINIMAL, LOW, MEDIUM or HIGH");
    };
  }

  private AnswerFormat format() {
    String type = config.word("responseMimeType").orElse("text/plain");
    // The SDKs know the JSON schema under two names.
    String json =
        config.names().contains("_responseJsonSchema")
            ? "_responseJsonSchema"
            : "responseJsonSchema";
    Optional<JsonText> schema = GeminiTooling.schema(config, "responseSchema", json);
    return switch (type) {
      case "text/plain" -> {
        if (schema.isPresent()) {
          throw new Untranslatable(
              config.at("responseMimeType"), "must be application/json where there is a schema");
        }
        yield new AnswerFormat.Text();
      }
      case "application/json" ->
          schema
              .<AnswerFormat>map(it ->
                  new AnswerFormat.JsonSchema("answer", Optional.empty(), it, Optional.empty()))
              .orElse(new AnswerFormat.JsonObject());
      default ->
          throw new Untranslatable(
              config.at("responseMimeType"), "must be text/plain or application/json");
    };
  }
}

package io.bitrouter.it.sdk;

import com.google.genai.Client;
import com.google.genai.ResponseStream;
import com.google.genai.errors.ApiException;
import com.google.genai.types.Candidate;
import com.google.genai.types.Content;
import com.google.genai.types.FunctionCall;
import com.google.genai.types.FunctionDeclaration;
import com.google.genai.types.FunctionResponse;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.GenerateContentResponseUsageMetadata;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.HttpRetryOptions;
import com.google.genai.types.Part;
import com.google.genai.types.Schema;
import com.google.genai.types.ThinkingConfig;
import com.google.genai.types.Tool;
import com.google.genai.types.Type;
import io.bitrouter.it.sdk.Ask.Feature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** Google's own library. */
final class GoogleGenAiTest extends SdkContract {

  @Override
  Said whole(Ask ask) {
    try (Client client = client(WORLD.key().token(), 3)) {
      return said(List.of(client.models.generateContent(ask.model(), contents(ask), config(ask))));
    }
  }

  @Override
  Said streamed(Ask ask) {
    List<GenerateContentResponse> all = new ArrayList<>();
    try (Client client = client(WORLD.key().token(), 3);
        ResponseStream<GenerateContentResponse> stream =
            client.models.generateContentStream(ask.model(), contents(ask), config(ask))) {
      stream.forEach(all::add);
    }
    return said(all);
  }

  @Override
  Ask.Forecast forecast(Ask ask) {
    return JsonMapper.shared().readValue(whole(ask).text(), Ask.Forecast.class);
  }

  @Override
  String leave(Ask ask) {
    try (Client client = client(WORLD.key().token(), 1);
        ResponseStream<GenerateContentResponse> stream =
            client.models.generateContentStream(ask.model(), contents(ask), config(ask))) {
      return String.valueOf(stream.iterator().next().text());
    }
  }

  @Override
  void once(Ask ask, String token) {
    try (Client client = client(token, 1)) {
      Object unused = client.models.generateContent(ask.model(), contents(ask), config(ask));
    }
  }

  @Override
  Said.Failure failure(RuntimeException thrown) {
    return thrown instanceof ApiException said
        ? new Said.Failure(said.code(), said.message())
        : new Said.Failure(0, String.valueOf(thrown.getMessage()));
  }

  @Override
  String finish(boolean calls) {
    return "STOP";
  }

  private static Client client(String token, int attempts) {
    return Client.builder()
        .apiKey(token)
        .httpOptions(
            HttpOptions.builder()
                .baseUrl(WORLD.node().endpoint().toString())
                .retryOptions(
                    HttpRetryOptions.builder().attempts(attempts).initialDelay(0.02).build())
                .build())
        .build();
  }

  private static GenerateContentConfig config(Ask ask) {
    var config =
        GenerateContentConfig.builder()
            .systemInstruction(Content.fromParts(Part.fromText(ask.system())));
    if (ask.has(Feature.THOUGHT)) {
      config.thinkingConfig(
          ThinkingConfig.builder().includeThoughts(true).thinkingBudget(2_048).build());
    }
    if (ask.has(Feature.SCHEMA)) {
      config.responseMimeType("application/json").responseSchema(schema(List.of("city", "days")));
    }
    if (ask.has(Feature.TOOLS)) {
      List<FunctionDeclaration> functions = new ArrayList<>();
      Ask.TOOLS.forEach((name, fields) ->
          functions.add(
              FunctionDeclaration.builder()
                  .name(name)
                  .description("Tells it")
                  .parameters(schema(fields))
                  .build()));
      config.tools(Tool.builder().functionDeclarations(functions).build());
    }
    return config.build();
  }

  private static Schema schema(List<String> fields) {
    Map<String, Schema> properties = new LinkedHashMap<>();
    fields.forEach(field ->
        properties.put(
            field,
            Schema.builder()
                .type(field.equals("days") ? Type.Known.INTEGER : Type.Known.STRING)
                .build()));
    return Schema.builder().type(Type.Known.OBJECT).properties(properties).required(fields).build();
  }

  private static List<Content> contents(Ask ask) {
    List<Part> question = new ArrayList<>();
    question.add(Part.fromText(ask.text()));
    if (ask.has(Feature.IMAGE)) {
      question.add(Part.fromBytes(Base64.getDecoder().decode(Ask.PIXEL), "image/png"));
    }
    List<Content> contents = new ArrayList<>();
    contents.add(Content.builder().role("user").parts(question).build());
    ask.previous()
        .ifPresent(said -> {
          List<Part> results = new ArrayList<>();
          for (int i = 0; i < said.calls().size(); i++) {
            results.add(result(said.calls().get(i), Ask.RESULTS.get(i)));
          }
          contents.add((Content) said.own());
          contents.add(Content.builder().role("user").parts(results).build());
        });
    return contents;
  }

  private static Part result(Said.Call call, String text) {
    var result = FunctionResponse.builder().name(call.name()).response(Map.of("output", text));
    if (!call.id().isEmpty()) {
      result.id(call.id());
    }
    return Part.builder().functionResponse(result.build()).build();
  }

  /** One answer, whole or in pieces. */
  private static Said said(List<GenerateContentResponse> pieces) {
    List<Part> parts = pieces.stream().flatMap(piece -> piece.parts().stream()).toList();
    Predicate<Part> thought = part -> part.thought().orElse(false);
    GenerateContentResponseUsageMetadata usage = pieces.getLast().usageMetadata().orElseThrow();
    return new Said(
        text(parts, thought.negate()),
        text(parts, thought),
        parts.stream()
            .flatMap(part -> part.functionCall().stream())
            .map(GoogleGenAiTest::call)
            .toList(),
        pieces
            .getLast()
            .candidates()
            .map(List::getFirst)
            .flatMap(Candidate::finishReason)
            .map(Object::toString)
            .orElse(""),
        new Seen(
            usage.promptTokenCount().orElseThrow(),
            usage.cachedContentTokenCount().orElse(0),
            usage.candidatesTokenCount().orElseThrow() + usage.thoughtsTokenCount().orElse(0)),
        Content.builder().role("model").parts(parts).build());
  }

  private static String text(List<Part> parts, Predicate<Part> which) {
    return parts.stream()
        .filter(which)
        .flatMap(part -> part.text().stream())
        .collect(Collectors.joining());
  }

  private static Said.Call call(FunctionCall call) {
    return Said.Call.of(call.id(), call.name(), call.args().orElse(Map.of()));
  }
}

package io.bitrouter.it.sdk;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.OpenAIServiceException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.ReasoningEffort;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.completions.CompletionUsage;
import io.bitrouter.it.sdk.Ask.Feature;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** OpenAI's own library, by chat completions. */
@SuppressWarnings("deprecation") // the only way to members that the library does not know
final class OpenAiChatTest extends SdkContract {

  @Override
  Said whole(Ask ask) {
    return using(
        WORLD.key().token(),
        2,
        client -> {
          ChatCompletion answer = client.chat().completions().create(params(ask).build());
          ChatCompletionMessage message = answer.choices().getFirst().message();
          return said(answer, thought(message._additionalProperties()));
        });
  }

  @Override
  Said streamed(Ask ask) {
    ChatCompletionStreamOptions options =
        ChatCompletionStreamOptions.builder().includeUsage(true).build();
    return using(
        WORLD.key().token(),
        2,
        client -> {
          ChatCompletionAccumulator answer = ChatCompletionAccumulator.create();
          StringBuilder thought = new StringBuilder();
          try (StreamResponse<ChatCompletionChunk> stream =
              client
                  .chat()
                  .completions()
                  .createStreaming(params(ask).streamOptions(options).build())) {
            stream.stream()
                .peek(answer::accumulate)
                .flatMap(chunk -> chunk.choices().stream())
                .forEach(choice -> thought.append(thought(choice.delta()._additionalProperties())));
          }
          return said(answer.chatCompletion(), thought.toString());
        });
  }

  @Override
  Ask.Forecast forecast(Ask ask) {
    return using(
        WORLD.key().token(),
        2,
        client ->
            client
                .chat()
                .completions()
                .create(params(ask).responseFormat(Ask.Forecast.class).build())
                .choices()
                .getFirst()
                .message()
                .content()
                .orElseThrow());
  }

  @Override
  String leave(Ask ask) {
    return using(
        WORLD.key().token(),
        0,
        client -> {
          try (StreamResponse<ChatCompletionChunk> stream =
              client.chat().completions().createStreaming(params(ask).build())) {
            return stream.stream()
                .flatMap(chunk -> chunk.choices().stream())
                .flatMap(choice -> choice.delta().content().stream())
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElseThrow();
          }
        });
  }

  @Override
  void once(Ask ask, String token) {
    Object unused =
        using(token, 0, client -> client.chat().completions().create(params(ask).build()));
  }

  @Override
  Said.Failure failure(RuntimeException thrown) {
    return failureOf(thrown);
  }

  static Said.Failure failureOf(RuntimeException thrown) {
    return thrown instanceof OpenAIServiceException said
        ? new Said.Failure(said.statusCode(), String.valueOf(said.getMessage()))
        : new Said.Failure(0, String.valueOf(thrown.getMessage()));
  }

  @Override
  String finish(boolean calls) {
    return calls ? "tool_calls" : "stop";
  }

  /** What {@code use} makes of a client with this token that tries again so often. */
  static <T> T using(String token, int retries, Function<OpenAIClient, T> use) {
    OpenAIClient client =
        OpenAIOkHttpClient.builder()
            .baseUrl(WORLD.node().endpoint() + "/v1")
            .apiKey(token)
            .maxRetries(retries)
            .build();
    try {
      return use.apply(client);
    } finally {
      client.close();
    }
  }

  private static ChatCompletionCreateParams.Builder params(Ask ask) {
    var params =
        ChatCompletionCreateParams.builder().model(ask.model()).addSystemMessage(ask.system());
    if (ask.has(Feature.IMAGE)) {
      var image =
          ChatCompletionContentPartImage.ImageUrl.builder()
              .url("data:image/png;base64," + Ask.PIXEL)
              .build();
      params.addUserMessageOfArrayOfContentParts(
          List.of(
              ChatCompletionContentPart.ofText(
                  ChatCompletionContentPartText.builder().text(ask.text()).build()),
              ChatCompletionContentPart.ofImageUrl(
                  ChatCompletionContentPartImage.builder().imageUrl(image).build())));
    } else {
      params.addUserMessage(ask.text());
    }
    if (ask.has(Feature.THOUGHT)) {
      params.reasoningEffort(ReasoningEffort.LOW);
    }
    if (ask.has(Feature.TOOLS)) {
      Ask.TOOLS.forEach((name, fields) ->
          params.addFunctionTool(
              FunctionDefinition.builder()
                  .name(name)
                  .description("Tells it")
                  .parameters(
                      FunctionParameters.builder()
                          .putAllAdditionalProperties(schema(fields))
                          .build())
                  .build()));
    }
    ask.previous().ifPresent(said -> results(said, params));
    return params;
  }

  private static void results(Said said, ChatCompletionCreateParams.Builder params) {
    params.addMessage((ChatCompletionMessage) said.own());
    for (int i = 0; i < said.calls().size(); i++) {
      params.addMessage(
          ChatCompletionToolMessageParam.builder()
              .toolCallId(said.calls().get(i).id())
              .content(Ask.RESULTS.get(i))
              .build());
    }
  }

  /** A schema of an object with these fields, of which {@code days} is a number. */
  static Map<String, JsonValue> schema(List<String> fields) {
    Map<String, Object> properties = new LinkedHashMap<>();
    fields.forEach(field ->
        properties.put(field, Map.of("type", field.equals("days") ? "integer" : "string")));
    return Map.of(
        "type", JsonValue.from("object"),
        "properties", JsonValue.from(properties),
        "required", JsonValue.from(fields));
  }

  private static Said said(ChatCompletion answer, String thought) {
    ChatCompletion.Choice choice = answer.choices().getFirst();
    List<Said.Call> calls = new ArrayList<>();
    choice
        .message()
        .toolCalls()
        .ifPresent(all ->
            all.forEach(call ->
                calls.add(
                    Said.Call.of(
                        call.asFunction().id(),
                        call.asFunction().function().name(),
                        call.asFunction().function().arguments()))));
    CompletionUsage usage = answer.usage().orElseThrow();
    long cached =
        usage
            .promptTokensDetails()
            .flatMap(CompletionUsage.PromptTokensDetails::cachedTokens)
            .orElseThrow();
    return new Said(
        choice.message().content().orElse(""),
        thought,
        calls,
        choice.finishReason().asString(),
        new Seen(usage.promptTokens(), cached, usage.completionTokens()),
        choice.message());
  }

  /** What OpenAI's protocol has no word for, under the name that everybody gives it. */
  private static String thought(Map<String, JsonValue> more) {
    return more.containsKey("reasoning_content")
        ? more.get("reasoning_content").asStringOrThrow()
        : "";
  }
}

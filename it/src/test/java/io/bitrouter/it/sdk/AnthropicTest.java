package io.bitrouter.it.sdk;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Base64ImageSource;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.TextBlock;
import com.anthropic.models.messages.ThinkingBlock;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.messages.ToolUseBlock;
import com.anthropic.models.messages.Usage;
import io.bitrouter.it.sdk.Ask.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** Anthropic's own library. */
final class AnthropicTest extends SdkContract {

  @Override
  Said whole(Ask ask) {
    return using(
        WORLD.key().token(), 2, client -> said(client.messages().create(params(ask).build())));
  }

  @Override
  Said streamed(Ask ask) {
    return using(
        WORLD.key().token(),
        2,
        client -> {
          MessageAccumulator answer = MessageAccumulator.create();
          try (StreamResponse<RawMessageStreamEvent> stream =
              client.messages().createStreaming(params(ask).build())) {
            stream.stream().forEach(answer::accumulate);
          }
          return said(answer.message());
        });
  }

  @Override
  Ask.Forecast forecast(Ask ask) {
    return using(
        WORLD.key().token(),
        2,
        client ->
            client
                .messages()
                .create(params(ask).outputConfig(Ask.Forecast.class).build())
                .content()
                .getFirst()
                .asText()
                .text());
  }

  @Override
  String leave(Ask ask) {
    return using(
        WORLD.key().token(),
        0,
        client -> {
          try (StreamResponse<RawMessageStreamEvent> stream =
              client.messages().createStreaming(params(ask).build())) {
            return stream.stream()
                .flatMap(event -> event.contentBlockDelta().stream())
                .flatMap(event -> event.delta().text().stream())
                .findFirst()
                .orElseThrow()
                .text();
          }
        });
  }

  @Override
  void once(Ask ask, String token) {
    Object unused = using(token, 0, client -> client.messages().create(params(ask).build()));
  }

  @Override
  Said.Failure failure(RuntimeException thrown) {
    return thrown instanceof AnthropicServiceException said
        ? new Said.Failure(said.statusCode(), String.valueOf(said.getMessage()))
        : new Said.Failure(0, String.valueOf(thrown.getMessage()));
  }

  @Override
  String finish(boolean calls) {
    return calls ? "tool_use" : "end_turn";
  }

  private static <T> T using(String token, int retries, Function<AnthropicClient, T> use) {
    AnthropicClient client =
        AnthropicOkHttpClient.builder()
            .baseUrl(WORLD.node().endpoint().toString())
            .apiKey(token)
            .maxRetries(retries)
            .build();
    try {
      return use.apply(client);
    } finally {
      client.close();
    }
  }

  private static MessageCreateParams.Builder params(Ask ask) {
    var params =
        MessageCreateParams.builder().model(ask.model()).maxTokens(4_096).system(ask.system());
    if (ask.has(Feature.IMAGE)) {
      params.addUserMessageOfContentBlockParams(
          List.of(
              ContentBlockParam.ofText(ask.text()),
              ContentBlockParam.ofImage(
                  Base64ImageSource.builder()
                      .mediaType(Base64ImageSource.MediaType.IMAGE_PNG)
                      .data(Ask.PIXEL)
                      .build())));
    } else {
      params.addUserMessage(ask.text());
    }
    if (ask.has(Feature.THOUGHT)) {
      params.enabledThinking(2_048);
    }
    if (ask.has(Feature.TOOLS)) {
      Ask.TOOLS.forEach((name, fields) -> params.addTool(tool(name, fields)));
    }
    ask.previous().ifPresent(said -> results(said, params));
    return params;
  }

  private static Tool tool(String name, List<String> fields) {
    var properties = Tool.InputSchema.Properties.builder();
    fields.forEach(field ->
        properties.putAdditionalProperty(
            field, JsonValue.from(Map.of("type", field.equals("days") ? "integer" : "string"))));
    return Tool.builder()
        .name(name)
        .description("Tells it")
        .inputSchema(
            Tool.InputSchema.builder().properties(properties.build()).required(fields).build())
        .build();
  }

  private static void results(Said said, MessageCreateParams.Builder params) {
    params.addMessage((Message) said.own());
    List<ContentBlockParam> results = new ArrayList<>();
    for (int i = 0; i < said.calls().size(); i++) {
      results.add(
          ContentBlockParam.ofToolResult(
              ToolResultBlockParam.builder()
                  .toolUseId(said.calls().get(i).id())
                  .content(Ask.RESULTS.get(i))
                  .build()));
    }
    params.addUserMessageOfContentBlockParams(results);
  }

  private static Said said(Message answer) {
    List<ContentBlock> blocks = answer.content();
    Usage usage = answer.usage();
    long read = usage.cacheReadInputTokens().orElseThrow();
    return new Said(
        blocks.stream()
            .flatMap(block -> block.text().stream())
            .map(TextBlock::text)
            .collect(Collectors.joining()),
        blocks.stream()
            .flatMap(block -> block.thinking().stream())
            .map(ThinkingBlock::thinking)
            .collect(Collectors.joining()),
        blocks.stream()
            .flatMap(block -> block.toolUse().stream())
            .map(AnthropicTest::call)
            .toList(),
        answer.stopReason().map(StopReason::asString).orElse(""),
        new Seen(
            usage.inputTokens() + read + usage.cacheCreationInputTokens().orElseThrow(),
            read,
            usage.outputTokens()),
        answer);
  }

  private static Said.Call call(ToolUseBlock call) {
    Object input = call._input().convert(Object.class);
    return new Said.Call(call.id(), call.name(), JsonMapper.shared().valueToTree(input));
  }
}

package io.bitrouter.it.sdk;

import com.openai.core.http.StreamResponse;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.Reasoning;
import com.openai.models.ReasoningEffort;
import com.openai.models.responses.EasyInputMessage;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseInputContent;
import com.openai.models.responses.ResponseInputImage;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseInputText;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseOutputMessage;
import com.openai.models.responses.ResponseOutputText;
import com.openai.models.responses.ResponseReasoningItem;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.ResponseTextDeltaEvent;
import com.openai.models.responses.ResponseUsage;
import io.bitrouter.it.sdk.Ask.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** OpenAI's own library, by responses. */
final class OpenAiResponsesTest extends SdkContract {

  @Override
  Said whole(Ask ask) {
    return OpenAiChatTest.using(
        WORLD.key().token(), 2, client -> said(client.responses().create(params(ask).build())));
  }

  @Override
  Said streamed(Ask ask) {
    return OpenAiChatTest.using(
        WORLD.key().token(),
        2,
        client -> {
          ResponseAccumulator answer = ResponseAccumulator.create();
          try (StreamResponse<ResponseStreamEvent> stream =
              client.responses().createStreaming(params(ask).build())) {
            stream.stream()
                .peek(event -> event.error().ifPresent(error -> fail(error.message())))
                .forEach(answer::accumulate);
          }
          answer.response().error().ifPresent(error -> fail(error.message()));
          return said(answer.response());
        });
  }

  /** The library leaves it to its user to look for an event that tells of a failure. */
  private static void fail(String message) {
    throw new IllegalStateException(message);
  }

  @Override
  Ask.Forecast forecast(Ask ask) {
    return OpenAiChatTest.using(
        WORLD.key().token(),
        2,
        client ->
            client
                .responses()
                .create(params(ask).text(Ask.Forecast.class).build())
                .output()
                .stream()
                .flatMap(item -> item.message().stream())
                .flatMap(message -> message.content().stream())
                .flatMap(content -> content.outputText().stream())
                .findFirst()
                .orElseThrow());
  }

  @Override
  String leave(Ask ask) {
    return OpenAiChatTest.using(
        WORLD.key().token(),
        0,
        client -> {
          try (StreamResponse<ResponseStreamEvent> stream =
              client.responses().createStreaming(params(ask).build())) {
            return stream.stream()
                .flatMap(event -> event.outputTextDelta().stream())
                .map(ResponseTextDeltaEvent::delta)
                .findFirst()
                .orElseThrow();
          }
        });
  }

  @Override
  void once(Ask ask, String token) {
    Object unused =
        OpenAiChatTest.using(token, 0, client -> client.responses().create(params(ask).build()));
  }

  @Override
  Said.Failure failure(RuntimeException thrown) {
    return OpenAiChatTest.failureOf(thrown);
  }

  @Override
  String finish(boolean calls) {
    return "completed";
  }

  private static ResponseCreateParams.Builder params(Ask ask) {
    var params =
        ResponseCreateParams.builder().model(ask.model()).instructions(ask.system()).store(false);
    List<ResponseInputItem> input = new ArrayList<>();
    input.add(ResponseInputItem.ofEasyInputMessage(question(ask)));
    ask.previous().ifPresent(said -> results(said, input));
    params.inputOfResponse(input);
    if (ask.has(Feature.THOUGHT)) {
      params.reasoning(
          Reasoning.builder().effort(ReasoningEffort.LOW).summary(Reasoning.Summary.AUTO).build());
    }
    if (ask.has(Feature.TOOLS)) {
      Ask.TOOLS.forEach((name, fields) ->
          params.addTool(
              FunctionTool.builder()
                  .name(name)
                  .description("Tells it")
                  .strict(false)
                  .parameters(
                      FunctionTool.Parameters.builder()
                          .putAllAdditionalProperties(OpenAiChatTest.schema(fields))
                          .build())
                  .build()));
    }
    return params;
  }

  private static EasyInputMessage question(Ask ask) {
    var message = EasyInputMessage.builder().role(EasyInputMessage.Role.USER);
    if (!ask.has(Feature.IMAGE)) {
      return message.content(ask.text()).build();
    }
    return message
        .contentOfResponseInputMessageContentList(
            List.of(
                ResponseInputContent.ofInputText(
                    ResponseInputText.builder().text(ask.text()).build()),
                ResponseInputContent.ofInputImage(
                    ResponseInputImage.builder()
                        .detail(ResponseInputImage.Detail.AUTO)
                        .imageUrl("data:image/png;base64," + Ask.PIXEL)
                        .build())))
        .build();
  }

  private static void results(Said said, List<ResponseInputItem> input) {
    ((Response) said.own())
        .output().stream()
            .flatMap(item -> item.functionCall().stream())
            .map(ResponseInputItem::ofFunctionCall)
            .forEach(input::add);
    for (int i = 0; i < said.calls().size(); i++) {
      input.add(
          ResponseInputItem.ofFunctionCallOutput(
              ResponseInputItem.FunctionCallOutput.builder()
                  .callId(said.calls().get(i).id())
                  .output(Ask.RESULTS.get(i))
                  .build()));
    }
  }

  private static Said said(Response answer) {
    List<ResponseOutputItem> items = answer.output();
    ResponseUsage usage = answer.usage().orElseThrow();
    return new Said(
        items.stream()
            .flatMap(item -> item.message().stream())
            .map(ResponseOutputMessage::content)
            .flatMap(List::stream)
            .flatMap(content -> content.outputText().stream())
            .map(ResponseOutputText::text)
            .collect(Collectors.joining()),
        items.stream()
            .flatMap(item -> item.reasoning().stream())
            .map(ResponseReasoningItem::summary)
            .flatMap(List::stream)
            .map(ResponseReasoningItem.Summary::text)
            .collect(Collectors.joining()),
        items.stream()
            .flatMap(item -> item.functionCall().stream())
            .map(OpenAiResponsesTest::call)
            .toList(),
        answer.status().map(ResponseStatus::asString).orElse(""),
        new Seen(
            usage.inputTokens(), usage.inputTokensDetails().cachedTokens(), usage.outputTokens()),
        answer);
  }

  private static Said.Call call(ResponseFunctionToolCall call) {
    return Said.Call.of(call.callId(), call.name(), call.arguments());
  }
}

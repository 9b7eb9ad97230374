package io.bitrouter.it.sdk;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.TokenUsage;
import io.bitrouter.it.sdk.Ask.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/** LangChain4j, which speaks to each vendor with a library of its own. */
abstract class LangChain4j extends SdkContract {

  /**
   * All that the library tells of a failure that it does not look for in a stream: that the body
   * broke off.
   */
  static final String CUT = "closed";

  private static final int PATIENCE_SECONDS = 30;

  /** The model that answers as a whole. */
  abstract ChatModel model(Ask ask, String token, int retries);

  /** The model that streams. */
  abstract StreamingChatModel streaming(Ask ask);

  /** The usage, which is told differently of every vendor. */
  abstract Seen seen(TokenUsage usage);

  @Override
  Said whole(Ask ask) {
    return said(model(ask, WORLD.key().token(), 2).chat(request(ask)));
  }

  @Override
  Said streamed(Ask ask) {
    Listening listening = new Listening(false);
    streaming(ask).chat(request(ask), listening);
    return said(await(listening.answer));
  }

  @Override
  Ask.Forecast forecast(Ask ask) {
    return JsonMapper.shared().readValue(whole(ask).text(), Ask.Forecast.class);
  }

  @Override
  String leave(Ask ask) {
    Listening listening = new Listening(true);
    streaming(ask).chat(request(ask), listening);
    return await(listening.first);
  }

  @Override
  void once(Ask ask, String token) {
    Object unused = model(ask, token, 0).chat(request(ask));
  }

  @Override
  Said.Failure failure(RuntimeException thrown) {
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      if (each instanceof HttpException http) {
        return new Said.Failure(http.statusCode(), String.valueOf(http.getMessage()));
      }
    }
    return new Said.Failure(0, String.valueOf(thrown.getMessage()));
  }

  @Override
  String finish(boolean calls) {
    return calls ? "TOOL_EXECUTION" : "STOP";
  }

  private static <T> T await(CompletableFuture<T> future) {
    try {
      return future.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException failure ? failure : e;
    }
  }

  /** Keeps the first piece and the whole; may leave after the first. */
  private static final class Listening implements StreamingChatResponseHandler {
    private final CompletableFuture<String> first = new CompletableFuture<>();
    private final CompletableFuture<ChatResponse> answer = new CompletableFuture<>();
    private final boolean leaves;

    Listening(boolean leaves) {
      this.leaves = leaves;
    }

    @Override
    public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
      if (leaves) {
        context.streamingHandle().cancel();
      }
      first.complete(piece.text());
    }

    @Override
    public void onCompleteResponse(ChatResponse whole) {
      answer.complete(whole);
    }

    @Override
    public void onError(Throwable thrown) {
      first.completeExceptionally(thrown);
      answer.completeExceptionally(thrown);
    }
  }

  private static ChatRequest request(Ask ask) {
    List<ChatMessage> messages = new ArrayList<>();
    messages.add(SystemMessage.from(ask.system()));
    messages.add(
        ask.has(Feature.IMAGE)
            ? UserMessage.from(
                TextContent.from(ask.text()), ImageContent.from(Ask.PIXEL, "image/png"))
            : UserMessage.from(ask.text()));
    ask.previous().ifPresent(said -> results((AiMessage) said.own(), messages));
    ChatRequest.Builder request = ChatRequest.builder().messages(messages);
    if (ask.has(Feature.TOOLS)) {
      List<ToolSpecification> tools = new ArrayList<>();
      Ask.TOOLS.forEach((name, fields) ->
          tools.add(
              ToolSpecification.builder()
                  .name(name)
                  .description("Tells it")
                  .parameters(schema(fields))
                  .build()));
      request.toolSpecifications(tools);
    }
    if (ask.has(Feature.SCHEMA)) {
      request.responseFormat(
          ResponseFormat.builder()
              .type(ResponseFormatType.JSON)
              .jsonSchema(
                  JsonSchema.builder()
                      .name("forecast")
                      .rootElement(schema(List.of("city", "days")))
                      .build())
              .build());
    }
    return request.build();
  }

  private static JsonObjectSchema schema(List<String> fields) {
    JsonObjectSchema.Builder schema = JsonObjectSchema.builder().required(fields);
    for (String field : fields) {
      if (field.equals("days")) {
        schema.addIntegerProperty(field);
      } else {
        schema.addStringProperty(field);
      }
    }
    return schema.build();
  }

  private static void results(AiMessage called, List<ChatMessage> messages) {
    messages.add(called);
    for (int i = 0; i < called.toolExecutionRequests().size(); i++) {
      messages.add(
          ToolExecutionResultMessage.from(
              called.toolExecutionRequests().get(i), Ask.RESULTS.get(i)));
    }
  }

  private Said said(ChatResponse answer) {
    AiMessage message = answer.aiMessage();
    if (answer.finishReason() == null) {
      throw new IllegalStateException("the answer has no reason to have ended");
    }
    return new Said(
        Objects.requireNonNullElse(message.text(), ""),
        Objects.requireNonNullElse(message.thinking(), ""),
        message.toolExecutionRequests().stream().map(LangChain4j::call).toList(),
        String.valueOf(answer.finishReason()),
        seen(answer.tokenUsage()),
        message);
  }

  private static Said.Call call(ToolExecutionRequest call) {
    return Said.Call.of(Objects.requireNonNullElse(call.id(), ""), call.name(), call.arguments());
  }
}

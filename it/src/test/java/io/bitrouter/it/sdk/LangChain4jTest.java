package io.bitrouter.it.sdk;

import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.anthropic.AnthropicTokenUsage;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.googleai.GeminiThinkingConfig;
import dev.langchain4j.model.googleai.GoogleAiGeminiChatModel;
import dev.langchain4j.model.googleai.GoogleAiGeminiStreamingChatModel;
import dev.langchain4j.model.googleai.GoogleAiGeminiTokenUsage;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiTokenUsage;
import dev.langchain4j.model.output.TokenUsage;
import io.bitrouter.it.sdk.Ask.Feature;
import java.util.Optional;
import org.junit.jupiter.api.Nested;

/** LangChain4j with each of its three libraries. */
final class LangChain4jTest {

  @Nested
  final class OpenAi extends LangChain4j {

    @Override
    ChatModel model(Ask ask, String token, int retries) {
      var model =
          OpenAiChatModel.builder()
              .baseUrl(WORLD.node().endpoint() + "/v1")
              .apiKey(token)
              .modelName(ask.model())
              .strictJsonSchema(true)
              .returnThinking(true)
              .maxRetries(retries);
      return ask.has(Feature.THOUGHT) ? model.reasoningEffort("low").build() : model.build();
    }

    @Override
    StreamingChatModel streaming(Ask ask) {
      var model =
          OpenAiStreamingChatModel.builder()
              .baseUrl(WORLD.node().endpoint() + "/v1")
              .apiKey(WORLD.key().token())
              .modelName(ask.model())
              .returnThinking(true);
      return ask.has(Feature.THOUGHT) ? model.reasoningEffort("low").build() : model.build();
    }

    @Override
    Seen seen(TokenUsage usage) {
      return new Seen(
          usage.inputTokenCount(),
          ((OpenAiTokenUsage) usage).inputTokensDetails().cachedTokens(),
          usage.outputTokenCount());
    }

    @Override
    String brokenOff(Vendor upstream, String message) {
      return CUT;
    }
  }

  @Nested
  final class Anthropic extends LangChain4j {

    @Override
    ChatModel model(Ask ask, String token, int retries) {
      var model =
          AnthropicChatModel.builder()
              .baseUrl(WORLD.node().endpoint() + "/v1/")
              .apiKey(token)
              .modelName(ask.model())
              .maxTokens(4_096)
              .supportedCapabilities(Capability.RESPONSE_FORMAT_JSON_SCHEMA)
              .returnThinking(true)
              .maxRetries(retries);
      return ask.has(Feature.THOUGHT)
          ? model.thinkingType("enabled").thinkingBudgetTokens(2_048).build()
          : model.build();
    }

    @Override
    StreamingChatModel streaming(Ask ask) {
      var model =
          AnthropicStreamingChatModel.builder()
              .baseUrl(WORLD.node().endpoint() + "/v1/")
              .apiKey(WORLD.key().token())
              .modelName(ask.model())
              .maxTokens(4_096)
              .returnThinking(true);
      return ask.has(Feature.THOUGHT)
          ? model.thinkingType("enabled").thinkingBudgetTokens(2_048).build()
          : model.build();
    }

    @Override
    Seen seen(TokenUsage usage) {
      AnthropicTokenUsage figures = (AnthropicTokenUsage) usage;
      return new Seen(
          figures.inputTokenCount()
              + figures.cacheReadInputTokens()
              + figures.cacheCreationInputTokens(),
          figures.cacheReadInputTokens(),
          figures.outputTokenCount());
    }
  }

  @Nested
  final class Gemini extends LangChain4j {

    @Override
    ChatModel model(Ask ask, String token, int retries) {
      return GoogleAiGeminiChatModel.builder()
          .baseUrl(WORLD.node().endpoint() + "/v1beta")
          .apiKey(token)
          .modelName(ask.model())
          .supportedCapabilities(Capability.RESPONSE_FORMAT_JSON_SCHEMA)
          .thinkingConfig(thinking(ask))
          .returnThinking(true)
          .sendThinking(true)
          .maxRetries(retries)
          .build();
    }

    @Override
    StreamingChatModel streaming(Ask ask) {
      return GoogleAiGeminiStreamingChatModel.builder()
          .baseUrl(WORLD.node().endpoint() + "/v1beta")
          .apiKey(WORLD.key().token())
          .modelName(ask.model())
          .thinkingConfig(thinking(ask))
          .returnThinking(true)
          .sendThinking(true)
          .build();
    }

    private static GeminiThinkingConfig thinking(Ask ask) {
      return GeminiThinkingConfig.builder()
          .includeThoughts(ask.has(Feature.THOUGHT))
          .thinkingBudget(2_048)
          .build();
    }

    @Override
    Seen seen(TokenUsage usage) {
      GoogleAiGeminiTokenUsage figures = (GoogleAiGeminiTokenUsage) usage;
      int thoughts = Optional.ofNullable(figures.thoughtsTokenCount()).orElse(0);
      return new Seen(
          figures.inputTokenCount(),
          Optional.ofNullable(figures.cachedContentTokenCount()).orElse(0),
          figures.outputTokenCount() + thoughts);
    }

    @Override
    String brokenOff(Vendor upstream, String message) {
      return CUT;
    }
  }
}

package io.bitrouter.wire;

import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.gateway.Dialect;
import io.bitrouter.wire.chat.ChatDialect;
import io.bitrouter.wire.chat.ChatEmbeddingsCodec;
import io.bitrouter.wire.chat.ChatUpstreamCodec;
import io.bitrouter.wire.chat.EmbeddingsDialect;
import io.bitrouter.wire.embed.Embedder;
import io.bitrouter.wire.gemini.GeminiCountDialect;
import io.bitrouter.wire.gemini.GeminiDialect;
import io.bitrouter.wire.gemini.GeminiEmbeddingsCodec;
import io.bitrouter.wire.gemini.GeminiEmbeddingsDialect;
import io.bitrouter.wire.gemini.GeminiUpstreamCodec;
import io.bitrouter.wire.messages.CountTokensDialect;
import io.bitrouter.wire.messages.MessagesDialect;
import io.bitrouter.wire.messages.MessagesUpstreamCodec;
import io.bitrouter.wire.responses.ResponsesDialect;
import io.bitrouter.wire.responses.ResponsesUpstreamCodec;
import io.bitrouter.wire.translate.Translator;
import java.util.Map;
import java.util.Optional;

/** Every protocol that clients can speak, each able to reach upstreams of all. Thread-safe. */
public final class DialectRegistry {

  private final Map<Protocol, Dialect> dialects;
  private final Dialect embeddings;
  private final Dialect countTokens;
  private final Dialect geminiEmbeddings;
  private final Dialect geminiCount;

  /** All four. */
  public DialectRegistry() {
    Translator translator =
        new Translator(
            Map.of(
                Protocol.CHAT, new ChatUpstreamCodec(),
                Protocol.MESSAGES, new MessagesUpstreamCodec(),
                Protocol.RESPONSES, new ResponsesUpstreamCodec(),
                Protocol.GEMINI, new GeminiUpstreamCodec()));
    ChatDialect chat = new ChatDialect(translator);
    MessagesDialect messages = new MessagesDialect(translator);
    GeminiDialect gemini = new GeminiDialect(translator);
    Embedder embedder =
        new Embedder(
            Map.of(
                Protocol.CHAT, new ChatEmbeddingsCodec(),
                Protocol.GEMINI, new GeminiEmbeddingsCodec()));
    this.embeddings = new EmbeddingsDialect(chat, embedder);
    this.geminiEmbeddings = new GeminiEmbeddingsDialect(gemini, embedder);
    this.geminiCount = new GeminiCountDialect(gemini);
    this.countTokens = new CountTokensDialect(messages);
    this.dialects =
        Map.of(
            Protocol.CHAT,
            chat,
            Protocol.MESSAGES,
            messages,
            Protocol.RESPONSES,
            new ResponsesDialect(translator),
            Protocol.GEMINI,
            gemini);
  }

  /** The dialect of {@code protocol}. */
  public Dialect of(Protocol protocol) {
    return Optional.ofNullable(dialects.get(protocol))
        .orElseThrow(() -> new IllegalArgumentException("no dialect of " + protocol));
  }

  /** OpenAI's embeddings. */
  public Dialect embeddings() {
    return embeddings;
  }

  /** Anthropic's count of tokens. */
  public Dialect countTokens() {
    return countTokens;
  }

  /** Gemini's embeddings, of one content and of several. */
  public Dialect geminiEmbeddings() {
    return geminiEmbeddings;
  }

  /** Gemini's count of tokens. */
  public Dialect geminiCount() {
    return geminiCount;
  }
}

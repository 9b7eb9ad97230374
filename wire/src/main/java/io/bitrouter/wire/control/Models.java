package io.bitrouter.wire.control;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Optional;

/** Models that can be called. */
public interface Models {
  /**
   * One routable model. {@code object}, {@code created} and {@code ownedBy} are what OpenAI's
   * clients expect of it, {@code type} and {@code displayName} what Anthropic's do.
   *
   * @param id the name to call it by, {@code provider/model} or the bare model
   * @param object always {@code model}
   * @param type always {@code model}
   * @param inputModalities what it reads, for example {@code text}, {@code image}
   * @param capabilities for example {@code tools}, {@code streaming}
   * @param maxInputTokens context size; absent when unknown
   * @param pricing absent when the model has no known price
   * @param providers ids of the providers that serve it
   */
  record ModelInfo(
      String id,
      String object,
      long created,
      String ownedBy,
      String type,
      String displayName,
      Optional<String> description,
      List<String> inputModalities,
      List<String> outputModalities,
      List<String> capabilities,
      Optional<Long> maxInputTokens,
      Optional<Long> maxOutputTokens,
      Optional<ModelPricing> pricing,
      List<String> providers) {}

  /**
   * Answer of {@code GET /v1/models}: one shape that OpenAI's and Anthropic's clients both read.
   *
   * @param object always {@code list}
   * @param hasMore always false: the list is complete
   */
  record ModelList(
      String object,
      List<ModelInfo> data,
      boolean hasMore,
      Optional<String> firstId,
      Optional<String> lastId) {}

  /** Prices of one model in millionths of a millionth of a US dollar (pico-USD) per token. */
  record ModelPricing(
      long inputPicoUsd,
      long outputPicoUsd,
      Optional<Long> cacheReadPicoUsd,
      @JsonProperty("cache_write_5m_pico_usd") Optional<Long> cacheWrite5mPicoUsd,
      @JsonProperty("cache_write_1h_pico_usd") Optional<Long> cacheWrite1hPicoUsd) {}
}

package io.bitrouter.wire.chat;

import static io.bitrouter.wire.json.Json.ABSENT;

import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.core.exchange.UsageOrigin;
import io.bitrouter.core.kernel.Money;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.json.Span;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;

/** One {@code usage} object of an answer or a chunk, in any of its spellings. */
final class ChatUsage {

  private long prompt = ABSENT;
  private long completion = ABSENT;
  private long total = ABSENT;
  private long cached = ABSENT;
  private long topLevelCached = ABSENT;
  private long cacheWrite = 0;
  private long reasoning = 0;
  private long cacheHit = ABSENT;
  private long cacheMiss = ABSENT;
  private Span at = new Span(0, 0);
  private @Nullable Span costAt;

  private ChatUsage() {}

  /** Reads the object that the parser's token opens. */
  static ChatUsage read(JsonParser json) {
    ChatUsage usage = new ChatUsage();
    int start = Json.tokenStart(json);
    Json.members(json, usage::member);
    usage.at = new Span(start, Json.tokenEnd(json));
    return usage;
  }

  /**
   * Writes the member {@code usage}.
   *
   * @param costNanos the cost, for clients that are told it
   */
  static void write(JsonGenerator json, TokenUsage tokens, OptionalLong costNanos) {
    json.writeObjectPropertyStart("usage");
    json.writeNumberProperty("prompt_tokens", tokens.promptTokens());
    json.writeNumberProperty("completion_tokens", tokens.completionTokens());
    json.writeNumberProperty("total_tokens", tokens.promptTokens() + tokens.completionTokens());
    json.writeObjectPropertyStart("prompt_tokens_details");
    json.writeNumberProperty("cached_tokens", tokens.cacheRead());
    json.writeEndObject();
    json.writeObjectPropertyStart("completion_tokens_details");
    json.writeNumberProperty("reasoning_tokens", tokens.reasoning());
    json.writeEndObject();
    costNanos.ifPresent(nanos -> {
      json.writeName("cost");
      json.writeRawValue(Money.usdText(nanos));
    });
    json.writeEndObject();
  }

  private void member(String name, JsonParser json) {
    switch (name) {
      case "prompt_tokens" -> prompt = Json.tokens(json);
      case "completion_tokens" -> completion = Json.tokens(json);
      case "total_tokens" -> total = Json.tokens(json);
      case "prompt_cache_hit_tokens" -> cacheHit = Json.tokens(json);
      case "prompt_cache_miss_tokens" -> cacheMiss = Json.tokens(json);
      case "cached_tokens" -> topLevelCached = Json.tokens(json);
      case "prompt_tokens_details", "completion_tokens_details" -> Json.members(json, this::detail);
      case "cost" -> costAt = Json.skipValue(json);
      default -> {}
    }
  }

  private void detail(String name, JsonParser json) {
    switch (name) {
      case "cached_tokens" -> cached = Json.tokens(json);
      case "cache_write_tokens" -> cacheWrite = Math.max(0, Json.tokens(json));
      case "reasoning_tokens" -> reasoning = Math.max(0, Json.tokens(json));
      default -> {}
    }
  }

  /** The object's bytes, counted from where the parser began. */
  Span at() {
    return at;
  }

  /** The value of its own {@code cost}, empty when it has none. */
  Optional<Span> costAt() {
    return Optional.ofNullable(costAt);
  }

  /**
   * The figures in buckets that do not overlap; empty unless both the prompt and the completion are
   * reported, because half a report would pass for a whole one. DeepSeek can report the prompt as
   * cache hits and misses alone.
   */
  Optional<MeasuredUsage> measured() {
    long input = prompt;
    if (input == ABSENT && (cacheHit != ABSENT || cacheMiss != ABSENT)) {
      input = Math.max(0, cacheHit) + Math.max(0, cacheMiss);
    }
    if (input == ABSENT || completion == ABSENT) {
      return Optional.empty();
    }
    long read = Math.clamp(Json.firstTokens(cached, cacheHit, topLevelCached), 0, input);
    long written = Math.min(cacheWrite, input - read);
    boolean excluded = excludesReasoning(input);
    long thought = excluded ? reasoning : Math.min(reasoning, completion);
    long output = excluded ? completion : completion - thought;
    return Optional.of(
        new MeasuredUsage(
            new TokenUsage(input - read - written, read, written, 0, output, thought),
            UsageOrigin.REPORTED));
  }

  /**
   * Whether {@code completion_tokens} leaves reasoning out, as xAI's does: the total then shows it,
   * and without a total a larger reasoning figure does.
   */
  private boolean excludesReasoning(long input) {
    return reasoning > 0
        && (total == ABSENT ? reasoning > completion : total >= input + completion + reasoning);
  }
}

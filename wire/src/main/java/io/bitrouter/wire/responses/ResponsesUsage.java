package io.bitrouter.wire.responses;

import static io.bitrouter.wire.json.Json.ABSENT;

import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.core.exchange.UsageOrigin;
import io.bitrouter.wire.json.Json;
import java.util.Optional;
import tools.jackson.core.JsonParser;

/** The {@code usage} object of one answer. */
final class ResponsesUsage {

  private long input = ABSENT;
  private long output = ABSENT;
  private long total = ABSENT;
  private long cached = ABSENT;
  private long topLevelCached = ABSENT;
  private long cacheWrite = 0;
  private long reasoning = 0;

  private ResponsesUsage() {}

  /** Reads the object that the parser's token opens. */
  static ResponsesUsage read(JsonParser json) {
    ResponsesUsage usage = new ResponsesUsage();
    Json.members(json, usage::member);
    return usage;
  }

  private void member(String name, JsonParser json) {
    switch (name) {
      case "input_tokens" -> input = Json.tokens(json);
      case "output_tokens" -> output = Json.tokens(json);
      case "total_tokens" -> total = Json.tokens(json);
      case "cached_tokens" -> topLevelCached = Json.tokens(json);
      case "input_tokens_details", "output_tokens_details" -> Json.members(json, this::detail);
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

  /**
   * The figures in buckets that do not overlap: input includes the cache, output the reasoning
   * unless the total, or a larger figure of reasoning, shows that it does not. Empty unless both
   * sides are reported, because half a report would pass for a whole one.
   */
  Optional<MeasuredUsage> measured() {
    if (input == ABSENT || output == ABSENT) {
      return Optional.empty();
    }
    long read = Math.clamp(Json.firstTokens(cached, topLevelCached), 0, input);
    long written = Math.min(cacheWrite, input - read);
    boolean excluded =
        reasoning > 0
            && (total == ABSENT ? reasoning > output : total >= input + output + reasoning);
    long thought = excluded ? reasoning : Math.min(reasoning, output);
    return Optional.of(
        new MeasuredUsage(
            new TokenUsage(
                input - read - written,
                read,
                written,
                0,
                excluded ? output : output - thought,
                thought),
            UsageOrigin.REPORTED));
  }
}

package io.bitrouter.wire.chat;

import static io.bitrouter.wire.json.Figures.ABSENT;
import static io.bitrouter.wire.json.Figures.orZero;

import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.core.exchange.UsageOrigin;
import io.bitrouter.wire.json.Figures;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.json.Span;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** One {@code usage} object of an answer or a chunk, in any of its spellings. */
final class ChatUsage {

  private long prompt = ABSENT;
  private long completion = ABSENT;
  private long total = ABSENT;
  private long cached = ABSENT;
  private long topLevelCached = ABSENT;
  private long cacheWrite = ABSENT;
  private long reasoning = ABSENT;
  private long cacheHit = ABSENT;
  private long cacheMiss = ABSENT;
  private Span at = new Span(0, 0);
  private @Nullable Span costAt;

  private ChatUsage() {}

  /** Reads the object that the parser's token opens. */
  static ChatUsage read(JsonParser json) {
    ChatUsage usage = new ChatUsage();
    int start = Json.tokenStart(json);
    String name;
    while ((name = json.nextName()) != null) {
      usage.member(name, json);
    }
    usage.at = new Span(start, Json.tokenEnd(json));
    return usage;
  }

  private void member(String name, JsonParser json) {
    JsonToken token = json.nextToken();
    switch (name) {
      case "prompt_tokens" -> prompt = Figures.read(json);
      case "completion_tokens" -> completion = Figures.read(json);
      case "total_tokens" -> total = Figures.read(json);
      case "prompt_cache_hit_tokens" -> cacheHit = Figures.read(json);
      case "prompt_cache_miss_tokens" -> cacheMiss = Figures.read(json);
      case "cached_tokens" -> topLevelCached = Figures.read(json);
      case "prompt_tokens_details", "completion_tokens_details" -> {
        if (token == JsonToken.START_OBJECT) {
          details(json);
        }
        json.skipChildren();
      }
      case "cost" -> costAt = Json.skipValue(json);
      default -> json.skipChildren();
    }
  }

  private void details(JsonParser json) {
    String name;
    while ((name = json.nextName()) != null) {
      json.nextToken();
      switch (name) {
        case "cached_tokens" -> cached = Figures.read(json);
        case "cache_write_tokens" -> cacheWrite = Figures.read(json);
        case "reasoning_tokens" -> reasoning = Figures.read(json);
        default -> json.skipChildren();
      }
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
   * reported, because half a report would pass for a whole one.
   */
  Optional<MeasuredUsage> measured() {
    long input = prompt;
    if (input == ABSENT && (cacheHit != ABSENT || cacheMiss != ABSENT)) {
      input = orZero(cacheHit) + orZero(cacheMiss);
    }
    if (input == ABSENT || completion == ABSENT) {
      return Optional.empty();
    }
    long read = Math.min(orZero(Figures.first(cached, cacheHit, topLevelCached)), input);
    long written = Math.min(orZero(cacheWrite), input - read);
    long thought = orZero(reasoning);
    long output = completion;
    if (!excludesReasoning(input, thought)) {
      thought = Math.min(thought, completion);
      output = completion - thought;
    }
    return Optional.of(
        new MeasuredUsage(
            new TokenUsage(input - read - written, read, written, 0, output, thought),
            UsageOrigin.REPORTED));
  }

  /**
   * Whether {@code completion_tokens} leaves reasoning out, as xAI's does: the total then shows it,
   * and without a total a larger reasoning figure does.
   */
  private boolean excludesReasoning(long input, long thought) {
    if (thought == 0) {
      return false;
    }
    return total == ABSENT ? thought > completion : total >= input + completion + thought;
  }
}

package io.bitrouter.wire.messages;

import static io.bitrouter.wire.json.Json.ABSENT;

import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.core.exchange.UsageOrigin;
import io.bitrouter.wire.json.Json;
import java.util.Optional;
import tools.jackson.core.JsonParser;

/**
 * The usage of one answer, put together from the {@code usage} objects of its events. The figures
 * are cumulative: a later one replaces an earlier one, a missing one replaces nothing.
 */
final class MessagesUsage {

  private long input = ABSENT;
  private long output = ABSENT;
  private long cacheRead;
  private long cacheWrite;
  private long cacheWrite5m;
  private long cacheWrite1h;

  /** Takes over what the object says that the parser's token opens. */
  void read(JsonParser json) {
    Json.members(json, this::member);
  }

  private void member(String name, JsonParser json) {
    switch (name) {
      case "input_tokens" -> input = later(input, json);
      case "output_tokens" -> output = later(output, json);
      case "cache_read_input_tokens" -> cacheRead = later(cacheRead, json);
      case "cache_creation_input_tokens" -> cacheWrite = later(cacheWrite, json);
      case "ephemeral_5m_input_tokens" -> cacheWrite5m = later(cacheWrite5m, json);
      case "ephemeral_1h_input_tokens" -> cacheWrite1h = later(cacheWrite1h, json);
      case "cache_creation" -> Json.members(json, this::member);
      default -> {}
    }
  }

  private static long later(long before, JsonParser json) {
    return Json.firstTokens(Json.tokens(json), before);
  }

  /**
   * The figures in buckets that do not overlap: {@code input_tokens} leaves the cache out, and
   * cache writes that are not split by lifetime count as the five-minute kind. Empty without {@code
   * input_tokens}, and without {@code output_tokens} when the answer is {@code whole}.
   */
  Optional<MeasuredUsage> measured(boolean whole) {
    if (input == ABSENT || (whole && output == ABSENT)) {
      return Optional.empty();
    }
    long fiveMinutes = Math.max(cacheWrite5m, cacheWrite - cacheWrite1h);
    return Optional.of(
        new MeasuredUsage(
            new TokenUsage(input, cacheRead, fiveMinutes, cacheWrite1h, Math.max(output, 0), 0),
            UsageOrigin.REPORTED));
  }
}

package io.bitrouter.wire.messages;

import static io.bitrouter.wire.json.Figures.ABSENT;
import static io.bitrouter.wire.json.Figures.orZero;

import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.core.exchange.UsageOrigin;
import io.bitrouter.wire.json.Figures;
import java.util.Optional;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The usage of one answer, put together from the {@code usage} objects of its events. The figures
 * are cumulative: a later one replaces an earlier one, a missing one replaces nothing.
 */
final class MessagesUsage {

  private long input = ABSENT;
  private long output = ABSENT;
  private long cacheRead = ABSENT;
  private long cacheWrite = ABSENT;
  private long cacheWrite5m = ABSENT;
  private long cacheWrite1h = ABSENT;

  MessagesUsage() {}

  /** Takes over what the object says that the parser's token opens. */
  void read(JsonParser json) {
    String name;
    while ((name = json.nextName()) != null) {
      JsonToken token = json.nextToken();
      switch (name) {
        case "input_tokens" -> input = later(input, json);
        case "output_tokens" -> output = later(output, json);
        case "cache_read_input_tokens" -> cacheRead = later(cacheRead, json);
        case "cache_creation_input_tokens" -> cacheWrite = later(cacheWrite, json);
        case "cache_creation" -> {
          if (token == JsonToken.START_OBJECT) {
            split(json);
          } else {
            json.skipChildren();
          }
        }
        default -> json.skipChildren();
      }
    }
  }

  private void split(JsonParser json) {
    String name;
    while ((name = json.nextName()) != null) {
      json.nextToken();
      switch (name) {
        case "ephemeral_5m_input_tokens" -> cacheWrite5m = later(cacheWrite5m, json);
        case "ephemeral_1h_input_tokens" -> cacheWrite1h = later(cacheWrite1h, json);
        default -> json.skipChildren();
      }
    }
  }

  private static long later(long before, JsonParser json) {
    return Figures.first(Figures.read(json), before);
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
    long hour = orZero(cacheWrite1h);
    long fiveMinutes = Math.max(orZero(cacheWrite5m), orZero(cacheWrite) - hour);
    return Optional.of(
        new MeasuredUsage(
            new TokenUsage(input, orZero(cacheRead), fiveMinutes, hour, orZero(output), 0),
            UsageOrigin.REPORTED));
  }
}

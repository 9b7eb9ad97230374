package io.bitrouter.wire.gemini;

import static io.bitrouter.wire.json.Json.ABSENT;

import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.core.exchange.UsageOrigin;
import io.bitrouter.wire.json.Json;
import java.util.Optional;
import tools.jackson.core.JsonParser;

/**
 * The {@code usageMetadata} of an answer. A stream reports it with every object, each time for all
 * that has been, and not always with every member: the largest figures count.
 */
final class GeminiUsage {

  private long prompt = ABSENT;
  private long candidates = ABSENT;
  private long total = ABSENT;
  private long cached;
  private long toolPrompt;
  private long thoughts;

  /** Takes over what the object says that the parser's token opens. */
  void read(JsonParser json) {
    Json.members(json, this::member);
  }

  private void member(String name, JsonParser json) {
    switch (name) {
      case "promptTokenCount" -> prompt = Math.max(prompt, Json.tokens(json));
      case "candidatesTokenCount" -> candidates = Math.max(candidates, Json.tokens(json));
      case "totalTokenCount" -> total = Math.max(total, Json.tokens(json));
      case "cachedContentTokenCount" -> cached = Math.max(cached, Json.tokens(json));
      case "toolUsePromptTokenCount" -> toolPrompt = Math.max(toolPrompt, Json.tokens(json));
      case "thoughtsTokenCount" -> thoughts = Math.max(thoughts, Json.tokens(json));
      default -> {}
    }
  }

  /**
   * The figures in buckets that do not overlap. The prompt's includes what was read from a cache,
   * but not what tools of the provider read. Numbers that are zero are left out by Google: output
   * that is not there is what the total has more than the rest. Empty without the prompt's figure,
   * and when nothing tells the output.
   */
  Optional<MeasuredUsage> measured() {
    if (prompt == ABSENT || (candidates == ABSENT && total == ABSENT)) {
      return Optional.empty();
    }
    long input = prompt + toolPrompt;
    long output = candidates == ABSENT ? Math.max(0, total - input - thoughts) : candidates;
    // Some upstreams count thoughts among the candidates' tokens; the total shows it.
    if (candidates != ABSENT && thoughts <= output && total == input + output) {
      output -= thoughts;
    }
    long read = Math.min(cached, prompt);
    return Optional.of(
        new MeasuredUsage(
            new TokenUsage(input - read, read, 0, 0, output, thoughts), UsageOrigin.REPORTED));
  }
}

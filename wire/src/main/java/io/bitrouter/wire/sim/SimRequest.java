package io.bitrouter.wire.sim;

import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.wire.json.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.zip.CRC32;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What the simulator reads of a request.
 *
 * @param model the model as asked, echoed in the answer
 * @param stream whether a stream is asked for
 * @param includeUsage whether a chat stream is to end with usage
 * @param choices answers asked for
 * @param inputTokens a quarter of the bytes of all texts in the prompt, at least 1
 * @param steering how the answer differs from the plain one
 * @param content what is generated
 * @param id eight hexadecimal characters that depend on the prompt alone
 */
record SimRequest(
    String model,
    boolean stream,
    boolean includeUsage,
    int choices,
    long inputTokens,
    Steering steering,
    SimContent content,
    String id) {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final List<String> PROMPT = List.of("system", "messages", "tools");

  /**
   * Reads a request.
   *
   * @param steering the steering header, which a body member {@code x_sim} takes precedence over
   * @throws SimFault when it cannot be simulated
   */
  static SimRequest of(Protocol protocol, byte[] body, Optional<String> steering) {
    JsonNode json = parse(body, "the body");
    if (!json.isObject()) {
      throw SimFault.invalid("the body must be a JSON object");
    }
    Steering steered =
        Steering.of(
            json.has("x_sim")
                ? json.get("x_sim")
                : steering
                    .map(text -> parse(text.getBytes(StandardCharsets.UTF_8), "x-bitrouter-sim"))
                    .orElseGet(JsonNodeFactory.instance::objectNode));
    String model = json.path("model").stringValue("");
    int choices = protocol == Protocol.CHAT ? json.path("n").intValue(1) : 1;
    if (choices < 1 || choices > 128) {
      throw SimFault.invalid("n must be an integer from 1 to 128");
    }
    long bytes = 0;
    CRC32 crc = new CRC32();
    for (String member : PROMPT) {
      JsonNode part = json.path(member);
      bytes += textBytes(part);
      crc.update(part.toString().getBytes(StandardCharsets.UTF_8));
    }
    return new SimRequest(
        model,
        json.path("stream").booleanValue(false),
        json.path("stream_options").path("include_usage").booleanValue(false),
        choices,
        Math.max(1, Math.ceilDiv(bytes, 4)),
        steered,
        SimContent.of(model, lastUserText(json), maxTokens(json), choices, steered),
        "%08x".formatted(crc.getValue()));
  }

  /** Tokens of all answers together. */
  long outputTokens() {
    return (long) content.words() * choices;
  }

  private static JsonNode parse(byte[] json, String what) {
    try {
      return MAPPER.readTree(json);
    } catch (JacksonException e) {
      throw SimFault.invalid(what + " is not valid JSON");
    }
  }

  private static OptionalInt maxTokens(JsonNode json) {
    for (String name : List.of("max_completion_tokens", "max_tokens")) {
      JsonNode value = json.path(name);
      if (value.isIntegralNumber() && value.canConvertToInt()) {
        return OptionalInt.of(Math.max(0, value.intValue()));
      }
    }
    return OptionalInt.empty();
  }

  private static String lastUserText(JsonNode json) {
    JsonNode messages = json.path("messages");
    for (int i = messages.size() - 1; i >= 0; i--) {
      JsonNode message = messages.get(i);
      if (message.path("role").stringValue("").equals("user")) {
        return text(message.path("content"));
      }
    }
    return "";
  }

  private static String text(JsonNode content) {
    if (content.isString()) {
      return content.stringValue();
    }
    StringBuilder joined = new StringBuilder();
    for (JsonNode part : content) {
      String text = part.path("text").stringValue("");
      joined.append(joined.isEmpty() || text.isEmpty() ? "" : " ").append(text);
    }
    return joined.toString();
  }

  private static long textBytes(JsonNode node) {
    if (node.isString()) {
      char[] text = node.stringValue().toCharArray();
      return Utf8.length(text, 0, text.length);
    }
    long sum = 0;
    for (JsonNode child : node) {
      sum += textBytes(child);
    }
    return sum;
  }
}

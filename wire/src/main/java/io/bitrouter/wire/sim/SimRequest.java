package io.bitrouter.wire.sim;

import io.bitrouter.core.exchange.Protocol;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the simulator reads of a request, and the words that it answers with, one token each.
 *
 * @param model the model as asked, echoed in the answer
 * @param includeUsage whether a chat stream is to end with usage
 * @param inputTokens a quarter of the bytes of all texts in the prompt, at least 1
 * @param source words that are repeated as often as needed
 * @param words number of words in each choice
 * @param chunks number of chunks they come in
 * @param cut whether {@code max_tokens} ended the answer
 * @param id eight hexadecimal characters that depend on the prompt alone
 */
record SimRequest(
    String model,
    boolean stream,
    boolean includeUsage,
    int choices,
    long inputTokens,
    Steering steering,
    List<String> source,
    int words,
    int chunks,
    boolean cut,
    String id) {

  private static final String CONFIG = "generationConfig";
  private static final Pattern WORDS = Pattern.compile("\\s*\\S+\\s*");
  private static final Pattern PIECES = Pattern.compile("(?s).{1,4}");
  private static final int DEFAULT_LOREM_WORDS = 64;
  private static final String LOREM =
      "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor "
          + "incididunt ut labore et dolore magna aliqua. Ut enim ad minim veniam, quis "
          + "nostrud exercitation ullamco laboris nisi ut aliquip ex ea commodo consequat. ";

  /**
   * Reads a request.
   *
   * @param call what the path says, otherwise the body does
   * @param header the steering header, which a body member {@code x_sim} takes precedence over
   * @throws Steering.Fault when it cannot be simulated
   */
  static SimRequest of(
      Protocol protocol, Optional<Simulator.Call> call, byte[] body, Optional<String> header) {
    JsonNode json = Steering.parse(body, "the body is not valid JSON");
    if (!json.isObject()) {
      throw new Steering.Fault(400, "the body must be a JSON object");
    }
    Steering steering = new Steering(json.has("x_sim") ? json.path("x_sim") : steering(header));
    int choices =
        switch (protocol) {
          case CHAT -> json.path("n").intValue(1);
          case GEMINI -> json.path(CONFIG).path("candidateCount").intValue(1);
          case MESSAGES, RESPONSES -> 1;
        };
    if (choices < 1 || choices > 128) {
      throw new Steering.Fault(400, "n must be an integer from 1 to 128");
    }
    String model = call.map(Simulator.Call::model).orElse(json.path("model").stringValue(""));
    List<String> given = source(model, json, steering);
    List<String> source = given.isEmpty() ? split(WORDS, LOREM) : given;
    int wanted = steering.integer("output_tokens", given.size());
    if (model.endsWith("lorem") && !steering.json().has("output_tokens")) {
      wanted = steering.integer("chunks", DEFAULT_LOREM_WORDS);
    }
    if (steering.tool().isPresent()) {
      wanted = source.size();
    }
    // All choices together have at most so many words.
    int most = Math.min(Steering.MAX_CHUNKS / choices, maxTokens(json));
    int words = Math.min(wanted, most);
    ObjectNode prompt = JsonNodeFactory.instance.objectNode();
    prompt(protocol).forEach(name -> prompt.set(name, json.get(name)));
    CRC32 crc = new CRC32();
    crc.update(prompt.toString().getBytes(StandardCharsets.UTF_8));
    return new SimRequest(
        model,
        call.map(Simulator.Call::stream).orElse(json.path("stream").booleanValue(false)),
        json.path("stream_options").path("include_usage").booleanValue(false),
        choices,
        Math.max(1, Math.ceilDiv(textBytes(prompt), 4)),
        steering,
        source,
        words,
        Math.min(words, steering.integer("chunks", words)),
        words < wanted,
        "%08x".formatted(crc.getValue()));
  }

  private static List<String> prompt(Protocol protocol) {
    return switch (protocol) {
      case RESPONSES -> List.of("instructions", "input", "tools");
      case GEMINI -> List.of("systemInstruction", "contents", "tools");
      case CHAT, MESSAGES -> List.of("system", "messages", "tools");
    };
  }

  private static JsonNode steering(Optional<String> header) {
    byte[] text = header.orElse("{}").getBytes(StandardCharsets.UTF_8);
    return Steering.parse(text, "x-bitrouter-sim is not valid JSON");
  }

  /** Words with the white space that follows them, or pieces of a tool's arguments. */
  private static List<String> source(String model, JsonNode json, Steering steering) {
    if (steering.tool().isPresent()) {
      return split(PIECES, steering.tool().get().arguments());
    }
    return switch (model.substring(model.lastIndexOf('/') + 1)) {
      case "lorem" -> split(WORDS, LOREM);
      case "echo" -> split(WORDS, lastUserText(json));
      default ->
          throw new Steering.Fault(
              404, "the simulator has no model '" + model + "', only echo and lorem");
    };
  }

  private static List<String> split(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .limit(Steering.MAX_CHUNKS)
        .toList();
  }

  private static int maxTokens(JsonNode json) {
    int gemini = json.path(CONFIG).path("maxOutputTokens").intValue(Integer.MAX_VALUE);
    int responses = json.path("max_output_tokens").intValue(gemini);
    int older = json.path("max_tokens").intValue(responses);
    return Math.max(0, json.path("max_completion_tokens").intValue(older));
  }

  private static String lastUserText(JsonNode json) {
    String contents = json.has("contents") ? "contents" : "messages";
    JsonNode messages = json.path(json.has("input") ? "input" : contents);
    if (messages.isString()) {
      return messages.stringValue();
    }
    for (int i = messages.size() - 1; i >= 0; i--) {
      JsonNode message = messages.get(i);
      if (message.path("role").stringValue("user").equals("user")) {
        JsonNode content = message.path(message.has("parts") ? "parts" : "content");
        return content.isString()
            ? content.stringValue()
            : String.join(" ", content.findValuesAsString("text"));
      }
    }
    return "";
  }

  private static long textBytes(JsonNode node) {
    if (node.isString()) {
      return node.stringValue().getBytes(StandardCharsets.UTF_8).length;
    }
    return node.valueStream().mapToLong(SimRequest::textBytes).sum();
  }

  /** Tokens of all answers together. */
  long outputTokens() {
    return (long) words * choices;
  }

  /** One answer, or the arguments of the tool that is called. */
  String text() {
    return text(0, words);
  }

  /** The part of it in one chunk, from 0. */
  String chunk(int index) {
    return text(boundary(index), boundary(index + 1));
  }

  private int boundary(int index) {
    return (int) ((long) index * words / chunks);
  }

  private String text(int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i < to; i++) {
      String word = source.get(i % source.size());
      text.append(word);
      boolean joint = (i + 1) % source.size() == 0 && i + 1 < words;
      if (joint && !word.endsWith(" ")) {
        text.append(' ');
      }
    }
    return text.toString();
  }
}

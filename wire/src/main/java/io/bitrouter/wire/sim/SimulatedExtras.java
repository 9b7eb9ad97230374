package io.bitrouter.wire.sim;

import io.bitrouter.wire.json.Json;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.ToLongBiFunction;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What the simulator answers besides text: counts of tokens and embeddings. Stateless. */
public final class SimulatedExtras {

  private static final int BYTES_PER_TOKEN = 4;
  private static final int DIMENSIONS = 8;
  private static final int MOST_DIMENSIONS = 4_096;
  private static final int MOST_INPUTS = 2_048;

  private SimulatedExtras() {}

  /** Anthropic's count of a prompt's tokens: a quarter of the body's bytes. */
  public static SimulatedReply countTokens(byte[] body) {
    return count("input_tokens", body);
  }

  /** Gemini's count of the same. */
  public static SimulatedReply geminiCount(byte[] body) {
    return count("totalTokens", body);
  }

  private static SimulatedReply count(String member, byte[] body) {
    int tokens = Math.ceilDiv(body.length, BYTES_PER_TOKEN);
    return whole(JsonNodeFactory.instance.objectNode().put(member, tokens));
  }

  /** Gemini's embedding of one content: the vector that {@link #embeddings} gives its text. */
  public static SimulatedReply geminiEmbedding(byte[] body) {
    return gemini(
        body, (asked, answer) -> gemini(asked, answer.putObject("embedding").putArray("values")));
  }

  /** Gemini's embeddings of several contents, in the same way. */
  public static SimulatedReply geminiEmbeddings(byte[] body) {
    return gemini(
        body,
        (asked, answer) -> {
          ArrayNode embeddings = answer.putArray("embeddings");
          long tokens = 0;
          for (JsonNode request : asked.path("requests")) {
            if (embeddings.size() < MOST_INPUTS) {
              tokens += gemini(request, embeddings.addObject().putArray("values"));
            }
          }
          return tokens;
        });
  }

  private static SimulatedReply gemini(
      byte[] body, ToLongBiFunction<JsonNode, ObjectNode> embedding) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    try {
      long tokens = embedding.applyAsLong(Json.tree(body, 0, body.length), answer);
      answer.putObject("usageMetadata").put("promptTokenCount", tokens);
      return whole(answer);
    } catch (JacksonException e) {
      return notJson();
    }
  }

  /** Embeds one content and returns its tokens. */
  private static long gemini(JsonNode request, ArrayNode values) {
    String text =
        request
            .path("content")
            .path("parts")
            .valueStream()
            .map(part -> part.path("text").asString(""))
            .collect(Collectors.joining("\n"));
    int dimensions = dimensions(request.path("outputDimensionality"));
    for (float value : vector(text, dimensions)) {
      values.add(value);
    }
    return tokens(text);
  }

  private static int dimensions(JsonNode asked) {
    return Math.clamp(asked.asInt(DIMENSIONS), 1, MOST_DIMENSIONS);
  }

  private static int tokens(String text) {
    return Math.max(1, Math.ceilDiv(text.length(), BYTES_PER_TOKEN));
  }

  private static SimulatedReply notJson() {
    return whole(JsonNodeFactory.instance.objectNode().put("error", "not JSON"));
  }

  /**
   * OpenAI's embeddings: unit vectors of 8 numbers, or as many as {@code dimensions} says, that
   * depend on the input alone.
   */
  public static SimulatedReply embeddings(byte[] body) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode().put("object", "list");
    long tokens = 0;
    try {
      JsonNode asked = Json.tree(body, 0, body.length);
      int dimensions = dimensions(asked.path("dimensions"));
      boolean base64 = asked.path("encoding_format").asString("").equals("base64");
      for (String input : inputs(asked.path("input"))) {
        tokens += tokens(input);
        ObjectNode item = answer.withArray("data").addObject().put("object", "embedding");
        item.put("index", answer.path("data").size() - 1);
        float[] vector = vector(input, dimensions);
        if (base64) {
          item.put("embedding", base64(vector));
        } else {
          for (float value : vector) {
            item.withArray("embedding").add(value);
          }
        }
      }
      answer.put("model", asked.path("model").asString(""));
    } catch (JacksonException e) {
      return notJson();
    }
    answer.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
    return whole(answer);
  }

  /** Texts, or lists of numbers as text; one that stands alone is a list of one. */
  private static List<String> inputs(JsonNode input) {
    boolean several = input.isArray() && !input.path(0).isNumber();
    List<String> texts = new ArrayList<>();
    for (JsonNode each : several ? input : JsonNodeFactory.instance.arrayNode().add(input)) {
      if (texts.size() < MOST_INPUTS) {
        texts.add(each.isString() ? each.stringValue() : each.toString());
      }
    }
    return texts;
  }

  private static float[] vector(String input, int dimensions) {
    Random random = new Random(input.hashCode());
    float[] vector = new float[dimensions];
    double sum = 0;
    for (int i = 0; i < dimensions; i++) {
      vector[i] = (float) random.nextGaussian();
      sum += vector[i] * vector[i];
    }
    float length = (float) Math.sqrt(sum);
    for (int i = 0; i < dimensions; i++) {
      vector[i] /= length;
    }
    return vector;
  }

  private static String base64(float[] vector) {
    ByteBuffer bytes =
        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : vector) {
      bytes.putFloat(value);
    }
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  private static SimulatedReply whole(ObjectNode answer) {
    byte[] body = answer.toString().getBytes(StandardCharsets.UTF_8);
    return new SimulatedReply(
        200, List.of(), OptionalLong.of(body.length), List.of(new Step.Chunk(body)));
  }
}

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
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
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
    int tokens = Math.ceilDiv(body.length, BYTES_PER_TOKEN);
    return whole(JsonNodeFactory.instance.objectNode().put("input_tokens", tokens));
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
      int dimensions = Math.clamp(asked.path("dimensions").asInt(DIMENSIONS), 1, MOST_DIMENSIONS);
      boolean base64 = asked.path("encoding_format").asString("").equals("base64");
      for (String input : inputs(asked.path("input"))) {
        tokens += Math.max(1, Math.ceilDiv(input.length(), BYTES_PER_TOKEN));
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
      return whole(JsonNodeFactory.instance.objectNode().put("error", "not JSON"));
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

package io.bitrouter.wire.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.gateway.DecodedRequest;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.wire.Dialects;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Random requests, read once by the scanner and once as a tree; both must see the same. */
class RequestPropertyTest {

  private static final JsonMapper TREE =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
  private static final int RUNS = 10_000;
  private static final String[] STRINGS = {
    "\"\"", "\"m\"", "\"\\u006d\"", "\"é😀\\n\"", "\"\\\"model\\\":\\\"x\\\"\"", "\"a/b\""
  };

  @Test
  void scannerAndTreeAgree() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int accepted = 0;
    for (int run = 0; run < RUNS; run++) {
      String body = new Body(random).text();
      if (check(body, "seed " + seed + ", run " + run + ": " + body)) {
        accepted++;
      }
    }
    assertThat(accepted).as("enough requests are good ones").isGreaterThan(RUNS / 20);
  }

  @Test
  void damagedBodiesAreNeverTakenForGoodOnes() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int run = 0; run < RUNS; run++) {
      byte[] body = new Body(random).text().getBytes(StandardCharsets.UTF_8);
      for (int i = random.nextInt(3); i >= 0 && body.length > 0; i--) {
        body[random.nextInt(body.length)] =
            random.nextBoolean()
                ? (byte) random.nextInt(256)
                : (byte) "{}[]\",:\\0t".charAt(random.nextInt(10));
      }
      String as = "seed " + seed + ", run " + run;
      if (Dialects.decode(Dialects.CHAT, body)
          instanceof Outcome.Done<DecodedRequest>(var request)) {
        JsonNode tree = TREE.readTree(body);
        assertThat(tree.get("model").stringValue()).as(as).isEqualTo(request.asked().model());
        TREE.readTree(sent(request));
      }
    }
  }

  private static byte[] sent(DecodedRequest request) {
    return Dialects.passage(Dialects.CHAT, request, "up", OptionalLong.empty()).body();
  }

  /** Whether the body was accepted; fails when the tree says otherwise. */
  private static boolean check(String body, String as) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    boolean good = oracle(body);
    Outcome<DecodedRequest> outcome = Dialects.decode(Dialects.CHAT, bytes);
    assertThat(outcome instanceof Outcome.Done).as(as).isEqualTo(good);
    if (outcome instanceof Outcome.Done<DecodedRequest>(var request)) {
      ObjectNode tree = (ObjectNode) TREE.readTree(bytes);
      assertThat(request.asked().model()).as(as).isEqualTo(tree.get("model").stringValue());
      assertThat(request.asked().streamed())
          .as(as)
          .isEqualTo(tree.path("stream").booleanValue(false));
      assertThat(request.asked().choices()).as(as).isEqualTo(tree.path("n").intValue(1));
      JsonNode tools = tree.path("tools");
      assertThat(request.toolsSha256().isPresent())
          .as(as)
          .isEqualTo(!tools.isMissingNode() && !tools.isNull());
      tree.put("model", "up");
      if (request.asked().streamed()) {
        JsonNode options = tree.path("stream_options");
        ObjectNode wanted = options instanceof ObjectNode object ? object : TREE.createObjectNode();
        tree.set("stream_options", wanted.put("include_usage", true));
      }
      assertThat(TREE.readTree(sent(request))).as(as).isEqualTo(tree);
      return true;
    }
    return false;
  }

  /** What the rules say of a body, from its tree and its member names. */
  private static boolean oracle(String body) {
    JsonNode tree;
    try {
      tree = TREE.readTree(body);
    } catch (JacksonException e) {
      return false;
    }
    JsonNode model = tree.path("model");
    JsonNode options = tree.path("stream_options");
    return tree.isObject()
        && !body.contains("dup")
        && model.isString()
        && !model.stringValue().isEmpty()
        && booleanOrNothing(tree.path("stream"))
        && (nothing(options)
            || (options.isObject() && booleanOrNothing(options.path("include_usage"))))
        && integerOrNothing(tree.path("n"), 1, 128)
        && integerOrNothing(tree.path("max_tokens"), 0, Integer.MAX_VALUE)
        && integerOrNothing(tree.path("max_completion_tokens"), 0, Integer.MAX_VALUE);
  }

  private static boolean nothing(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }

  private static boolean booleanOrNothing(JsonNode node) {
    return nothing(node) || node.isBoolean();
  }

  private static boolean integerOrNothing(JsonNode node, long least, long most) {
    return nothing(node)
        || (node.isIntegralNumber()
            && node.canConvertToLong()
            && node.longValue() >= least
            && node.longValue() <= most);
  }

  /** Writes one random body; a duplicate member is called {@code dup} or has it as its value. */
  private record Body(Random random) {

    String text() {
      List<String> names =
          new ArrayList<>(
              List.of("stream", "stream_options", "n", "max_tokens", "tools", "messages", "x"));
      Collections.shuffle(names, random);
      StringBuilder body = new StringBuilder(space()).append('{');
      Set<String> used = new HashSet<>();
      used.add("model");
      member(body, "model", random.nextInt(8) == 0 ? value(2) : STRINGS[1 + random.nextInt(5)]);
      for (String name : names.subList(0, random.nextInt(names.size()))) {
        body.append(',');
        member(body, name, likely(name));
        used.add(name);
      }
      if (random.nextInt(20) == 0) {
        body.append(',');
        member(body, used.iterator().next(), "\"dup\"");
      }
      return body.append('}').append(space()).toString();
    }

    private String likely(String name) {
      if (random.nextInt(12) == 0) {
        return value(2);
      }
      return switch (name) {
        case "stream" -> random.nextInt(4) == 0 ? "null" : String.valueOf(random.nextBoolean());
        case "n" -> String.valueOf(random.nextInt(1, 6));
        case "max_tokens" -> String.valueOf(random.nextInt(5_000));
        case "stream_options" -> options();
        default -> value(3);
      };
    }

    private String options() {
      StringBuilder options = new StringBuilder(space()).append('{').append(space());
      String separator = "";
      if (random.nextBoolean()) {
        member(options, "a", value(2));
        separator = ",";
      }
      if (random.nextBoolean()) {
        options.append(separator);
        member(options, "include_usage", random.nextBoolean() ? "true" : "false");
        separator = ",";
        if (random.nextInt(15) == 0) {
          options.append(separator);
          member(options, "include_usage", "\"dup\"");
        }
      }
      return options.append('}').toString();
    }

    private void member(StringBuilder out, String name, String value) {
      out.append(space()).append('"');
      for (int i = 0; i < name.length(); i++) {
        char c = name.charAt(i);
        out.append(random.nextInt(12) == 0 ? "\\u%04x".formatted((int) c) : String.valueOf(c));
      }
      out.append('"').append(space()).append(':').append(space()).append(value).append(space());
    }

    private String value(int depth) {
      return switch (random.nextInt(depth > 0 ? 9 : 6)) {
        case 0 -> "null";
        case 1 -> String.valueOf(random.nextBoolean());
        case 2 -> String.valueOf(random.nextInt(-3, 200));
        case 3 ->
            List.of("1.5", "-0", "1e3", "123456789012345678901", "0.0").get(random.nextInt(5));
        case 4, 5 -> STRINGS[random.nextInt(STRINGS.length)];
        case 6 -> "[" + space() + value(depth - 1) + "," + value(depth - 1) + space() + "]";
        case 7 -> "{" + space() + "}";
        default -> "{\"k\":" + value(depth - 1) + space() + ",\"l\" :" + value(depth - 1) + "}";
      };
    }

    private String space() {
      return List.of("", "", "", " ", "\n", "\t ", "\r\n").get(random.nextInt(7));
    }
  }
}

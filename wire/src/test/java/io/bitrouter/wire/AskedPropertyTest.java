package io.bitrouter.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.gateway.Dialect;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Random messages and tools, judged by the dialects and by a reader of trees: both see the same.
 */
class AskedPropertyTest {

  private static final JsonMapper TREE = new JsonMapper();
  private static final int RUNS = 5_000;
  private static final List<String> TYPES =
      List.of("text", "image", "image_url", "input_audio", "document", "tool_result", "novel");

  @Test
  void dialectsAndTreeAgree() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int run = 0; run < RUNS; run++) {
      String body = body(random);
      JsonNode tree = TREE.readTree(body);
      Oracle oracle = new Oracle();
      oracle.read(tree);
      for (Dialect dialect : List.of(Dialects.CHAT, Dialects.MESSAGES)) {
        String as = "seed " + seed + ", run " + run + ", " + dialect.protocol() + ": " + body;
        AskedRequest asked = Dialects.decoded(dialect, body).asked();
        assertThat(asked.modalities()).as(as).isEqualTo(oracle.modalities);
        assertThat(asked.mediaParts()).as(as).isEqualTo(oracle.media);
        assertThat(asked.cacheWrites()).as(as).isEqualTo(oracle.cache);
        assertThat(asked.tools()).as(as).containsExactlyInAnyOrderElementsOf(oracle.tools);
      }
    }
  }

  /** Reads a tree by the same rules, one object at a time and in no particular order. */
  private static final class Oracle {
    private final Set<String> modalities = new HashSet<>();
    private final List<String> tools = new ArrayList<>();
    private int media;
    private boolean cache;

    void read(JsonNode body) {
      cache(body);
      for (JsonNode message : body.path("messages")) {
        cache(message);
        content(message.path("content"));
      }
      content(body.path("system"));
      for (JsonNode tool : body.path("tools")) {
        cache(tool);
        cache(tool.path("function"));
        List<String> names = new ArrayList<>();
        if (!tool.path("type").isMissingNode()
            && !tool.get("type").stringValue().equals("function")) {
          names.add(tool.get("type").stringValue());
        }
        for (JsonNode named : List.of(tool, tool.path("function"))) {
          if (!named.path("name").isMissingNode()) {
            names.add(named.get("name").stringValue());
          }
        }
        tools.addAll(names.isEmpty() ? List.of("(unnamed)") : names);
      }
    }

    private void content(JsonNode node) {
      if (node.isString()) {
        modalities.add("text");
      } else if (node.isArray()) {
        node.forEach(this::content);
      } else if (node.isObject()) {
        cache(node);
        content(node.path("content"));
        content(node.path("source").path("content"));
        String kind =
            switch (node.path("type").stringValue("(untyped)")) {
              case "text", "tool_result" -> "text";
              case "image", "image_url" -> "image";
              case "input_audio" -> "audio";
              case "document" -> "file";
              case String other -> other;
            };
        modalities.add(kind);
        media += kind.equals("text") ? 0 : 1;
      }
    }

    private void cache(JsonNode node) {
      cache |= node.isObject() && node.has("cache_control") && !node.get("cache_control").isNull();
    }
  }

  private static String body(Random random) {
    List<String> members = new ArrayList<>(List.of("\"model\":\"m\""));
    if (random.nextInt(3) > 0) {
      members.add("\"messages\":" + list(random, () -> message(random)));
    }
    if (random.nextBoolean()) {
      members.add("\"system\":" + content(random, 2));
    }
    if (random.nextBoolean()) {
      members.add("\"tools\":" + list(random, () -> tool(random)));
    }
    cacheControl(random, members);
    return object(random, members);
  }

  private static String message(Random random) {
    List<String> members = new ArrayList<>(List.of("\"role\":\"user\"", "\"type\":\"image\""));
    if (random.nextInt(5) > 0) {
      members.add(name(random, "content") + ":" + content(random, 3));
    }
    cacheControl(random, members);
    return object(random, members);
  }

  private static String content(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 6 : 3)) {
      case 0 -> "null";
      case 1 -> "\"{\\\"type\\\":\\\"image\\\"}\"";
      case 2 -> "17";
      default -> list(random, () -> part(random, depth - 1));
    };
  }

  private static String part(Random random, int depth) {
    List<String> members = new ArrayList<>(List.of("\"text\":\"a\\n\"", "\"input\":{\"type\":1}"));
    if (random.nextInt(8) > 0) {
      String type = TYPES.get(random.nextInt(TYPES.size()));
      members.add(name(random, "type") + ":\"" + type + "\"");
    }
    if (random.nextInt(3) == 0) {
      members.add("\"content\":" + content(random, depth));
    }
    if (random.nextInt(4) == 0) {
      members.add("\"source\":{\"type\":\"novel2\",\"content\":" + content(random, depth) + "}");
    }
    cacheControl(random, members);
    return object(random, members);
  }

  private static String tool(Random random) {
    List<String> members = new ArrayList<>(List.of("\"input_schema\":{\"name\":[]}"));
    if (random.nextBoolean()) {
      members.add(
          name(random, "type") + ":\"" + (random.nextBoolean() ? "function" : "web") + "\"");
    }
    if (random.nextBoolean()) {
      members.add(name(random, "name") + ":\"tool" + random.nextInt(9) + "\"");
    }
    if (random.nextBoolean()) {
      List<String> inner = new ArrayList<>(List.of("\"name\":\"inner\"", "\"parameters\":{}"));
      cacheControl(random, inner);
      members.add("\"function\":" + object(random, inner));
    }
    cacheControl(random, members);
    return object(random, members);
  }

  private static void cacheControl(Random random, List<String> members) {
    if (random.nextInt(12) == 0) {
      members.add(name(random, "cache_control") + ":" + (random.nextBoolean() ? "null" : "{}"));
    }
  }

  private static String name(Random random, String name) {
    int at = random.nextInt(name.length());
    return random.nextInt(4) > 0
        ? "\"" + name + "\""
        : "\"%s\\u%04x%s\""
            .formatted(name.substring(0, at), (int) name.charAt(at), name.substring(at + 1));
  }

  private static String object(Random random, List<String> members) {
    List<String> shuffled = new ArrayList<>(members);
    Collections.shuffle(shuffled, random);
    return "{" + String.join(random.nextBoolean() ? "," : " ,\n", shuffled) + "}";
  }

  private static String list(Random random, Supplier<String> element) {
    List<String> elements = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      elements.add(element.get());
    }
    return "[" + String.join(", ", elements) + "]";
  }
}

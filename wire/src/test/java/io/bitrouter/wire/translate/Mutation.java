package io.bitrouter.wire.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Changes a JSON value in a few random places. */
final class Mutation {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Random random;
  private final List<JsonNode> nodes = new ArrayList<>();

  private Mutation(Random random) {
    this.random = random;
  }

  /** A copy of {@code whole} with up to two changes. */
  static JsonNode of(JsonNode whole, Random random) {
    JsonNode copy = whole.deepCopy();
    for (int left = random.nextInt(3); left > 0; left--) {
      Mutation mutation = new Mutation(random);
      mutation.collect(copy);
      mutation.change();
    }
    return copy;
  }

  private void collect(JsonNode node) {
    nodes.add(node);
    node.forEach(this::collect);
  }

  private void change() {
    List<JsonNode> parents = nodes.stream().filter(node -> !node.isEmpty()).toList();
    switch (parents.get(random.nextInt(parents.size()))) {
      case ObjectNode object -> {
        List<Map.Entry<String, JsonNode>> members = List.copyOf(object.properties());
        String name = members.get(random.nextInt(members.size())).getKey();
        if (random.nextInt(4) == 0) {
          object.remove(name);
        } else {
          object.set(name, other());
        }
      }
      case ArrayNode array -> {
        int index = random.nextInt(array.size());
        switch (random.nextInt(4)) {
          case 0 -> array.remove(index);
          case 1 -> array.insert(random.nextInt(array.size()), array.get(index).deepCopy());
          default -> array.set(index, other());
        }
      }
      default -> throw new AssertionError("neither an object nor an array has children");
    }
  }

  private JsonNode other() {
    return switch (random.nextInt(12)) {
      case 0 -> NODES.nullNode();
      case 1 -> NODES.booleanNode(random.nextBoolean());
      case 2 -> NODES.numberNode(random.nextLong());
      case 3 -> NODES.numberNode(random.nextBoolean() ? 1e300 : -0.5);
      case 4 -> NODES.stringNode("");
      case 5 -> NODES.stringNode("\ud83d");
      case 6 -> NODES.stringNode("data:,x");
      case 7 -> NODES.objectNode();
      case 8 -> NODES.arrayNode();
      case 9 -> NODES.objectNode().put("a_b", "\ude42");
      default -> nodes.get(random.nextInt(nodes.size())).deepCopy();
    };
  }
}

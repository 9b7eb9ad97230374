package io.bitrouter.it.isolation;

import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Ways to write a body that mean the same to a provider. */
@SuppressWarnings("ImmutableEnumChecker") // functions without state
enum Spelling {
  PLAIN(name -> name, text -> text),
  /** Every name and text by escapes. */
  ESCAPED(Spelling::escaped, Spelling::escaped),
  /** As Gemini takes names too. */
  SNAKE_CASE(Spelling::snakeCase, text -> text);

  private static final Pattern CAPITAL = Pattern.compile("[A-Z]");

  private final UnaryOperator<String> name;
  private final UnaryOperator<String> text;

  Spelling(UnaryOperator<String> name, UnaryOperator<String> text) {
    this.name = name;
    this.text = text;
  }

  /** The body, spelled so. */
  String of(String json) {
    StringBuilder out = new StringBuilder();
    write(JsonMapper.shared().readTree(json), out);
    return out.toString();
  }

  private void write(JsonNode node, StringBuilder out) {
    switch (node.getNodeType()) {
      case OBJECT -> {
        String comma = "{";
        for (var member : node.properties()) {
          out.append(comma).append('"').append(name.apply(member.getKey())).append("\" : ");
          write(member.getValue(), out);
          comma = ",\n";
        }
        out.append(node.isEmpty() ? "{}" : "}");
      }
      case ARRAY -> {
        String comma = "[";
        for (JsonNode element : node) {
          out.append(comma);
          write(element, out);
          comma = ",";
        }
        out.append(node.isEmpty() ? "[]" : "]");
      }
      case STRING -> out.append('"').append(text.apply(node.asString())).append('"');
      default -> out.append(node);
    }
  }

  private static String escaped(String text) {
    StringBuilder escapes = new StringBuilder();
    text.chars().forEach(c -> escapes.append(String.format(Locale.ROOT, "\\u%04X", c)));
    return escapes.toString();
  }

  private static String snakeCase(String name) {
    return CAPITAL.matcher(name).replaceAll(it -> "_" + it.group().toLowerCase(Locale.ROOT));
  }
}

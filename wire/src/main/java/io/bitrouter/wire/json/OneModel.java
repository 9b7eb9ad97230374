package io.bitrouter.wire.json;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Refuses what would have a provider run another model than the one that is judged and priced, or
 * the same one at another price.
 */
final class OneModel {

  /** What is asked for with these costs what the price of the model says. */
  private static final Map<String, Set<String>> PRICED =
      Map.of(
          "service_tier", Set.of("auto", "default", "standard", "standard_only"),
          "serviceTier", Set.of("standard", "SERVICE_TIER_STANDARD", "SERVICE_TIER_UNSPECIFIED"),
          "speed", Set.of("standard"),
          "inference_geo", Set.of("global", "not_available"));

  /** Members at the top level that name other models, or a setting of an account that does. */
  private static final Set<String> OTHERS = Set.of("fallbacks", "preset", "route");

  /** Members with settings of what a provider runs. */
  private static final List<String> RUN =
      List.of("tools", "plugins", "compound_custom", "generationConfig");

  private OneModel() {}

  /**
   * Checks a member that is not read otherwise.
   *
   * @param where what it is in; empty at the top level
   */
  static void check(String where, String name, JsonParser json) {
    if (isEmpty(json)) {
      return;
    }
    String place = where.isEmpty() ? name : where + "." + name;
    if (RUN.stream().anyMatch(where::startsWith) && namesModels(name)
        || where.isEmpty() && OTHERS.contains(name)) {
      throw new Fault(
          place,
          "would have a model answer that is neither judged nor priced here: leave it out, or"
              + " list models to try in 'models'");
    }
    Set<String> priced = where.isEmpty() ? PRICED.getOrDefault(name, Set.of()) : Set.of();
    if (!priced.isEmpty()
        && !(json.currentToken() == JsonToken.VALUE_STRING && priced.contains(json.getString()))) {
      throw new Fault(
          place,
          "asks for what costs other than the price of the model: leave it out, or send \""
              + priced.stream().sorted().findFirst().orElseThrow()
              + "\"");
    }
  }

  private static boolean namesModels(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.equals("model")
        || lower.equals("models")
        || lower.endsWith("_model")
        || lower.endsWith("_models")
        || lower.equals("modelname")
        || lower.equals("routingconfig")
        || lower.equals("modelselectionconfig");
  }

  private static boolean isEmpty(JsonParser json) {
    return switch (json.currentToken()) {
      case VALUE_NULL, VALUE_FALSE -> true;
      default -> false;
    };
  }
}

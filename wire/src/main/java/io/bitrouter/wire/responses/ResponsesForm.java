package io.bitrouter.wire.responses;

import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.responses.ResponsesTooling.Namespaced;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/**
 * What a request says of the form of its answer.
 *
 * @param shown members that an answer repeats, as JSON
 * @param namespaced namespaces of the tools that are in one, by the name under which models call
 *     them
 * @param stored whether the answer is stored
 */
record ResponsesForm(
    Map<String, String> shown, Map<String, Namespaced> namespaced, boolean stored) {

  private static final Map<String, String> DEFAULTS = defaults();

  private static Map<String, String> defaults() {
    Map<String, String> defaults = new LinkedHashMap<>();
    defaults.put("background", "false");
    defaults.put("instructions", "null");
    defaults.put("max_output_tokens", "null");
    defaults.put("max_tool_calls", "null");
    defaults.put("metadata", "{}");
    defaults.put("parallel_tool_calls", "true");
    defaults.put("previous_response_id", "null");
    defaults.put("prompt_cache_key", "null");
    defaults.put("reasoning", "{\"effort\":null,\"summary\":null}");
    defaults.put("safety_identifier", "null");
    defaults.put("service_tier", "\"default\"");
    defaults.put("temperature", "null");
    defaults.put("text", "{\"format\":{\"type\":\"text\"}}");
    defaults.put("tool_choice", "\"auto\"");
    defaults.put("tools", "[]");
    defaults.put("top_logprobs", "0");
    defaults.put("top_p", "null");
    defaults.put("truncation", "\"disabled\"");
    defaults.put("user", "null");
    return defaults;
  }

  /** For the answer to the request {@code body}. */
  static ResponsesForm of(
      JsonNode body, Map<String, Namespaced> namespaced, ResponsesStored storing) {
    Map<String, String> shown = new LinkedHashMap<>(DEFAULTS);
    shown.replaceAll((name, usual) ->
        body.path(name).isMissingNode() || body.path(name).isNull()
            ? usual
            : Json.text(body.path(name)));
    storing
        .previous()
        .ifPresent(id ->
            shown.put("previous_response_id", new String(Json.quoted(id), StandardCharsets.UTF_8)));
    return new ResponsesForm(shown, namespaced, storing.kept());
  }

  /** Writes the members that an answer repeats. */
  void write(JsonGenerator json) {
    shown.forEach((name, value) -> {
      json.writeName(name);
      json.writeRawValue(value);
    });
    json.writeBooleanProperty("store", stored);
  }
}

package io.bitrouter.testkit;

import io.bitrouter.testkit.HttpReader.Field;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A request as an upstream received it.
 *
 * @param connection number of the connection it came on, from 1
 * @param method {@code POST}
 * @param path path and query as sent
 * @param fields headers in their order
 * @param body the body's bytes
 */
public record RecordedRequest(
    int connection, String method, String path, List<Field> fields, byte[] body) {

  private static final JsonMapper JSON = JsonMapper.shared();

  /** Value of the first header of that name, in any case. */
  public Optional<String> header(String name) {
    return fields.stream()
        .filter(field -> field.name().equalsIgnoreCase(name))
        .map(Field::value)
        .findFirst();
  }

  /** The body as text. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** The body as JSON. */
  public JsonNode json() {
    return JSON.readTree(body);
  }

  /** Whether it came to the path of Anthropic's messages. */
  boolean messages() {
    return path.contains("/messages");
  }

  /** Whether a stream is asked for. */
  boolean streamed() {
    try {
      return json().path("stream").asBoolean(false);
    } catch (RuntimeException notJson) {
      return false;
    }
  }

  /** Whether the usage chunk of a chat stream is asked for. */
  boolean usageChunk() {
    return json().path("stream_options").path("include_usage").asBoolean(false);
  }

  @Override
  public String toString() {
    return method + " " + path + " " + text();
  }
}

package io.bitrouter.testkit;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An answer of the node.
 *
 * @param status HTTP status
 * @param headers headers by lower-case name
 * @param body the body's bytes
 */
public record Reply(int status, Map<String, List<String>> headers, byte[] body) {

  /** The body as text. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** The body as JSON. */
  public JsonNode json() {
    return JsonMapper.shared().readTree(body);
  }

  /** Value of the first header of that name, lower case. */
  public Optional<String> header(String name) {
    return headers.getOrDefault(name, List.of()).stream().findFirst();
  }

  /** This reply, if it has the status; fails otherwise with all of it. */
  public Reply mustBe(int wanted) {
    if (status != wanted) {
      throw new AssertionError("expected " + wanted + ", got " + this);
    }
    return this;
  }

  @Override
  public String toString() {
    return status + " " + headers + "\n" + text();
  }
}

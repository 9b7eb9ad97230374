package io.bitrouter.it.sdk;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An answer as the objects of a client library tell it.
 *
 * @param text all of its text
 * @param thought what the model thought, if the library tells
 * @param calls tools that were called
 * @param finish the library's word for why it ended
 * @param usage what was used
 * @param own the library's own object, from which a conversation goes on
 */
record Said(String text, String thought, List<Call> calls, String finish, Seen usage, Object own) {

  /**
   * A call of a tool.
   *
   * @param id its id, as the library has it; empty when it has none
   */
  record Call(String id, String name, JsonNode arguments) {

    /** From arguments as JSON. */
    static Call of(String id, String name, String arguments) {
      return new Call(id, name, JsonMapper.shared().readTree(arguments));
    }

    /** From arguments as a map. */
    static Call of(Optional<String> id, Optional<String> name, Map<String, Object> arguments) {
      return new Call(id.orElse(""), name.orElse(""), JsonMapper.shared().valueToTree(arguments));
    }
  }

  /**
   * A failure as a library tells it.
   *
   * @param status HTTP status; 0 when the library does not say
   */
  record Failure(int status, String message) {}
}

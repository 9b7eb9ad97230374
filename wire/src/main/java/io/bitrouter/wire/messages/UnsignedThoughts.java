package io.bitrouter.wire.messages;

import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.json.Span;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Finds the thoughts in a request that a model of another protocol had. Its answer could give them
 * no signature, the client sends them back without one, and Anthropic refuses such a request.
 */
final class UnsignedThoughts {

  private static final byte[] SIGNATURE = "\"signature\"".getBytes(StandardCharsets.US_ASCII);

  private final List<Span> blocks = new ArrayList<>();

  private UnsignedThoughts() {}

  /**
   * Where they stand in {@code body}, which is valid JSON, neighbours as one, each with a comma
   * beside it. A message that is nothing else keeps them.
   */
  static List<Span> in(byte[] body) {
    if (!mentionsEmptySignature(body)) {
      return List.of();
    }
    UnsignedThoughts found = new UnsignedThoughts();
    Json.object(
        body,
        0,
        body.length,
        (name, json) -> {
          if (name.equals("messages")) {
            Json.elements(json, found::message);
          }
        });
    return found.blocks.stream().map(at -> Span.ofMember(body, at.start(), at.end())).toList();
  }

  /** Most bodies do not, and need no second reading. */
  private static boolean mentionsEmptySignature(byte[] body) {
    int last = body.length - SIGNATURE.length;
    for (int i = 0; i <= last; i++) {
      int at = 0;
      while (at < SIGNATURE.length && body[i + at] == SIGNATURE[at]) {
        at++;
      }
      if (at == SIGNATURE.length && emptyAfter(body, i + at)) {
        return true;
      }
    }
    return false;
  }

  private static boolean emptyAfter(byte[] body, int from) {
    int at = from;
    while (at < body.length && (body[at] <= ' ' || body[at] == ':')) {
      at++;
    }
    return at + 1 < body.length && body[at] == '"' && body[at + 1] == '"';
  }

  private void message(JsonParser json) {
    Json.members(
        json,
        (name, value) -> {
          if (name.equals("content") && value.currentToken() == JsonToken.START_ARRAY) {
            content(value);
          }
        });
  }

  private void content(JsonParser json) {
    List<Span> unsigned = new ArrayList<>();
    boolean goesOn = false;
    boolean others = false;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      Block block = new Block();
      int start = Json.tokenStart(json);
      Json.members(json, block::member);
      json.skipChildren();
      if (block.thought && block.unsigned) {
        int from = goesOn ? unsigned.removeLast().start() : start;
        unsigned.add(new Span(from, Json.tokenEnd(json)));
        goesOn = true;
      } else {
        goesOn = false;
        others = true;
      }
    }
    if (others) {
      blocks.addAll(unsigned);
    }
  }

  private static final class Block {
    private boolean thought;
    private boolean unsigned;

    void member(String name, JsonParser json) {
      if (json.currentToken() == JsonToken.VALUE_STRING) {
        thought |= name.equals("type") && json.getString().equals("thinking");
        unsigned |= name.equals("signature") && json.getString().isEmpty();
      }
    }
  }
}

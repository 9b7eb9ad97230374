package io.bitrouter.wire.error;

import io.bitrouter.wire.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What an upstream said about a failure, without anything that looks like a credential.
 *
 * @param message its sentence, empty when there is none that can be shown
 * @param type its type, a plain word
 * @param code its code, a plain word or number; of Google's errors the word, which is their {@code
 *     status}
 * @param param the member it blames
 */
public record UpstreamFault(
    Optional<String> message,
    Optional<String> type,
    Optional<String> code,
    Optional<String> param) {

  private static final int MAX_READ = 64 << 10;
  private static final int MAX_PLAIN_TEXT = 512;
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  /**
   * Reads a body or the data of an event: {@code {"error":{message,type,code,param}}}, {@code
   * {"error":"…"}}, {@code {"message":…}}, {@code {"detail":…}}, a list of one of these, or a short
   * plain text. Markup, more than 64 KiB and anything else says nothing. Never fails.
   */
  public static UpstreamFault read(byte[] bytes, int from, int length) {
    if (length <= MAX_READ) {
      try {
        JsonNode json = Json.tree(bytes, from, length);
        return of(json.isArray() ? json.path(0) : json);
      } catch (JacksonException | IllegalStateException e) {
        // Not JSON: perhaps a text.
      }
    }
    Optional<String> text = plainText(bytes, from, length);
    return new UpstreamFault(text, Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static UpstreamFault of(JsonNode said) {
    // The error itself knows better than what surrounds it, such as "type":"error".
    JsonNode error = said.path("error").isObject() ? said.path("error") : said;
    Optional<String> message =
        Stream.of("error", "message", "detail")
            .map(error::path)
            .filter(JsonNode::isString)
            .findFirst()
            .flatMap(text -> shown(text.stringValue()));
    return new UpstreamFault(
        message,
        word(error.path("type")),
        word(error.path("status").isString() ? error.path("status") : error.path("code")),
        shown(error.path("param").stringValue("")));
  }

  /** A short text that is neither markup nor JSON. */
  private static Optional<String> plainText(byte[] bytes, int from, int length) {
    if (length > MAX_PLAIN_TEXT) {
      return Optional.empty();
    }
    try {
      ByteBuffer part = ByteBuffer.wrap(bytes, from, length);
      String text = StandardCharsets.UTF_8.newDecoder().decode(part).toString().strip();
      boolean plain =
          !text.isEmpty() && text.indexOf('<') < 0 && "{[\"".indexOf(text.charAt(0)) < 0;
      return plain ? shown(text) : Optional.empty();
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> shown(String text) {
    return Optional.of(Redaction.of(text).strip()).filter(kept -> !kept.isEmpty());
  }

  private static Optional<String> word(JsonNode value) {
    return value.isString() || value.isIntegralNumber()
        ? shown(value.asString()).filter(word -> WORD.matcher(word).matches())
        : Optional.empty();
  }
}

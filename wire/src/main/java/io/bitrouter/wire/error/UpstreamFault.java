package io.bitrouter.wire.error;

import io.bitrouter.wire.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * What an upstream said about a failure, without anything that looks like a credential.
 *
 * @param message its sentence, empty when there is none that can be shown
 * @param type its type, a plain word
 * @param code its code, a plain word or number
 * @param param the member it blames
 */
public record UpstreamFault(
    Optional<String> message,
    Optional<String> type,
    Optional<String> code,
    Optional<String> param) {

  /** Nothing said. */
  public static final UpstreamFault NONE =
      new UpstreamFault(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  private static final int MAX_READ = 64 << 10;
  private static final int MAX_WORD = 64;
  private static final int MAX_PLAIN_TEXT = 512;

  /**
   * Reads a body or the data of an event: {@code {"error":{message,type,code,param}}}, {@code
   * {"error":"…"}}, {@code {"message":…}}, {@code {"detail":…}}, a list of one of these, or a short
   * plain text. Markup and anything else says nothing. Never fails.
   */
  public static UpstreamFault read(byte[] bytes, int from, int length) {
    Reading reading = new Reading();
    try (JsonParser json = Json.parser(bytes, from, length)) {
      JsonToken first = json.nextToken();
      if (first == JsonToken.START_ARRAY) {
        first = json.nextToken();
      }
      if (first == JsonToken.START_OBJECT) {
        reading.object(json, 0);
      }
    } catch (JacksonException | IllegalStateException e) {
      if (reading.message == null) {
        reading.message = plainText(bytes, from, length);
      }
    }
    return reading.result();
  }

  /** A short text that is neither markup nor JSON. */
  private static @Nullable String plainText(byte[] bytes, int from, int length) {
    if (length > MAX_PLAIN_TEXT) {
      return null;
    }
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(bytes, from, length))
              .toString()
              .strip();
      return text.isEmpty() || text.indexOf('<') >= 0 || "{[\"".indexOf(text.charAt(0)) >= 0
          ? null
          : text;
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static final class Reading {
    private @Nullable String message;
    private @Nullable String type;
    private @Nullable String code;
    private @Nullable String param;

    /** Reads the members of an error, or of an object that holds one. */
    void object(JsonParser json, int depth) {
      String name;
      while ((name = json.nextName()) != null) {
        JsonToken token = json.nextToken();
        switch (name) {
          case "error" -> {
            if (token == JsonToken.START_OBJECT && depth == 0) {
              forget();
              object(json, depth + 1);
            } else {
              message = text(json, token, message);
            }
          }
          case "message", "detail", "msg" -> message = text(json, token, message);
          case "type" -> type = word(json, token, type);
          case "code" -> code = word(json, token, code);
          case "param" -> param = word(json, token, param);
          default -> json.skipChildren();
        }
      }
    }

    /** The error itself knows better than what surrounds it, such as {@code "type":"error"}. */
    private void forget() {
      message = null;
      type = null;
      code = null;
      param = null;
    }

    private static @Nullable String text(
        JsonParser json, JsonToken token, @Nullable String before) {
      if (token != JsonToken.VALUE_STRING) {
        json.skipChildren();
        return before;
      }
      if (before != null || json.getStringLength() > MAX_READ) {
        return before;
      }
      return json.getString();
    }

    private static @Nullable String word(
        JsonParser json, JsonToken token, @Nullable String before) {
      if (token != JsonToken.VALUE_STRING && token != JsonToken.VALUE_NUMBER_INT) {
        json.skipChildren();
        return before;
      }
      return before != null || json.getStringLength() > MAX_WORD ? before : json.getString();
    }

    UpstreamFault result() {
      return new UpstreamFault(shown(message), word(type), word(code), shown(param));
    }

    private static Optional<String> shown(@Nullable String text) {
      return Optional.ofNullable(text)
          .map(Redaction::of)
          .map(String::strip)
          .filter(kept -> !kept.isEmpty());
    }

    private static Optional<String> word(@Nullable String text) {
      return shown(text)
          .filter(kept ->
              kept.chars()
                  .allMatch(
                      c -> (c < 0x80 && Character.isLetterOrDigit(c)) || c == '_' || c == '-'));
    }
  }
}

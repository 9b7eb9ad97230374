package io.bitrouter.wire.json;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.BiConsumer;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Finds the names of objects that a provider keeps wherever they stand in what is not read
 * otherwise: tools, and members that a protocol has got since. What may hold a client's own words,
 * such as schemas, arguments and metadata, is not looked into.
 */
final class KeptObjects {

  /** Members whose value, or each element of it, is such a name. */
  private static final Set<String> NAMES =
      Set.of(
          "file_id",
          "file_ids",
          "container_id",
          "skill_id",
          "vector_store_ids",
          "collection_ids",
          "tunnel_id",
          "previous_response_id",
          "previous_message_id",
          "comparison_response_id",
          "fallback_credit_token",
          "cached_content");

  /** Members whose value is an address. */
  private static final Set<String> ADDRESSES =
      Set.of("image_url", "audio_url", "video_url", "file_url", "document_url");

  /** Members in which names are the client's own, or labels of what is there as well. */
  private static final Set<String> FREE =
      Set.of(
          "parameters",
          "input_schema",
          "output_schema",
          "schema",
          "format",
          "response_format",
          "output_format",
          "input",
          "input_examples",
          "arguments",
          "metadata",
          "client_metadata",
          "attributes",
          "headers",
          "annotations",
          "citations",
          "results");

  /** Most characters of the beginning of an address that says how it is to be read. */
  private static final int MAX_SCHEME = 32;

  private final byte[] body;
  private final BiConsumer<String, String> found;

  /**
   * A finder.
   *
   * @param body what the parsers read, from its first byte
   * @param found takes the place and the name of each object
   */
  KeptObjects(byte[] body, BiConsumer<String, String> found) {
    this.body = body;
    this.found = found;
  }

  /** Looks into the value of {@code name}; {@code where} is empty at the top level. */
  void in(String where, String name, JsonParser json) {
    if (FREE.contains(name)) {
      return;
    }
    OneModel.check(where, name, json);
    String place = where.isEmpty() ? name : where + "." + name;
    if (NAMES.contains(name)) {
      named(place, json);
    } else if (ADDRESSES.contains(name)) {
      address(place, json);
    } else if (json.currentToken() == JsonToken.VALUE_STRING && name.equals("container")) {
      found.accept(place, ContentReader.id(place, json));
    } else if (json.currentToken() == JsonToken.START_OBJECT && name.equals("voice")) {
      // A voice by its name is everybody's, one with an id is an account's.
      member("id", place, json);
    } else {
      within(where.isEmpty() ? name : where, json);
    }
  }

  private void within(String where, JsonParser json) {
    Json.elements(json, element -> within(where, element));
    Json.members(json, (member, value) -> in(where, member, value));
  }

  private void named(String place, JsonParser json) {
    if (json.currentToken() == JsonToken.START_OBJECT) {
      // A credit that a provider grants is told by its token.
      member("token", place, json);
      return;
    }
    ContentReader.each(
        json,
        value -> {
          String id = ContentReader.id(place, value);
          if (!id.isEmpty()) {
            found.accept(place, id);
          }
        });
  }

  private void member(String wanted, String place, JsonParser json) {
    Json.members(
        json,
        (member, value) -> {
          if (member.equals(wanted)) {
            named(place + "." + wanted, value);
          }
        });
  }

  /** Reads an address, or an object with one. */
  void address(String place, JsonParser json) {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      if (isAddress(beginning(json))) {
        String address = json.getString();
        if (isAddress(address) && GeminiScanner.kept(address)) {
          found.accept(place, ContentReader.id(place, json));
        }
      }
    } else {
      Json.members(
          json,
          (member, value) -> {
            if (member.equals("url")) {
              address(place + ".url", value);
            }
          });
    }
  }

  /** A text that is the names of files, as Alibaba's models take them, and no text. */
  void text(String place, JsonParser json) {
    int at = Json.tokenStart(json) + 1;
    // A body can end with the quote that opens a text; the parser is the one to say so.
    byte first = at < body.length ? body[at] : (byte) '"';
    // Most texts can be seen not to be one without being decoded.
    if ((first == 'f' || first == ' ' || first == '\\')
        && json.getString().stripLeading().startsWith("fileid://")) {
      found.accept(place, "fileid");
    }
  }

  /**
   * The parser's text up to a colon, or to an escape, which could be one; empty when there is
   * neither. Data can be megabytes and is not decoded to see that it is no address.
   */
  private String beginning(JsonParser json) {
    int start = Json.tokenStart(json) + 1;
    for (int i = start; i < Math.min(body.length, start + MAX_SCHEME) && body[i] != '"'; i++) {
      if (body[i] == ':' || body[i] == '\\') {
        return new String(body, start, i + 1 - start, StandardCharsets.ISO_8859_1)
            + (body[i] == ':' ? "" : ":");
      }
    }
    return "";
  }

  /** Whether the text has a scheme and is not the data itself. */
  private static boolean isAddress(String text) {
    int colon = text.indexOf(':');
    return colon >= 0 && colon <= MAX_SCHEME && !text.regionMatches(true, 0, "data:", 0, 5);
  }
}

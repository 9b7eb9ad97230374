package io.bitrouter.wire.json;

import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/** The streaming readers and writers of this module. Thread-safe. */
public final class Json {

  /** Deepest nesting of arrays and objects that is read. */
  public static final int MAX_DEPTH = 256;

  /** Most characters of a number. */
  public static final int MAX_NUMBER_LENGTH = 1_000;

  /** Most bytes of a member name. */
  public static final int MAX_NAME_LENGTH = 10_000;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(MAX_NUMBER_LENGTH)
                  .maxNameLength(MAX_NAME_LENGTH)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          // A body is UTF-8 or refused; guessing would let UTF-16 in, whose offsets mean nothing.
          .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
          .disable(JsonWriteFeature.ESCAPE_FORWARD_SLASHES)
          .build();

  private Json() {}

  /** A reader of {@code length} bytes from {@code from}; byte offsets count from {@code from}. */
  public static JsonParser parser(byte[] bytes, int from, int length) {
    return FACTORY.createParser(ObjectReadContext.empty(), bytes, from, length);
  }

  /** The bytes that {@code writing} writes. */
  public static byte[] bytes(Consumer<JsonGenerator> writing) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
      writing.accept(json);
    }
    return out.toByteArray();
  }

  /** {@code text} as a JSON string, quotes included. */
  public static byte[] quoted(String text) {
    return bytes(json -> json.writeString(text));
  }

  /** Byte offset of the first byte of the parser's token. */
  public static int tokenStart(JsonParser parser) {
    return (int) parser.currentTokenLocation().getByteOffset();
  }

  /** Byte offset after the parser's token; reads it to its end. */
  public static int tokenEnd(JsonParser parser) {
    parser.finishToken();
    return (int) parser.currentLocation().getByteOffset();
  }

  /** The parser's token, with everything inside when it opens an object or array, as bytes. */
  public static Span skipValue(JsonParser parser) {
    int start = tokenStart(parser);
    parser.skipChildren();
    return new Span(start, tokenEnd(parser));
  }

  /** Bytes of the parser's string token in UTF-8, escapes resolved; 0 for any other token. */
  public static int stringBytes(JsonParser parser) {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      return 0;
    }
    int length = parser.getStringLength();
    return Utf8.length(parser.getStringCharacters(), parser.getStringOffset(), length);
  }

  /** Where the parser stands, as a person counts: {@code line 3, column 7}. */
  static String position(TokenStreamLocation at) {
    return "line " + at.getLineNr() + ", column " + at.getColumnNr();
  }
}

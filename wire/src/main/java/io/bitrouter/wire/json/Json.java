package io.bitrouter.wire.json;

import io.bitrouter.core.exchange.TokenUsage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The readers and writers of this module. Thread-safe. */
public final class Json {

  /** Deepest nesting of arrays and objects that is read. */
  public static final int MAX_DEPTH = 256;

  /** Most characters of a number. */
  public static final int MAX_NUMBER_LENGTH = 1_000;

  /** Most bytes of a member name. */
  public static final int MAX_NAME_LENGTH = 10_000;

  /** What stands for a number of tokens that is not there: 0 is a number of tokens. */
  public static final long ABSENT = -1;

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

  // Fractions stay what they are: as floating point they would lose digits, or become infinite,
  // which is written as a text.
  private static final JsonMapper TREES =
      JsonMapper.builder(FACTORY).enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private static final JsonMapper STRICT_TREES =
      JsonMapper.builder(FACTORY)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  /** Reads one member at whose value the parser stands; may leave an object or array unread. */
  @FunctionalInterface
  public interface MemberReader {
    /** Reads the value of the member {@code name}. */
    void read(String name, JsonParser json);
  }

  private Json() {}

  /** A reader of {@code length} bytes from {@code from}; byte offsets count from {@code from}. */
  public static JsonParser parser(byte[] bytes, int from, int length) {
    return FACTORY.createParser(ObjectReadContext.empty(), bytes, from, length);
  }

  /**
   * The one value in {@code length} bytes from {@code from}, as a tree.
   *
   * @throws JacksonException when they are not one JSON value
   */
  public static JsonNode tree(byte[] bytes, int from, int length) {
    try {
      return TREES.readTree(bytes, from, length);
    } catch (NumberFormatException e) {
      throw exponent(e);
    }
  }

  /**
   * A body that is one JSON value, as a tree.
   *
   * @throws JacksonException when it is not, or any object in it has a member twice
   */
  public static JsonNode strictTree(byte[] body) {
    try {
      return STRICT_TREES.readTree(body);
    } catch (NumberFormatException e) {
      throw exponent(e);
    }
  }

  /** Jackson does not make this one of its own limits. */
  private static JacksonException exponent(NumberFormatException e) {
    StreamConstraintsException limit =
        new StreamConstraintsException("Number with an exponent of more than 31 bits");
    limit.initCause(e);
    return limit;
  }

  /**
   * Reads the members of the one object in {@code length} bytes from {@code from}; false when they
   * are not that, although members before the fault have been read.
   */
  public static boolean object(byte[] bytes, int from, int length, MemberReader reader) {
    try (JsonParser json = parser(bytes, from, length)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      members(json, reader);
      return json.nextToken() == null;
    } catch (JacksonException | IllegalStateException e) {
      // The latter for member names that are chosen to collide in the reader's symbol table.
      return false;
    }
  }

  /** Reads the members of the object that the parser's token opens, if it opens one. */
  public static void members(JsonParser json, MemberReader reader) {
    if (json.currentToken() == JsonToken.START_OBJECT) {
      String name;
      while ((name = json.nextName()) != null) {
        json.nextToken();
        reader.read(name, json);
        // Does nothing unless the value is an object or array that nobody has read.
        json.skipChildren();
      }
    }
  }

  /** Reads the elements of the array that the parser's token opens, if it opens one. */
  public static void elements(JsonParser json, Consumer<JsonParser> reader) {
    if (json.currentToken() == JsonToken.START_ARRAY) {
      while (json.nextToken() != JsonToken.END_ARRAY) {
        reader.accept(json);
        json.skipChildren();
      }
    }
  }

  /**
   * The parser's token as a number of tokens. {@link #ABSENT} for null and for what cannot be one:
   * negative numbers, fractions, texts, and numbers above {@link TokenUsage#BUCKET_LIMIT}.
   */
  public static long tokens(JsonParser json) {
    if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      return ABSENT;
    }
    return switch (json.getNumberType()) {
      case INT, LONG -> {
        long value = json.getLongValue();
        yield value < 0 || value > TokenUsage.BUCKET_LIMIT ? ABSENT : value;
      }
      default -> ABSENT;
    };
  }

  /** The first number of tokens that is there, otherwise {@link #ABSENT}. */
  public static long firstTokens(long... figures) {
    for (long figure : figures) {
      if (figure != ABSENT) {
        return figure;
      }
    }
    return ABSENT;
  }

  /** The bytes that {@code writing} writes. */
  public static byte[] bytes(Consumer<JsonGenerator> writing) {
    var out = new ByteArrayOutputStream(256);
    write(out, writing);
    return out.toByteArray();
  }

  /** Adds what {@code writing} writes to {@code out}. */
  public static void write(ByteArrayOutputStream out, Consumer<JsonGenerator> writing) {
    try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
      writing.accept(json);
    }
  }

  /** A tree as JSON; halves of surrogate pairs are escaped, so that it can be written anywhere. */
  public static String text(JsonNode tree) {
    return new String(TREES.writeValueAsBytes(tree), StandardCharsets.UTF_8);
  }

  /** {@code text} as a JSON string, quotes included. */
  public static byte[] quoted(String text) {
    return bytes(json -> json.writeString(text));
  }

  /** The parser's token, with everything inside when it opens an object or array, as bytes. */
  public static Span skipValue(JsonParser parser) {
    int start = tokenStart(parser);
    parser.skipChildren();
    return new Span(start, tokenEnd(parser));
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

  /** Bytes of the parser's string token in UTF-8, escapes resolved; 0 for any other token. */
  public static int stringBytes(JsonParser parser) {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      return 0;
    }
    int bytes = parser.getStringLength();
    char[] text = parser.getStringCharacters();
    int from = parser.getStringOffset();
    for (int i = from, end = from + bytes; i < end; i++) {
      bytes += moreBytes(text[i]);
    }
    return bytes;
  }

  /** Bytes of {@code text} in UTF-8, counted as {@link #stringBytes(JsonParser)} does. */
  public static int stringBytes(String text) {
    int bytes = text.length();
    for (int i = 0, end = bytes; i < end; i++) {
      bytes += moreBytes(text.charAt(i));
    }
    return bytes;
  }

  /** Bytes beyond one that a character takes. */
  private static int moreBytes(char c) {
    if (c < 0x80) {
      return 0;
    }
    // A surrogate pair is two characters and four bytes: two for each half.
    return c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
  }

  /** Whether the parser's token is null. */
  public static boolean isNull(JsonParser json) {
    return json.currentToken() == JsonToken.VALUE_NULL;
  }

  /** The parser's token as a text, {@code otherwise} when it is something else. */
  public static String string(JsonParser json, String otherwise) {
    return json.currentToken() == JsonToken.VALUE_STRING ? json.getString() : otherwise;
  }

  /** A place as a person counts: {@code line 3, column 7}. */
  static String position(TokenStreamLocation at) {
    return "line " + at.getLineNr() + ", column " + at.getColumnNr();
  }
}

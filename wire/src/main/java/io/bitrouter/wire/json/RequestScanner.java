package io.bitrouter.wire.json;

import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.wire.json.RequestScan.Name;
import io.bitrouter.wire.json.RequestScan.OutputLimit;
import io.bitrouter.wire.json.RequestScan.Store;
import io.bitrouter.wire.json.RequestScan.StreamOptions;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamConstraintsException;

/**
 * Reads the members that the gateway needs from a request body, in one pass and without a tree.
 *
 * <p>Refused with 400 are: bytes that are not UTF-8, a byte order mark, anything that is not one
 * JSON object, a member that occurs twice at the top level or in {@code stream_options} or, where
 * it is judged, in messages and tools (however its name is escaped: what is judged must be what the
 * upstream reads), values of the wrong type and values out of range. Null means absent, except for
 * {@code model}.
 */
public final class RequestScanner {

  /** Every member that can be read. */
  public static final Set<String> MEMBERS =
      Set.of(
          "model",
          "models",
          "stream",
          "stream_options",
          "max_tokens",
          "max_completion_tokens",
          "n",
          "messages",
          "system",
          "tools",
          "functions",
          "web_search_options",
          "search_parameters",
          "plugins",
          "mcp_servers",
          "cache_control",
          "container",
          "user",
          "safety_identifier",
          "prompt_cache_key",
          "metadata",
          "store");

  /** Most members at the top level. */
  static final int MAX_MEMBERS = 1_024;

  /** Most models to try after the first. */
  static final int MAX_FALLBACKS = 16;

  private static final int MAX_MODEL_LENGTH = 256;
  private static final int MAX_CHOICES = 128;
  private static final String INCLUDE_USAGE = "include_usage";

  private final Set<String> members;
  private int membersAt;
  private @Nullable String model;
  private Span modelAt = new Span(0, 0);
  private boolean stream;
  private Optional<StreamOptions> streamOptions = Optional.empty();
  private Optional<OutputLimit> maxTokens = Optional.empty();
  private Optional<OutputLimit> maxCompletionTokens = Optional.empty();
  private int choices = 1;
  private Optional<Span> tools = Optional.empty();
  private final ContentReader content;
  private final TopLevel own;
  private final List<Name> names = new ArrayList<>();
  private final List<String> fallbacks = new ArrayList<>();
  private Optional<Span> fallbacksAt = Optional.empty();
  private Optional<Store> store = Optional.empty();

  private RequestScanner(Set<String> members, ContentReader content, TopLevel own) {
    this.members = members;
    this.content = content;
    this.own = own;
  }

  /**
   * Reads {@code members} of {@code body} and passes over all others; the refusal names the member,
   * or the place, and what is wrong there.
   */
  public static Outcome<RequestScan> scan(byte[] body, Set<String> members) {
    try {
      return Outcome.done(
          scan(
              body,
              members,
              new ContentReader(body),
              (name, nameAt, json) -> {
                throw new IllegalArgumentException("no member '" + name + "' is read");
              }));
    } catch (Fault fault) {
      return Outcome.refused(fault.refusal());
    }
  }

  /**
   * The same for a protocol with members of its own.
   *
   * @param content takes what is judged
   * @param own reads those of {@code members} that are not in {@link #MEMBERS}
   */
  static RequestScan scan(byte[] body, Set<String> members, ContentReader content, TopLevel own) {
    checkEncoding(body);
    return new RequestScanner(members, content, own).scan(body);
  }

  /** Refuses what is not UTF-8. */
  static void checkEncoding(byte[] body) {
    if (body.length >= 3
        && body[0] == (byte) 0xEF
        && body[1] == (byte) 0xBB
        && body[2] == (byte) 0xBF) {
      throw new Fault("the body begins with a byte order mark: send UTF-8 without one");
    }
    int invalid = firstInvalid(body);
    if (invalid >= 0) {
      throw new Fault("the body is not valid UTF-8 at byte " + invalid);
    }
  }

  /** Index of the first byte that is not part of well-formed UTF-8, or -1 when there is none. */
  static int firstInvalid(byte[] body) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(body);
    CharBuffer out = CharBuffer.allocate(Math.min(body.length + 1, 4_096));
    CoderResult result;
    do {
      result = decoder.decode(in, out.clear(), true);
    } while (result.isOverflow());
    return result.isError() ? in.position() : -1;
  }

  private RequestScan scan(byte[] body) {
    membersAt =
        read(
            body,
            (name, nameAt, json) -> {
              if (members.contains(name)) {
                member(name, nameAt, json);
              } else {
                content.unread("", name, json);
              }
            });
    if (model == null) {
      throw new Fault("model", "is required: name a model listed by GET /v1/models");
    }
    return new RequestScan(
        membersAt,
        model,
        modelAt,
        stream,
        streamOptions,
        maxTokens,
        maxCompletionTokens,
        choices,
        tools,
        content.content(),
        List.copyOf(names),
        List.copyOf(fallbacks),
        fallbacksAt.map(at -> Span.ofMember(body, at.start(), at.end())),
        store);
  }

  /** Reads one member of a body, at whose value the parser stands. */
  @FunctionalInterface
  interface TopLevel {
    /** Reads the value of {@code name}, which begins at {@code nameAt}; may leave it unread. */
    void read(String name, int nameAt, JsonParser json);
  }

  /** Reads the members of a body and returns the index after its opening brace. */
  static int read(byte[] body, TopLevel reader) {
    try (JsonParser json = Json.parser(body, 0, body.length)) {
      return read(json, reader);
    } catch (StreamConstraintsException e) {
      throw new Fault("the body exceeds a limit" + at(e) + ": " + limit(e));
    } catch (JacksonException e) {
      throw new Fault("the body is not valid JSON" + at(e) + ": " + reason(e));
    } catch (IllegalStateException e) {
      // The reader refuses documents whose member names are chosen to collide in its symbol table.
      throw new Fault("the body has too many colliding member names");
    }
  }

  private static int read(JsonParser json, TopLevel reader) {
    JsonToken first = json.nextToken();
    if (first == null) {
      throw new Fault("the body is empty: send a JSON object");
    }
    if (first != JsonToken.START_OBJECT) {
      throw new Fault("the body must be a JSON object, it is " + kind(first));
    }
    final int start = Json.tokenStart(json) + 1;
    Set<String> seen = new HashSet<>();
    String name;
    while ((name = json.nextName()) != null) {
      once(seen, name, "", json);
      if (seen.size() > MAX_MEMBERS) {
        throw new Fault("the body has more than " + MAX_MEMBERS + " members at the top level");
      }
      int nameAt = Json.tokenStart(json);
      json.nextToken();
      reader.read(name, nameAt, json);
      json.skipChildren();
    }
    if (json.nextToken() != null) {
      throw new Fault(
          "something follows the JSON object at " + Json.position(json.currentTokenLocation()));
    }
    return start;
  }

  private void member(String name, int nameAt, JsonParser json) {
    switch (name) {
      case "models" -> fallbacks(nameAt, json);
      case "model" -> model(json);
      case "stream" -> stream = bool(name, json);
      case "stream_options" -> streamOptions = Optional.of(options(name, json));
      case "max_tokens" -> maxTokens = Optional.of(outputLimit(name, json));
      case "max_completion_tokens" -> maxCompletionTokens = Optional.of(outputLimit(name, json));
      case "n" -> choices = (int) integer(name, json, 1, MAX_CHOICES).orElse(1);
      case "messages" -> content.messages(json);
      case "system" -> content.content(name, json);
      case "tools" -> {
        boolean present = json.currentToken() != JsonToken.VALUE_NULL;
        int start = Json.tokenStart(json);
        content.tools(name, json);
        tools = Optional.of(new Span(start, Json.tokenEnd(json))).filter(at -> present);
      }
      case "functions" -> content.tools(name, json);
      case "web_search_options", "search_parameters", "plugins", "mcp_servers" ->
          content.providerTools(name, json);
      case "cache_control" -> content.cacheControl(json);
      case "container" -> content.container(json);
      case "user", "safety_identifier", "prompt_cache_key" -> name(name, json);
      case "metadata" -> metadata(json);
      case "store" -> store = Optional.of(store(json));
      default -> own.read(name, nameAt, json);
    }
  }

  private void model(JsonParser json) {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw new Fault("model", "must be a string, it is " + kind(json.currentToken()));
    }
    modelAt = Json.skipValue(json);
    model = modelName("model", json);
  }

  private static String modelName(String member, JsonParser json) {
    if (json.getStringLength() > MAX_MODEL_LENGTH) {
      throw new Fault(member, "must have at most " + MAX_MODEL_LENGTH + " characters");
    }
    String name = json.getString();
    if (name.isEmpty()) {
      throw new Fault(member, "must not be empty");
    }
    return name;
  }

  private void fallbacks(int nameAt, JsonParser json) {
    if (json.currentToken() == JsonToken.START_ARRAY) {
      while (json.nextToken() != JsonToken.END_ARRAY) {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
          throw new Fault("models", "must list strings, in it is " + kind(json.currentToken()));
        }
        if (fallbacks.size() == MAX_FALLBACKS) {
          throw new Fault("models", "must list at most " + MAX_FALLBACKS + " models");
        }
        fallbacks.add(modelName("models", json));
      }
    } else if (json.currentToken() != JsonToken.VALUE_NULL) {
      throw new Fault("models", "must be a list of strings, it is " + kind(json.currentToken()));
    }
    fallbacksAt = Optional.of(new Span(nameAt, Json.tokenEnd(json)));
  }

  private void name(String member, JsonParser json) {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw new Fault(member, "must be a string, it is " + kind(json.currentToken()));
    }
    names.add(new Name(Json.skipValue(json), json.getString()));
  }

  private void metadata(JsonParser json) {
    if (json.currentToken() == JsonToken.START_OBJECT) {
      boolean seen = false;
      String member;
      while ((member = json.nextName()) != null) {
        boolean user = member.equals("user_id");
        if (user && seen) {
          throw Fault.twice("metadata.", member, json);
        }
        seen |= user;
        json.nextToken();
        if (user) {
          name("metadata.user_id", json);
        }
        json.skipChildren();
      }
    }
  }

  private static Store store(JsonParser json) {
    boolean said = json.currentToken() != JsonToken.VALUE_NULL;
    boolean asked = bool("store", json);
    return new Store(Json.skipValue(json), said, asked);
  }

  private static StreamOptions options(String name, JsonParser json) {
    int start = Json.tokenStart(json);
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return new StreamOptions(Json.skipValue(json), false, true, false, Optional.empty());
    }
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw new Fault(name, "must be an object, it is " + kind(json.currentToken()));
    }
    Set<String> seen = new HashSet<>();
    boolean include = false;
    Optional<Span> includeAt = Optional.empty();
    String member;
    while ((member = json.nextName()) != null) {
      once(seen, member, name + ".", json);
      if (seen.size() > MAX_MEMBERS) {
        throw new Fault(name, "must have at most " + MAX_MEMBERS + " members");
      }
      json.nextToken();
      if (member.equals(INCLUDE_USAGE)) {
        include = bool(name + "." + INCLUDE_USAGE, json);
        includeAt = Optional.of(Json.skipValue(json));
      }
      json.skipChildren();
    }
    Span at = new Span(start, Json.tokenEnd(json));
    return new StreamOptions(at, true, seen.isEmpty(), include, includeAt);
  }

  private static void once(Set<String> seen, String name, String prefix, JsonParser json) {
    if (!seen.add(name)) {
      throw Fault.twice(prefix, name, json);
    }
  }

  static boolean bool(String name, JsonParser json) {
    return switch (json.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE, VALUE_NULL -> false;
      default -> throw new Fault(name, "must be true or false, it is " + kind(json.currentToken()));
    };
  }

  static OutputLimit outputLimit(String name, JsonParser json) {
    OptionalLong tokens = integer(name, json, 0, Integer.MAX_VALUE);
    return new OutputLimit(Json.skipValue(json), tokens);
  }

  static OptionalLong integer(String name, JsonParser json, long least, long most) {
    JsonToken token = json.currentToken();
    if (token == JsonToken.VALUE_NULL) {
      return OptionalLong.empty();
    }
    String range = "must be an integer from " + least + " to " + most;
    if (token != JsonToken.VALUE_NUMBER_INT) {
      throw new Fault(name, range + ", it is " + kind(token));
    }
    long value =
        switch (json.getNumberType()) {
          case INT, LONG -> json.getLongValue();
          default -> Long.MAX_VALUE;
        };
    if (value < least || value > most) {
      throw new Fault(name, range);
    }
    return OptionalLong.of(value);
  }

  static String kind(JsonToken token) {
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT -> "an integer";
      case VALUE_NUMBER_FLOAT -> "a fraction";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      case VALUE_NULL -> "null";
      default -> "something else";
    };
  }

  private static String at(JacksonException e) {
    return e.getLocation() == null ? "" : " at " + Json.position(e.getLocation());
  }

  /** The reader's words, which can quote a few bytes of the body, on one short line. */
  private static String reason(JacksonException e) {
    String text = e.getOriginalMessage().lines().findFirst().orElse("");
    return text.length() <= 160 ? text : text.substring(0, 160) + "…";
  }

  private static String limit(StreamConstraintsException e) {
    String text = e.getOriginalMessage();
    if (text.contains("nesting")) {
      return "it is nested deeper than " + Json.MAX_DEPTH + " levels";
    }
    if (text.startsWith("Number")) {
      return "a number has more than " + Json.MAX_NUMBER_LENGTH + " characters";
    }
    return "a member name has more than " + Json.MAX_NAME_LENGTH + " bytes";
  }
}

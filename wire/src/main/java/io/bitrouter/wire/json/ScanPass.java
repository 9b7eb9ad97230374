package io.bitrouter.wire.json;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamConstraintsException;

/** One pass over one body; used once. */
final class ScanPass {

  private static final String INCLUDE_USAGE = "include_usage";

  private final byte[] body;
  private final Map<String, RequestMember> members;
  private int membersAt;
  private @Nullable String model;
  private Span modelAt = new Span(0, 0);
  private boolean stream;
  private Optional<RequestScan.StreamOptions> streamOptions = Optional.empty();
  private OptionalLong maxTokens = OptionalLong.empty();
  private OptionalLong maxCompletionTokens = OptionalLong.empty();
  private int choices = 1;
  private Optional<Span> tools = Optional.empty();

  ScanPass(byte[] body, Map<String, RequestMember> members) {
    this.body = body;
    this.members = members;
  }

  /**
   * Reads the body.
   *
   * @throws RequestFault when it is not a request
   */
  RequestScan scan() {
    try (JsonParser json = Json.parser(body, 0, body.length)) {
      topLevel(json);
    } catch (StreamConstraintsException e) {
      throw RequestFault.of("the body exceeds a limit" + at(e) + ": " + limit(e));
    } catch (JacksonException e) {
      throw RequestFault.of("the body is not valid JSON" + at(e) + ": " + reason(e));
    } catch (IllegalStateException e) {
      // The reader refuses documents whose member names are chosen to collide in its symbol table.
      throw RequestFault.of("the body has too many colliding member names");
    }
    if (model == null) {
      throw RequestFault.member("model", "is required: name a model listed by GET /v1/models");
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
        tools);
  }

  private void topLevel(JsonParser json) {
    JsonToken first = json.nextToken();
    if (first == null) {
      throw RequestFault.of("the body is empty: send a JSON object");
    }
    if (first != JsonToken.START_OBJECT) {
      throw RequestFault.of("the body must be a JSON object, it is " + kind(first));
    }
    membersAt = Json.tokenStart(json) + 1;
    Set<String> seen = new HashSet<>();
    String name;
    while ((name = json.nextName()) != null) {
      once(seen, name, "", json);
      if (seen.size() > RequestScanner.MAX_MEMBERS) {
        throw RequestFault.of(
            "the body has more than " + RequestScanner.MAX_MEMBERS + " members at the top level");
      }
      JsonToken token = json.nextToken();
      RequestMember member = members.get(name);
      if (member == null) {
        json.skipChildren();
      } else {
        read(member, token, json);
      }
    }
    if (json.nextToken() != null) {
      throw RequestFault.of(
          "something follows the JSON object at " + Json.position(json.currentTokenLocation()));
    }
  }

  private void read(RequestMember member, JsonToken token, JsonParser json) {
    switch (member) {
      case MODEL -> model(token, json);
      case STREAM -> stream = bool(member.text(), token);
      case STREAM_OPTIONS -> streamOptions = Optional.of(options(token, json));
      case MAX_TOKENS ->
          maxTokens = integer(member.text(), token, json, 0, RequestScanner.MAX_OUTPUT_TOKENS);
      case MAX_COMPLETION_TOKENS ->
          maxCompletionTokens =
              integer(member.text(), token, json, 0, RequestScanner.MAX_OUTPUT_TOKENS);
      case CHOICES ->
          choices =
              (int) integer(member.text(), token, json, 1, RequestScanner.MAX_CHOICES).orElse(1);
      case TOOLS -> {
        Span at = Json.skipValue(json);
        tools = token == JsonToken.VALUE_NULL ? Optional.empty() : Optional.of(at);
      }
    }
  }

  private void model(JsonToken token, JsonParser json) {
    String name = RequestMember.MODEL.text();
    if (token != JsonToken.VALUE_STRING) {
      throw RequestFault.member(name, "must be a string, it is " + kind(token));
    }
    int start = Json.tokenStart(json);
    modelAt = new Span(start, Json.tokenEnd(json));
    // Six bytes are the longest escape of one character, so this refuses before making a string.
    if (modelAt.length() > 6 * RequestScanner.MAX_MODEL_LENGTH + 2
        || json.getStringLength() > RequestScanner.MAX_MODEL_LENGTH) {
      throw RequestFault.member(
          name, "must have at most " + RequestScanner.MAX_MODEL_LENGTH + " characters");
    }
    String text = json.getString();
    if (text.isEmpty()) {
      throw RequestFault.member(name, "must not be empty");
    }
    model = text;
  }

  private RequestScan.StreamOptions options(JsonToken token, JsonParser json) {
    String name = RequestMember.STREAM_OPTIONS.text();
    int start = Json.tokenStart(json);
    if (token == JsonToken.VALUE_NULL) {
      return new RequestScan.StreamOptions(
          new Span(start, Json.tokenEnd(json)), false, true, false, Optional.empty());
    }
    if (token != JsonToken.START_OBJECT) {
      throw RequestFault.member(name, "must be an object, it is " + kind(token));
    }
    Set<String> seen = new HashSet<>();
    boolean include = false;
    Optional<Span> includeAt = Optional.empty();
    String member;
    while ((member = json.nextName()) != null) {
      once(seen, member, name + ".", json);
      if (seen.size() > RequestScanner.MAX_MEMBERS) {
        throw RequestFault.member(
            name, "must have at most " + RequestScanner.MAX_MEMBERS + " members");
      }
      JsonToken value = json.nextToken();
      if (member.equals(INCLUDE_USAGE)) {
        include = bool(name + "." + INCLUDE_USAGE, value);
        includeAt = Optional.of(Json.skipValue(json));
      } else {
        json.skipChildren();
      }
    }
    return new RequestScan.StreamOptions(
        new Span(start, Json.tokenEnd(json)), true, seen.isEmpty(), include, includeAt);
  }

  private static void once(Set<String> seen, String name, String prefix, JsonParser json) {
    if (!seen.add(name)) {
      String shown = prefix + (name.length() <= 64 ? name : name.substring(0, 64) + "…");
      throw RequestFault.member(
          shown, "occurs twice, again at " + Json.position(json.currentTokenLocation()));
    }
  }

  private static boolean bool(String name, JsonToken token) {
    return switch (token) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE, VALUE_NULL -> false;
      default -> throw RequestFault.member(name, "must be true or false, it is " + kind(token));
    };
  }

  private static OptionalLong integer(
      String name, JsonToken token, JsonParser json, long least, long most) {
    if (token == JsonToken.VALUE_NULL) {
      return OptionalLong.empty();
    }
    String range = "must be an integer from " + least + " to " + most;
    if (token != JsonToken.VALUE_NUMBER_INT) {
      throw RequestFault.member(name, range + ", it is " + kind(token));
    }
    long value =
        switch (json.getNumberType()) {
          case INT, LONG -> json.getLongValue();
          default -> Long.MAX_VALUE;
        };
    if (value < least || value > most) {
      throw RequestFault.member(name, range);
    }
    return OptionalLong.of(value);
  }

  private static String kind(JsonToken token) {
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

package io.bitrouter.wire.json;

import io.bitrouter.core.exchange.Elsewhere;
import io.bitrouter.core.exchange.Handle;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.wire.json.GeminiScan.Config;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads what the gateway needs from the body of a Gemini request, in one pass and without a tree.
 * Gemini takes every member in camelCase and in snake_case, so this does too, and a member that is
 * there in both is one that occurs twice.
 *
 * <p>Refused with 400 is what {@link RequestScanner} refuses, in the members that are read here.
 */
public final class GeminiScanner {

  private static final String TEXT = "text";
  private static final String FUNCTIONS = "functionDeclarations";

  /** The hosts whose files are those of an account, but for one that serves everybody's. */
  private static final String OWN_HOSTS = "googleapis.com";

  private static final String PUBLIC_HOST = "storage.googleapis.com";

  private static final Pattern WEB = Pattern.compile("(?i)https?://([^/?#]*)");

  /** A host as it is plainly written, perhaps with a port. */
  private static final Pattern HOST = Pattern.compile("[\\p{L}\\p{N}.:_\\[\\]-]+");

  /** Members of tools and settings that name objects of an account. */
  private static final Set<String> OBJECTS =
      Set.of(
          "fileSearchStoreNames",
          "ragCorpus",
          "ragCorpora",
          "ragFileIds",
          "datastore",
          "dataStore",
          "engine",
          "serviceAccount",
          "apiKeySecret",
          "apiKeySecretVersion",
          "credentialSecret",
          "promptTemplateName",
          "responseTemplateName",
          "outputUriPrefix");

  /** Members of a part that go with its content. */
  private static final Set<String> MARKS =
      Set.of("thought", "thoughtSignature", "videoMetadata", "mediaResolution", "partMetadata");

  /** Members of a part that are read as text. */
  private static final Set<String> TEXTS =
      Set.of(
          TEXT,
          "functionCall",
          "executableCode",
          "codeExecutionResult",
          "toolCall",
          "toolResponse");

  private final Set<String> modalities = new LinkedHashSet<>();
  private final List<String> tools = new ArrayList<>();
  private final List<Handle> handles = new ArrayList<>();
  private int parts;
  private int mediaParts;
  private long mediaBytes;
  private Elsewhere elsewhere = Elsewhere.NOTHING;
  private boolean found;
  private Optional<Span> toolsAt = Optional.empty();
  private Optional<Span> modelAt = Optional.empty();
  private final List<Span> modelsAt = new ArrayList<>();
  private Optional<Config> config = Optional.empty();
  private Optional<Span> storeAt = Optional.empty();

  private final String wanted;

  private GeminiScanner(String wanted) {
    this.wanted = wanted;
  }

  /** Reads {@code body}; the refusal names the member, or the place, and what is wrong there. */
  public static Outcome<GeminiScan> scan(byte[] body) {
    return scan(body, "contents");
  }

  /**
   * Reads the body of a call that asks for a count or for embeddings.
   *
   * @param wanted the member without which there is nothing to do, in the body or in a request
   *     inside it
   */
  public static Outcome<GeminiScan> scan(byte[] body, String wanted) {
    try {
      RequestScanner.checkEncoding(body);
      return Outcome.done(new GeminiScanner(wanted).read(body));
    } catch (Fault fault) {
      return Outcome.refused(fault.refusal());
    }
  }

  /** {@code name} without underscores, except one that comes first. */
  public static String camelCase(String name) {
    if (name.indexOf('_', 1) < 0) {
      return name;
    }
    StringBuilder camel = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      boolean joint = name.charAt(i) == '_' && i > 0 && i + 1 < name.length();
      camel.append(joint ? Character.toUpperCase(name.charAt(++i)) : name.charAt(i));
    }
    return camel.toString();
  }

  private GeminiScan read(byte[] body) {
    Set<String> seen = new HashSet<>();
    int membersAt =
        RequestScanner.read(
            body,
            (written, nameAt, json) -> {
              String name = camelCase(written);
              once(seen, name, "", json);
              topLevel(name, nameAt, json);
            });
    if (!found) {
      throw new Fault(wanted, "is required: send what the model is to read");
    }
    return new GeminiScan(
        membersAt,
        modelAt.map(at -> Span.ofMember(body, at.start(), at.end())),
        List.copyOf(modelsAt),
        config,
        toolsAt,
        storeAt,
        new AskedContent(
            Collections.unmodifiableSet(modalities),
            Collections.unmodifiableList(tools),
            mediaParts,
            mediaBytes,
            false,
            elsewhere,
            Collections.unmodifiableList(handles)));
  }

  private void topLevel(String name, int nameAt, JsonParser json) {
    switch (name) {
      case "contents", "content" -> {
        found |= name.equals(wanted) && json.currentToken() != JsonToken.VALUE_NULL;
        each(json, value -> content(name, value));
      }
      case "requests", "generateContentRequest" ->
          each(json, request -> members(name, request, this::inner));
      case "systemInstruction" -> content(name, json);
      case "tools" -> {
        boolean present = json.currentToken() != JsonToken.VALUE_NULL;
        int start = Json.tokenStart(json);
        each(json, this::tool);
        toolsAt = Optional.of(new Span(start, Json.tokenEnd(json))).filter(at -> present);
      }
      case "generationConfig" -> config = Optional.of(config(json));
      case "cachedContent" -> {
        if (handle(name, json)) {
          reads(Elsewhere.CONTENT);
        }
      }
      case "model" -> {
        json.skipChildren();
        modelAt = Optional.of(new Span(nameAt, Json.tokenEnd(json)));
      }
      case "store" -> {
        boolean asked = RequestScanner.bool(name, json);
        storeAt = Optional.of(Json.skipValue(json)).filter(at -> asked);
      }
      // The client's own words.
      case "labels" -> {}
      default -> {
        OneModel.check("", name, json);
        objects(name, json);
      }
    }
  }

  /** Reads a member of a request inside the body. */
  private void inner(String name, JsonParser json) {
    if (name.equals("model")) {
      counted();
      modelsAt.add(Json.skipValue(json));
    } else {
      topLevel(name, 0, json);
    }
  }

  private static Config config(JsonParser json) {
    int start = Json.tokenStart(json);
    JsonToken token = json.currentToken();
    if (token == JsonToken.VALUE_NULL) {
      return new Config(
          Json.skipValue(json), false, true, OptionalLong.empty(), Optional.empty(), 1);
    }
    String prefix = "generationConfig";
    if (token != JsonToken.START_OBJECT) {
      throw new Fault(prefix, "must be an object, it is " + RequestScanner.kind(token));
    }
    boolean[] some = new boolean[1];
    OptionalLong[] numbers = {OptionalLong.empty(), OptionalLong.empty()};
    List<Span> maxOutputAt = new ArrayList<>(1);
    members(
        prefix,
        json,
        (name, value) -> {
          some[0] = true;
          String member = prefix + "." + name;
          OneModel.check(prefix, name, value);
          if (name.equals("maxOutputTokens")) {
            // Zero is what Gemini's own libraries write for a number that was not set.
            OptionalLong tokens = RequestScanner.integer(member, value, 0, Integer.MAX_VALUE);
            numbers[0] = tokens.orElse(0) == 0 ? OptionalLong.empty() : tokens;
            maxOutputAt.add(Json.skipValue(value));
          } else if (name.equals("candidateCount")) {
            numbers[1] = RequestScanner.integer(member, value, 1, 128);
          }
        });
    return new Config(
        new Span(start, Json.tokenEnd(json)),
        true,
        !some[0],
        numbers[0],
        maxOutputAt.stream().findFirst(),
        (int) numbers[1].orElse(1));
  }

  private void content(String where, JsonParser json) {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      counted();
      modalities.add(TEXT);
    }
    members(
        where,
        json,
        (name, value) -> {
          if (name.equals("parts")) {
            each(value, part -> part(where + ".parts", part));
          }
        });
  }

  private void part(String where, JsonParser json) {
    counted();
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      modalities.add(TEXT);
    }
    int start = Json.tokenStart(json);
    Set<String> kinds = new LinkedHashSet<>(2);
    long within = mediaBytes;
    members(
        where,
        json,
        (name, value) -> {
          if (value.currentToken() == JsonToken.VALUE_NULL || MARKS.contains(name)) {
            return;
          }
          if (TEXTS.contains(name)) {
            kinds.add(TEXT);
          } else if (name.equals("inlineData") || name.equals("fileData")) {
            kinds.add(media(where + "." + name, value));
          } else if (name.equals("functionResponse")) {
            kinds.add(TEXT);
            content(where + "." + name, value);
          } else {
            kinds.add(name);
          }
        });
    modalities.addAll(kinds);
    kinds.remove(TEXT);
    mediaParts += kinds.size();
    if (kinds.contains("image") || kinds.contains("audio") || kinds.contains("video")) {
      mediaBytes = within + Json.tokenEnd(json) - start;
    }
  }

  /** Reads bytes or a pointer to them and returns what they are. */
  private String media(String where, JsonParser json) {
    String[] kind = {"(untyped)"};
    members(
        where,
        json,
        (name, value) -> {
          if (name.equals("mimeType")) {
            String type = text(where + "." + name, value, ContentReader.MAX_WORD);
            String top = type.substring(0, Math.max(0, type.indexOf('/'))).toLowerCase(Locale.ROOT);
            kind[0] =
                switch (top) {
                  case "image", "audio", "video" -> top;
                  default -> type.isEmpty() ? kind[0] : "file";
                };
          } else if (name.equals("fileUri")) {
            reads(Elsewhere.CONTENT);
            String uri = text(where + "." + name, value, 8 * ContentReader.MAX_HANDLE);
            if (kept(uri)) {
              named(where + "." + name, uri);
            }
          }
        });
    return kind[0];
  }

  /** Finds, wherever they stand, the objects of an account that a tool or a setting works with. */
  private void objects(String where, JsonParser json) {
    Json.elements(json, element -> objects(where, element));
    Json.members(
        json,
        (written, value) -> {
          String name = camelCase(written);
          OneModel.check(where, name, value);
          if (OBJECTS.contains(name)) {
            each(value, one -> handle(where + "." + name, one));
          } else {
            objects(where, value);
          }
        });
  }

  /**
   * Whether a file is the provider's to give: everything but what anybody finds on the web. An
   * address that is not plainly one of the web is the provider's, however it is written.
   */
  public static boolean kept(String uri) {
    Matcher web = WEB.matcher(uri);
    if (!web.lookingAt()) {
      return !uri.isEmpty();
    }
    String host = web.group(1).toLowerCase(Locale.ROOT);
    return !HOST.matcher(host).matches() || host.contains(OWN_HOSTS) && !host.equals(PUBLIC_HOST);
  }

  private void tool(JsonParser json) {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    counted();
    int before = tools.size();
    members(
        "tools",
        json,
        (name, value) -> {
          if (value.currentToken() == JsonToken.VALUE_NULL) {
            return;
          }
          if (name.equals(FUNCTIONS)) {
            each(value, this::function);
            return;
          }
          tools.add(name);
          if (!name.equals("computerUse")) {
            reads(Elsewhere.TOOLS);
          }
          objects("tools." + name, value);
        });
    if (tools.size() == before) {
      tools.add("(unnamed)");
    }
  }

  private void function(JsonParser json) {
    counted();
    int before = tools.size();
    String where = "tools." + FUNCTIONS;
    members(
        where,
        json,
        (name, value) -> {
          if (name.equals("name")) {
            tools.add(text(where + "." + name, value, ContentReader.MAX_WORD));
          }
        });
    if (tools.size() == before) {
      tools.add("(unnamed)");
    }
  }

  private void reads(Elsewhere more) {
    if (more.compareTo(elsewhere) > 0) {
      elsewhere = more;
    }
  }

  /** Keeps the name of an object that a provider keeps, if there is one. */
  private boolean handle(String member, JsonParser json) {
    String name = text(member, json, ContentReader.MAX_HANDLE);
    return !name.isEmpty() && named(member, name);
  }

  private boolean named(String member, String name) {
    if (name.length() > ContentReader.MAX_HANDLE) {
      throw new Fault(member, "must have at most " + ContentReader.MAX_HANDLE + " characters");
    }
    return handles.add(new Handle(member, name));
  }

  private void counted() {
    if (++parts > ContentReader.MAX_PARTS) {
      throw new Fault(
          "the body has more than " + ContentReader.MAX_PARTS + " tools and pieces of content");
    }
  }

  /** A text, empty when it is null. */
  private static String text(String member, JsonParser json, int longest) {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return "";
    }
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw new Fault(member, "must be a string");
    }
    if (json.getStringLength() > longest) {
      throw new Fault(member, "must have at most " + longest + " characters");
    }
    return json.getString();
  }

  /** Reads the members of the object that the parser's token opens, if it opens one. */
  private static void members(String where, JsonParser json, Json.MemberReader reader) {
    Set<String> seen = new HashSet<>();
    Json.members(
        json,
        (written, value) -> {
          String name = camelCase(written);
          once(seen, name, where + ".", value);
          reader.read(name, value);
        });
  }

  private static void once(Set<String> seen, String name, String prefix, JsonParser json) {
    if (!seen.add(name)) {
      throw Fault.twice(prefix, name, json);
    }
    if (seen.size() > RequestScanner.MAX_MEMBERS) {
      throw new Fault(
          "the body has an object with more than " + RequestScanner.MAX_MEMBERS + " members");
    }
  }

  private static void each(JsonParser json, Consumer<JsonParser> reader) {
    if (json.currentToken() == JsonToken.START_ARRAY) {
      while (json.nextToken() != JsonToken.END_ARRAY) {
        each(json, reader);
      }
    } else {
      reader.accept(json);
      json.skipChildren();
    }
  }
}

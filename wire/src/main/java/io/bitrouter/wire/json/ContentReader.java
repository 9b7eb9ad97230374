package io.bitrouter.wire.json;

import io.bitrouter.core.exchange.Elsewhere;
import io.bitrouter.core.exchange.Handle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Collects what rules judge in messages, system texts and tools, while a body is scanned.
 *
 * <p>Shapes are the upstream's business: what the protocols write as a list may be a single value,
 * a string stands for a text, and everything that could be read as content is counted as such. Only
 * what would make the judgement differ from what the upstream reads is refused: a judged member
 * that occurs twice or is not a string, and more than {@link #MAX_PARTS} tools and pieces of
 * content.
 */
final class ContentReader {

  /** Most tools and pieces of content in a body. */
  static final int MAX_PARTS = 4_096;

  /** Most characters of a name or type that is judged. */
  static final int MAX_WORD = 256;

  /** Most characters of the name of an object that a provider keeps. */
  static final int MAX_HANDLE = 1_024;

  private static final String UNNAMED = "(unnamed)";

  private static final String CACHE_CONTROL = "cache_control";
  private static final String FILE_ID = "file_id";

  private final Set<String> modalities = new LinkedHashSet<>();
  private final List<String> tools = new ArrayList<>();
  private int parts;
  private int mediaParts;
  private long mediaBytes;
  private boolean cacheWrites;
  private Elsewhere elsewhere = Elsewhere.NOTHING;
  private final List<Handle> handles = new ArrayList<>();

  private final KeptObjects kept;

  /** For what is in {@code body}, of which its parsers read from the first byte. */
  ContentReader(byte[] body) {
    this.kept = new KeptObjects(body, this::points);
  }

  AskedContent content() {
    return new AskedContent(
        Collections.unmodifiableSet(modalities),
        Collections.unmodifiableList(tools),
        mediaParts,
        mediaBytes,
        cacheWrites,
        elsewhere,
        Collections.unmodifiableList(handles));
  }

  /** Reads the value of {@code messages}. */
  void messages(JsonParser json) {
    each(json, this::message);
  }

  /** Reads a text, a piece of content, or a list of these. */
  void content(String where, JsonParser json) {
    each(json, piece -> part(where, piece));
  }

  /** Reads the value of {@code tools} or of the older {@code functions}. */
  void tools(String where, JsonParser json) {
    each(json, tool -> tool(where, tool));
  }

  /** A member that makes the provider use tools of its own, unless it is null or an empty list. */
  void providerTools(String name, JsonParser json) {
    boolean given = json.currentToken() != JsonToken.VALUE_NULL;
    if (json.currentToken() == JsonToken.START_ARRAY) {
      given = false;
      while (json.nextToken() != JsonToken.END_ARRAY) {
        given = true;
        kept.in("", name, json);
        json.skipChildren();
      }
    }
    if (given) {
      tools.add(name);
      reads(Elsewhere.TOOLS);
    }
  }

  private void reads(Elsewhere more) {
    if (more.compareTo(elsewhere) > 0) {
      elsewhere = more;
    }
  }

  /** Reads the value of {@code cache_control}. */
  void cacheControl(JsonParser json) {
    cacheWrites |= json.currentToken() != JsonToken.VALUE_NULL;
  }

  /** Reads the value of {@code container}: its id, or an object with it and with skills. */
  void container(JsonParser json) {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      handle("container", json);
      return;
    }
    int seen = 0;
    String name;
    while ((name = json.nextName()) != null) {
      switch (name) {
        case "id" -> {
          seen = next(seen, 1, "container.", name, json);
          handle("container.id", json);
        }
        case "skills" -> {
          seen = next(seen, 2, "container.", name, json);
          each(json, this::skill);
        }
        default -> json.nextToken();
      }
      json.skipChildren();
    }
  }

  /** A skill of an account is one of its objects; those of the provider itself are everybody's. */
  private void skill(JsonParser json) {
    counted();
    if (json.currentToken() != JsonToken.START_OBJECT) {
      return;
    }
    int before = handles.size();
    boolean everybodys = false;
    int seen = 0;
    String name;
    while ((name = json.nextName()) != null) {
      switch (name) {
        case "type" -> {
          seen = next(seen, 1, "container.skills.", name, json);
          everybodys = word("container.skills", name, json).equals("anthropic");
        }
        case "skill_id" -> {
          seen = next(seen, 2, "container.skills.", name, json);
          handle("container.skills.skill_id", json);
        }
        default -> json.nextToken();
      }
      json.skipChildren();
    }
    if (everybodys && handles.size() > before) {
      handles.removeLast();
    }
  }

  /** Keeps the name of an object that a provider keeps, unless it is null. */
  void handle(String member, JsonParser json) {
    if (json.currentToken() != JsonToken.VALUE_NULL) {
      handles.add(new Handle(member, id(member, json)));
    }
  }

  /** The object that a provider keeps under {@code id} is read by the model. */
  void points(String member, String id) {
    handles.add(new Handle(member, id));
    reads(Elsewhere.CONTENT);
  }

  /** What can be the name of an object that a provider keeps; empty when it is null. */
  static String id(String member, JsonParser json) {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return "";
    }
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw new Fault(member, "must be a string");
    }
    if (json.getStringLength() > MAX_HANDLE) {
      throw new Fault(member, "must have at most " + MAX_HANDLE + " characters");
    }
    return json.getString();
  }

  private void message(JsonParser json) {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      content("messages", json);
      return;
    }
    int seen = 0;
    String name;
    while ((name = json.nextName()) != null) {
      switch (name) {
        case "content" -> {
          seen = next(seen, 1, "messages.", name, json);
          content("messages.content", json);
        }
        case "audio" -> {
          seen = next(seen, 2, "messages.", name, json);
          if (json.currentToken() != JsonToken.VALUE_NULL) {
            // The answer of an earlier turn, which the provider reads again.
            counted();
            String unused = kind(ContentTypes.AUDIO);
            boolean unusedToo = kept("messages.audio", "id", json);
          }
        }
        case CACHE_CONTROL -> {
          seen = next(seen, 4, "messages.", name, json);
          cacheControl(json);
        }
        case "role" -> {
          seen = next(seen, 8, "messages.", name, json);
          if (json.currentToken() == JsonToken.VALUE_STRING && json.getString().equals("cache")) {
            // Moonshot's reference to a cached conversation, whose name is in the content.
            points("messages.role", "cache");
          }
        }
        default -> unread("messages", name, json);
      }
      json.skipChildren();
    }
  }

  private void part(String where, JsonParser json) {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      modalities.add(ContentTypes.TEXT);
      kept.text(where, json);
    }
    if (json.currentToken() != JsonToken.START_OBJECT) {
      return;
    }
    counted();
    int start = Json.tokenStart(json);
    long within = mediaBytes;
    int seen = 0;
    boolean pointer = false;
    String type = "";
    String name;
    while ((name = json.nextName()) != null) {
      switch (name) {
        case "type" -> {
          seen = next(seen, 1, where + ".", name, json);
          type = word(where, name, json);
        }
        case "content" -> {
          seen = next(seen, 2, where + ".", name, json);
          content(where, json);
        }
        case "source" -> {
          seen = next(seen, 4, where + ".", name, json);
          pointer |= source(where, json);
        }
        case "file" -> {
          seen = next(seen, 16, where + ".", name, json);
          pointer |= kept(where + ".file", FILE_ID, json);
        }
        case FILE_ID -> {
          seen = next(seen, 32, where + ".", name, json);
          handle(where + "." + FILE_ID, json);
          pointer = true;
        }
        case CACHE_CONTROL -> {
          seen = next(seen, 8, where + ".", name, json);
          cacheControl(json);
        }
        default -> {
          pointer |= name.equals("file_url") || name.equals("document_url");
          unread(where, name, json);
        }
      }
      json.skipChildren();
    }
    String kind = kind(type);
    if (kind.equals(ContentTypes.IMAGE) || kind.equals(ContentTypes.AUDIO)) {
      mediaBytes = within + Json.tokenEnd(json) - start;
    }
    if (pointer && kind.equals(ContentTypes.FILE)) {
      reads(Elsewhere.CONTENT);
    }
  }

  /** Whether something is kept by the provider under its member {@code id}, not in the body. */
  private boolean kept(String where, String id, JsonParser json) {
    boolean kept = false;
    if (json.currentToken() == JsonToken.START_OBJECT) {
      String name;
      while ((name = json.nextName()) != null) {
        boolean it = name.equals(id);
        if (it && kept) {
          throw Fault.twice(where + ".", name, json);
        }
        kept |= it;
        json.nextToken();
        if (it) {
          handle(where + "." + id, json);
        }
        json.skipChildren();
      }
    }
    return kept;
  }

  /**
   * A document's source, which can be made of content in its turn.
   *
   * @return whether it points to something that is not in the body
   */
  private boolean source(String where, JsonParser json) {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      return false;
    }
    int seen = 0;
    boolean pointer = false;
    String name;
    while ((name = json.nextName()) != null) {
      switch (name) {
        case "content" -> {
          seen = next(seen, 1, where + ".source.", name, json);
          content(where, json);
        }
        case FILE_ID -> {
          seen = next(seen, 2, where + ".source.", name, json);
          handle(where + ".source." + FILE_ID, json);
          pointer = true;
        }
        case "url" -> {
          json.nextToken();
          kept.address(where + ".source.url", json);
          pointer = true;
        }
        default -> unread(where + ".source", name, json);
      }
      json.skipChildren();
    }
    return pointer;
  }

  /** Pieces of content and tools so far. */
  int parts() {
    return parts;
  }

  /** Counts an image that takes {@code bytes} of the body. */
  void image(int bytes) {
    counted();
    mediaBytes += bytes;
    String unused = kind(ContentTypes.IMAGE);
  }

  /** Counts a piece of content of {@code type} by its kind. */
  String kind(String type) {
    String kind = ContentTypes.kind(type);
    modalities.add(kind);
    if (!kind.equals(ContentTypes.TEXT)) {
      mediaParts++;
    }
    return kind;
  }

  private void tool(String where, JsonParser json) {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    counted();
    int before = tools.size();
    if (json.currentToken() == JsonToken.START_OBJECT) {
      toolMembers(where, json);
    }
    if (tools.size() == before) {
      tools.add(UNNAMED);
    }
  }

  private void toolMembers(String where, JsonParser json) {
    int seen = 0;
    String name;
    while ((name = json.nextName()) != null) {
      switch (name) {
        case "type" -> {
          seen = next(seen, 1, where + ".", name, json);
          String type = word(where, name, json);
          if (!type.equals("function") && !type.equals("custom")) {
            named(type);
            if (!ContentTypes.runByClients(type)) {
              reads(Elsewhere.TOOLS);
            }
          }
        }
        case "name" -> {
          seen = next(seen, 2, where + ".", name, json);
          named(word(where, name, json));
        }
        case "function", "custom" -> {
          seen = next(seen, name.equals("function") ? 4 : 8, where + ".", name, json);
          if (json.currentToken() == JsonToken.START_OBJECT) {
            toolMembers(where + "." + name, json);
          }
        }
        case "tools" -> {
          // Of a namespace, which is a tool made of tools.
          seen = next(seen, 32, where + ".", name, json);
          tools(where + ".tools", json);
        }
        case CACHE_CONTROL -> {
          seen = next(seen, 16, where + ".", name, json);
          cacheControl(json);
        }
        default -> unread("tools", name, json);
      }
      json.skipChildren();
    }
  }

  /** A member that is not judged can name what a provider keeps. */
  void unread(String where, String name, JsonParser json) {
    if (json.currentToken() == JsonToken.PROPERTY_NAME) {
      json.nextToken();
    }
    kept.in(where, name, json);
  }

  private void named(String name) {
    if (!name.isEmpty()) {
      tools.add(name);
    }
  }

  static void each(JsonParser json, Consumer<JsonParser> reader) {
    if (json.currentToken() == JsonToken.START_ARRAY) {
      while (json.nextToken() != JsonToken.END_ARRAY) {
        each(json, reader);
      }
    } else {
      reader.accept(json);
      json.skipChildren();
    }
  }

  private void counted() {
    if (++parts > MAX_PARTS) {
      throw new Fault("the body has more than " + MAX_PARTS + " tools and pieces of content");
    }
  }

  /** Goes on to the value of a member, whose bit must not be in {@code seen} before. */
  private static int next(int seen, int bit, String prefix, String name, JsonParser json) {
    if ((seen & bit) != 0) {
      throw Fault.twice(prefix, name, json);
    }
    json.nextToken();
    return seen | bit;
  }

  /** A name or type, empty when it is null. */
  static String word(String where, String name, JsonParser json) {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return "";
    }
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw new Fault(where + "." + name, "must be a string");
    }
    if (json.getStringLength() > MAX_WORD) {
      throw new Fault(where + "." + name, "must have at most " + MAX_WORD + " characters");
    }
    return json.getString();
  }
}

package io.bitrouter.wire.json;

import io.bitrouter.core.exchange.Elsewhere;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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

  private static final String TEXT = "text";
  private static final String IMAGE = "image";
  private static final String AUDIO = "audio";
  private static final String FILE = "file";
  private static final String UNTYPED = "(untyped)";
  private static final String UNNAMED = "(unnamed)";
  private static final String TOOL_ERROR = "_tool_result_error";

  /** Beginnings of the types of tools that providers define and clients run. */
  private static final List<String> RUN_BY_CLIENTS =
      List.of("bash", "text_editor", "computer", "memory", "local_shell", "apply_patch");

  private static final String CACHE_CONTROL = "cache_control";

  /** What the types of content are; calls and results of tools are text but for what is in them. */
  private static final Map<String, String> KINDS =
      Map.ofEntries(
          Map.entry("text", TEXT),
          Map.entry("input_text", TEXT),
          Map.entry("output_text", TEXT),
          Map.entry("refusal", TEXT),
          Map.entry("thinking", TEXT),
          Map.entry("redacted_thinking", TEXT),
          Map.entry("reasoning", TEXT),
          Map.entry("compaction", TEXT),
          Map.entry("tool_use", TEXT),
          Map.entry("tool_result", TEXT),
          Map.entry("tool_reference", TEXT),
          Map.entry("server_tool_use", TEXT),
          Map.entry("mcp_tool_use", TEXT),
          Map.entry("mcp_tool_result", TEXT),
          Map.entry("search_result", TEXT),
          Map.entry("web_search_tool_result", TEXT),
          Map.entry("web_search_result", TEXT),
          Map.entry("web_fetch_tool_result", TEXT),
          Map.entry("web_fetch_result", TEXT),
          Map.entry("tool_search_tool_result", TEXT),
          Map.entry("tool_search_tool_search_result", TEXT),
          Map.entry("code_execution_tool_result", TEXT),
          Map.entry("code_execution_result", TEXT),
          Map.entry("bash_code_execution_tool_result", TEXT),
          Map.entry("bash_code_execution_result", TEXT),
          Map.entry("text_editor_code_execution_tool_result", TEXT),
          Map.entry("text_editor_code_execution_view_result", TEXT),
          Map.entry("text_editor_code_execution_create_result", TEXT),
          Map.entry("text_editor_code_execution_str_replace_result", TEXT),
          Map.entry("image", IMAGE),
          Map.entry("image_url", IMAGE),
          Map.entry("input_image", IMAGE),
          Map.entry("audio", AUDIO),
          Map.entry("audio_url", AUDIO),
          Map.entry("input_audio", AUDIO),
          Map.entry("file", FILE),
          Map.entry("input_file", FILE),
          Map.entry("document", FILE),
          Map.entry("document_url", FILE),
          Map.entry("container_upload", FILE),
          Map.entry("code_execution_output", FILE),
          Map.entry("bash_code_execution_output", FILE));

  private final Set<String> modalities = new LinkedHashSet<>();
  private final List<String> tools = new ArrayList<>();
  private int parts;
  private int mediaParts;
  private long mediaBytes;
  private boolean cacheWrites;
  private Elsewhere elsewhere = Elsewhere.NOTHING;

  ContentReader() {}

  AskedContent content() {
    return new AskedContent(
        Collections.unmodifiableSet(modalities),
        Collections.unmodifiableList(tools),
        mediaParts,
        mediaBytes,
        cacheWrites,
        elsewhere);
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
          seen = once(seen, 1, "messages.", name, json);
          json.nextToken();
          content("messages.content", json);
        }
        case "audio" -> {
          seen = once(seen, 2, "messages.", name, json);
          if (json.nextToken() != JsonToken.VALUE_NULL) {
            // The answer of an earlier turn, which the provider reads again.
            counted();
            String unused = kind(AUDIO);
          }
        }
        case CACHE_CONTROL -> {
          seen = once(seen, 4, "messages.", name, json);
          json.nextToken();
          cacheControl(json);
        }
        default -> json.nextToken();
      }
      json.skipChildren();
    }
  }

  private void part(String where, JsonParser json) {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      modalities.add(TEXT);
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
          seen = once(seen, 1, where + ".", name, json);
          json.nextToken();
          type = word(where, name, json);
        }
        case "content" -> {
          seen = once(seen, 2, where + ".", name, json);
          json.nextToken();
          content(where, json);
        }
        case "source" -> {
          seen = once(seen, 4, where + ".", name, json);
          json.nextToken();
          pointer |= source(where, json);
        }
        case "file" -> {
          json.nextToken();
          pointer |= hasFileId(json);
        }
        case "file_id", "file_url", "document_url" -> {
          json.nextToken();
          pointer = true;
        }
        case CACHE_CONTROL -> {
          seen = once(seen, 8, where + ".", name, json);
          json.nextToken();
          cacheControl(json);
        }
        default -> json.nextToken();
      }
      json.skipChildren();
    }
    String kind = kind(type);
    if (kind.equals(IMAGE) || kind.equals(AUDIO)) {
      mediaBytes = within + Json.tokenEnd(json) - start;
    }
    if (pointer && kind.equals(FILE)) {
      reads(Elsewhere.CONTENT);
    }
  }

  /** Whether a file is one that the provider keeps, not one in the body. */
  private static boolean hasFileId(JsonParser json) {
    boolean kept = false;
    if (json.currentToken() == JsonToken.START_OBJECT) {
      String name;
      while ((name = json.nextName()) != null) {
        kept |= name.equals("file_id");
        json.nextToken();
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
      boolean content = name.equals("content");
      if (content) {
        seen = once(seen, 1, where + ".source.", name, json);
      }
      pointer |= name.equals("url") || name.equals("file_id");
      json.nextToken();
      if (content) {
        content(where, json);
      }
      json.skipChildren();
    }
    return pointer;
  }

  private String kind(String type) {
    String known = type.endsWith(TOOL_ERROR) ? TEXT : KINDS.get(type);
    String kind = known != null ? known : type.isEmpty() ? UNTYPED : type;
    modalities.add(kind);
    if (!kind.equals(TEXT)) {
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
          seen = once(seen, 1, where + ".", name, json);
          json.nextToken();
          String type = word(where, name, json);
          if (!type.equals("function") && !type.equals("custom")) {
            named(type);
            if (RUN_BY_CLIENTS.stream().noneMatch(type::startsWith)) {
              reads(Elsewhere.TOOLS);
            }
          }
        }
        case "name" -> {
          seen = once(seen, 2, where + ".", name, json);
          json.nextToken();
          named(word(where, name, json));
        }
        case "function", "custom" -> {
          seen = once(seen, name.equals("function") ? 4 : 8, where + ".", name, json);
          if (json.nextToken() == JsonToken.START_OBJECT) {
            toolMembers(where + "." + name, json);
          }
        }
        case CACHE_CONTROL -> {
          seen = once(seen, 16, where + ".", name, json);
          json.nextToken();
          cacheControl(json);
        }
        default -> json.nextToken();
      }
      json.skipChildren();
    }
  }

  private void named(String name) {
    if (!name.isEmpty()) {
      tools.add(name);
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

  private void counted() {
    if (++parts > MAX_PARTS) {
      throw new Fault("the body has more than " + MAX_PARTS + " tools and pieces of content");
    }
  }

  /** {@code seen} with the bit of a member that has not been seen before. */
  private static int once(int seen, int bit, String prefix, String name, JsonParser json) {
    if ((seen & bit) != 0) {
      throw Fault.twice(prefix, name, json);
    }
    return seen | bit;
  }

  /** A name or type, empty when it is null. */
  private static String word(String where, String name, JsonParser json) {
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

package io.bitrouter.wire.json;

import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.wire.json.RequestScan.OutputLimit;
import io.bitrouter.wire.json.ResponsesScan.Previous;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads the members that the gateway needs from the body of a Responses request. Refuses what
 * {@link RequestScanner} refuses, and {@code background}, which needs a provider that keeps the
 * answer.
 */
public final class ResponsesScanner {

  private static final Set<String> MEMBERS =
      Set.of(
          "model",
          "models",
          "stream",
          "tools",
          "user",
          "safety_identifier",
          "prompt_cache_key",
          "input",
          "instructions",
          "max_output_tokens",
          "store",
          "include",
          "background",
          "previous_response_id",
          "conversation",
          "prompt");

  /** Items that hold all that they mean: their ids are labels. */
  private static final Set<String> WHOLE_ITEMS =
      Set.of(
          "message",
          "function_call",
          "function_call_output",
          "custom_tool_call",
          "custom_tool_call_output",
          "web_search_call",
          "file_search_call",
          "computer_call",
          "computer_call_output",
          "code_interpreter_call",
          "local_shell_call",
          "local_shell_call_output",
          "shell_call",
          "shell_call_output",
          "apply_patch_call",
          "apply_patch_call_output",
          "tool_search_call",
          "tool_search_output",
          "mcp_list_tools",
          "mcp_call",
          "mcp_approval_request",
          "mcp_approval_response",
          "compaction",
          "compaction_summary");

  private static final String INPUT = "input";

  private final ContentReader content;
  private Optional<OutputLimit> maxOutput = Optional.empty();
  private boolean includes;
  private Optional<Span> includeAt = Optional.empty();
  private Optional<Span> inputAt = Optional.empty();
  private Optional<Previous> previous = Optional.empty();

  private ResponsesScanner(byte[] body) {
    this.content = new ContentReader(body);
  }

  /** Reads {@code body}; the refusal names the member, or the place, and what is wrong there. */
  public static Outcome<ResponsesScan> scan(byte[] body) {
    try {
      return Outcome.done(new ResponsesScanner(body).read(body));
    } catch (Fault fault) {
      return Outcome.refused(fault.refusal());
    }
  }

  private ResponsesScan read(byte[] body) {
    RequestScan request = RequestScanner.scan(body, MEMBERS, content, this::member);
    return new ResponsesScan(
        request,
        maxOutput,
        includes,
        includeAt,
        inputAt,
        previous.map(
            it -> new Previous(it.id(), Span.ofMember(body, it.at().start(), it.at().end()))));
  }

  private void member(String name, int nameAt, JsonParser json) {
    switch (name) {
      case INPUT -> {
        int start = Json.tokenStart(json);
        ContentReader.each(json, this::item);
        inputAt = Optional.of(new Span(start, Json.tokenEnd(json)));
      }
      case "instructions" -> content.content(name, json);
      case "max_output_tokens" -> maxOutput = Optional.of(RequestScanner.outputLimit(name, json));
      case "include" -> {
        includes = json.currentToken() != JsonToken.VALUE_NULL;
        includeAt = Optional.of(Json.skipValue(json));
      }
      case "background" -> {
        if (RequestScanner.bool(name, json)) {
          throw new Fault(name, "must be false: the gateway keeps no answer to be fetched later");
        }
      }
      case "previous_response_id" -> {
        String id = pointer(name, json);
        if (!id.isEmpty()) {
          previous = Optional.of(new Previous(id, new Span(nameAt, Json.tokenEnd(json))));
        }
      }
      case "conversation" -> {
        if (json.currentToken() == JsonToken.START_OBJECT) {
          members(
              name,
              json,
              (member, value) -> {
                if (member.equals("id")) {
                  var unused = pointer("conversation.id", value);
                }
              });
        } else {
          var unused = pointer(name, json);
        }
      }
      case "prompt" -> prompt(json);
      default -> throw new IllegalArgumentException("no member '" + name + "' is read");
    }
  }

  /** A stored prompt can bring tools of the provider with it. */
  private void prompt(JsonParser json) {
    content.providerTools("prompt", json);
    members(
        "prompt",
        json,
        (name, value) -> {
          if (name.equals("id")) {
            var unused = pointer("prompt.id", value);
          } else if (name.equals("variables")) {
            members(
                "prompt.variables",
                value,
                (unused, each) -> content.content("prompt.variables", each));
          }
        });
  }

  private String pointer(String member, JsonParser json) {
    String id = ContentReader.id(member, json);
    if (!id.isEmpty()) {
      content.points(member, id);
    }
    return id;
  }

  private void item(JsonParser json) {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      content.content(INPUT, json);
      return;
    }
    int start = Json.tokenStart(json);
    Item item = new Item();
    members(INPUT, json, item::member);
    item.end(Json.tokenEnd(json) - start);
  }

  /** One item of the input while it is read. */
  private final class Item {
    private String type = "";
    private String id = "";
    private boolean turn;
    private boolean whole;

    void member(String name, JsonParser json) {
      switch (name) {
        case "type" -> type = ContentReader.word(INPUT, name, json);
        case "role" -> turn = json.currentToken() != JsonToken.VALUE_NULL;
        case "id" -> id = ContentReader.id("input.id", json);
        case "content", "output" -> {
          int before = content.parts();
          content.content("input." + name, json);
          whole |= content.parts() > before;
        }
        case "encrypted_content", "result" ->
            whole |= json.currentToken() == JsonToken.VALUE_STRING && json.getStringLength() > 0;
        case "file_id" -> {
          var unused = pointer("input.file_id", json);
        }
        case "container_id" -> content.handle("input.container_id", json);
        case "tools" -> content.tools("input.tools", json);
        case "cache_control" -> content.cacheControl(json);
        default -> content.unread(INPUT, name, json);
      }
    }

    /** What its id stands for is clear only when all of it is known. */
    void end(int bytes) {
      boolean label =
          switch (type) {
            case "" -> turn;
            case "reasoning" -> whole;
            case "image_generation_call" -> {
              content.image(bytes);
              yield whole;
            }
            default -> WHOLE_ITEMS.contains(type);
          };
      if (!type.equals("image_generation_call")) {
        boolean known = label || type.isEmpty() || type.equals("reasoning");
        String unused = content.kind(known || type.equals("item_reference") ? "text" : type);
      }
      if (!label && !id.isEmpty()) {
        content.points("input.id", id);
      }
    }
  }

  /** Reads the members of an object, in which none may occur twice. */
  private static void members(String where, JsonParser json, Json.MemberReader reader) {
    Set<String> seen = new HashSet<>();
    Json.members(
        json,
        (name, value) -> {
          if (!seen.add(name)) {
            throw Fault.twice(where + ".", name, value);
          }
          if (seen.size() > RequestScanner.MAX_MEMBERS) {
            throw new Fault(
                where, "must have at most " + RequestScanner.MAX_MEMBERS + " members in an object");
          }
          reader.read(name, value);
        });
  }
}

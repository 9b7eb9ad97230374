package io.bitrouter.wire.responses;

import io.bitrouter.core.exchange.FinishReason;
import io.bitrouter.core.exchange.Part;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.exchange.ReplyEvent;
import io.bitrouter.core.exchange.Signature;
import io.bitrouter.wire.error.UpstreamFault;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.sse.SseEvent;
import io.bitrouter.wire.translate.ReplyReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.databind.JsonNode;

/**
 * Reads a Responses stream. What an upstream says only when an item or the answer ends is said
 * then; items of tools that the provider runs say nothing.
 */
final class ResponsesReplyReader implements ReplyReader {

  /** Items beyond this index are not read. */
  private static final int MAX_ITEMS = 4_096;

  /** What has been said of one item. */
  private static final class Item {
    private int call = -1;
    private boolean said;
    private boolean done;
    private int part;
    private String thoughtKind = "";
  }

  private final String callIdPrefix;
  private final Map<Integer, Item> items = new HashMap<>();
  private boolean started;
  private int calls;

  /** One whose calls without an id get one that begins with {@code callIdPrefix}. */
  ResponsesReplyReader(String callIdPrefix) {
    this.callIdPrefix = callIdPrefix;
  }

  @Override
  public void read(SseEvent event, Consumer<ReplyEvent> out) {
    JsonNode json;
    try {
      json = Json.tree(event.data(), event.dataFrom(), event.dataLength());
    } catch (JacksonException | IllegalStateException e) {
      return;
    }
    String type = json.path("type").stringValue(event.name());
    switch (type) {
      case "response.created", "response.in_progress" -> started(json.path("response"), out);
      case "response.output_item.added" -> added(json, out);
      case "response.output_text.delta", "response.refusal.delta" -> text(type, json, out);
      case "response.reasoning_summary_text.delta", "response.reasoning_text.delta" ->
          thought(type, json, out);
      case "response.function_call_arguments.delta" -> arguments(json, out);
      case "response.output_text.annotation.added" -> cited(json.path("annotation"), out);
      case "response.output_item.done" -> done(index(json), json.path("item"), out);
      case "response.completed", "response.incomplete" -> {
        rest(json.path("response"), out);
        ended(type, json.path("response"), out);
      }
      case "response.failed", "response.cancelled" -> failed(json.path("response"), out);
      case "error" -> out.accept(new ReplyEvent.Failed(message(json)));
      default -> {}
    }
  }

  private void started(JsonNode response, Consumer<ReplyEvent> out) {
    if (!started) {
      started = true;
      out.accept(
          new ReplyEvent.Started(
              response.path("id").stringValue(""), response.path("model").stringValue("")));
    }
  }

  private void added(JsonNode json, Consumer<ReplyEvent> out) {
    JsonNode item = json.path("item");
    if (callType(item) && !item.path("name").stringValue("").isEmpty()) {
      call(item(index(json)), item, out);
    }
  }

  private static boolean callType(JsonNode item) {
    String type = item.path("type").stringValue("");
    return type.equals("function_call") || type.equals("custom_tool_call");
  }

  /** Begins a call unless it has begun. */
  private void call(Item state, JsonNode item, Consumer<ReplyEvent> out) {
    if (state.call < 0) {
      state.call = calls++;
      String id = item.path("call_id").stringValue("");
      out.accept(
          new ReplyEvent.CallBegan(
              0,
              state.call,
              id.isEmpty() ? callIdPrefix + state.call : id,
              item.path("name").stringValue(""),
              Optional.empty()));
    }
  }

  private void text(String type, JsonNode json, Consumer<ReplyEvent> out) {
    String delta = json.path("delta").stringValue("");
    if (!delta.isEmpty()) {
      item(index(json)).said = true;
      out.accept(
          type.equals("response.refusal.delta")
              ? new ReplyEvent.Refused(0, delta)
              : new ReplyEvent.Text(0, delta));
    }
  }

  /** Summaries have parts, which become paragraphs; a thought and its summary are one thought. */
  private void thought(String type, JsonNode json, Consumer<ReplyEvent> out) {
    Item state = item(index(json));
    String delta = json.path("delta").stringValue("");
    if (delta.isEmpty() || !(state.thoughtKind.isEmpty() || state.thoughtKind.equals(type))) {
      return;
    }
    state.thoughtKind = type;
    int part = json.path("summary_index").intValue(json.path("content_index").intValue(0));
    if (state.said && part != state.part) {
      out.accept(new ReplyEvent.Reasoned(0, "\n\n"));
    }
    state.part = part;
    state.said = true;
    out.accept(new ReplyEvent.Reasoned(0, delta));
  }

  private void arguments(JsonNode json, Consumer<ReplyEvent> out) {
    Item state = item(index(json));
    String delta = json.path("delta").stringValue("");
    if (state.call >= 0 && !delta.isEmpty()) {
      state.said = true;
      out.accept(new ReplyEvent.CallArguments(0, state.call, delta));
    }
  }

  private static void cited(JsonNode annotation, Consumer<ReplyEvent> out) {
    if (annotation.path("type").stringValue("").equals("url_citation")) {
      out.accept(
          new ReplyEvent.Cited(
              0,
              new Part.Citation(
                  annotation.path("url").stringValue(""),
                  annotation.path("title").stringValue(""),
                  annotation.path("start_index").intValue(0),
                  annotation.path("end_index").intValue(0))));
    }
  }

  /** Says what of a whole item has not been said. */
  private void done(int index, JsonNode item, Consumer<ReplyEvent> out) {
    Item state = item(index);
    if (state.done) {
      return;
    }
    state.done = true;
    switch (item.path("type").stringValue("")) {
      case "message" -> {
        if (!state.said) {
          item.path("content").forEach(part -> wholePart(part, out));
        }
      }
      case "reasoning" -> reasoned(state, item, out);
      case "function_call" -> {
        call(state, item, out);
        String arguments = item.path("arguments").stringValue("");
        if (!state.said && !arguments.isEmpty()) {
          out.accept(new ReplyEvent.CallArguments(0, state.call, arguments));
        }
      }
      case "custom_tool_call" -> {
        // Arguments are JSON wherever they come from; whoever knows such tools unwraps them.
        call(state, item, out);
        byte[] input = Json.quoted(item.path("input").stringValue(""));
        String quoted = new String(input, StandardCharsets.UTF_8);
        out.accept(new ReplyEvent.CallArguments(0, state.call, "{\"input\":" + quoted + "}"));
      }
      default -> {}
    }
  }

  private static void wholePart(JsonNode part, Consumer<ReplyEvent> out) {
    String text = part.path("text").stringValue("");
    String refusal = part.path("refusal").stringValue("");
    if (!text.isEmpty()) {
      out.accept(new ReplyEvent.Text(0, text));
      part.path("annotations").forEach(annotation -> cited(annotation, out));
    }
    if (!refusal.isEmpty()) {
      out.accept(new ReplyEvent.Refused(0, refusal));
    }
  }

  private static void reasoned(Item state, JsonNode item, Consumer<ReplyEvent> out) {
    if (!state.said) {
      boolean summarised = !item.path("summary").isEmpty();
      String between = "";
      for (JsonNode part : item.path(summarised ? "summary" : "content")) {
        String text = part.path("text").stringValue("");
        if (!text.isEmpty()) {
          out.accept(new ReplyEvent.Reasoned(0, between + text));
          between = "\n\n";
        }
      }
    }
    String sealed = item.path("encrypted_content").stringValue("");
    if (!sealed.isEmpty()) {
      out.accept(new ReplyEvent.Signed(0, new Signature(Protocol.RESPONSES, sealed), false));
    }
  }

  /** Says what has not been said because an item did not end, or because no event said anything. */
  private void rest(JsonNode response, Consumer<ReplyEvent> out) {
    started(response, out);
    boolean all = items.isEmpty();
    int index = 0;
    for (JsonNode item : response.path("output")) {
      if (all || items.containsKey(index)) {
        done(index, item, out);
      }
      index++;
    }
  }

  private static void ended(String type, JsonNode response, Consumer<ReplyEvent> out) {
    used(response, out);
    String status = type.substring("response.".length());
    String word =
        status.equals("incomplete")
            ? response.path("incomplete_details").path("reason").stringValue(status)
            : status;
    FinishReason reason =
        switch (word) {
          case "completed" -> FinishReason.STOP;
          case "content_filter" -> FinishReason.CONTENT_FILTER;
          default -> FinishReason.LENGTH;
        };
    out.accept(new ReplyEvent.Finished(0, reason, Optional.empty(), word));
    out.accept(new ReplyEvent.Ended());
  }

  private static void used(JsonNode response, Consumer<ReplyEvent> out) {
    JsonNode usage = response.path("usage");
    if (usage.isObject()) {
      try (JsonParser json = usage.traverse(ObjectReadContext.empty())) {
        json.nextToken();
        ResponsesUsage.read(json)
            .measured()
            .ifPresent(figures -> out.accept(new ReplyEvent.Used(figures)));
      }
    }
  }

  private static void failed(JsonNode response, Consumer<ReplyEvent> out) {
    used(response, out);
    out.accept(new ReplyEvent.Failed(message(response)));
  }

  private static String message(JsonNode said) {
    byte[] bytes =
        Json.bytes(json -> {
          json.writeStartObject();
          JsonNode error = said.path("error").isObject() ? said.path("error") : said;
          json.writeStringProperty("message", error.path("message").stringValue(""));
          json.writeEndObject();
        });
    return UpstreamFault.read(bytes, 0, bytes.length)
        .message()
        .orElse("the upstream reported an error without an explanation");
  }

  private Item item(int index) {
    return items.computeIfAbsent(Math.min(index, MAX_ITEMS), unused -> new Item());
  }

  private static int index(JsonNode json) {
    return Math.max(0, json.path("output_index").intValue(0));
  }
}

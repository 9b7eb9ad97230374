package io.bitrouter.wire.messages;

import io.bitrouter.core.exchange.FinishReason;
import io.bitrouter.core.exchange.Part;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.exchange.ReplyEvent;
import io.bitrouter.core.exchange.Signature;
import io.bitrouter.wire.error.UpstreamFault;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.sse.SseEvent;
import io.bitrouter.wire.translate.ReplyReader;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.databind.JsonNode;

/** Reads one upstream's stream. */
final class MessagesReplyReader implements ReplyReader {

  /** An open block that is more than text. */
  private static final class Block {
    /** Which call it is, -1 for a thought. */
    private final int call;

    /** Input that came with the block's beginning, from upstreams that do not stream it. */
    private final String input;

    private final StringBuilder signature = new StringBuilder();
    private boolean streamed;

    Block(int call, String input) {
      this.call = call;
      this.input = input;
    }
  }

  private final String callIdPrefix;
  private final MessagesDelta delta = new MessagesDelta();
  private final MessagesUsage usage = new MessagesUsage();
  private final Map<Integer, Block> blocks = new HashMap<>();
  private int calls;

  /** Characters of the text that goes on, which citations are about, and where the block began. */
  private int textLength;

  private int textStart;

  MessagesReplyReader(String callIdPrefix) {
    this.callIdPrefix = callIdPrefix;
  }

  @Override
  public void read(SseEvent event, Consumer<ReplyEvent> out) {
    if (event.isNamed(MessagesDelta.NAME)
        && delta.read(event.data(), event.dataFrom(), event.dataLength())) {
      delta(delta.index(), delta.type(), delta.value(), out);
      return;
    }
    JsonNode json;
    try {
      json = Json.tree(event.data(), event.dataFrom(), event.dataLength());
    } catch (JacksonException | IllegalStateException e) {
      if (event.name().equals("error")) {
        out.accept(failed(event));
      }
      return;
    }
    String type = json.path("type").stringValue(event.name());
    if (type.equals("error") || event.name().equals("error") || json.hasNonNull("error")) {
      out.accept(failed(event));
      return;
    }
    switch (type) {
      case "message_start" -> {
        JsonNode message = json.path("message");
        out.accept(
            new ReplyEvent.Started(
                message.path("id").stringValue(""), message.path("model").stringValue("")));
        usage(message, out);
      }
      case "content_block_start" -> begin(index(json), json.path("content_block"), out);
      case "content_block_delta" -> delta(index(json), json.path("delta"), out);
      case "content_block_stop" -> stop(index(json), out);
      case "message_delta" -> {
        usage(json, out);
        finish(json.path("delta"), out);
      }
      case "message_stop" -> out.accept(new ReplyEvent.Ended());
      default -> {}
    }
  }

  private static ReplyEvent failed(SseEvent event) {
    return new ReplyEvent.Failed(
        UpstreamFault.read(event.data(), event.dataFrom(), event.dataLength())
            .message()
            .orElse("the upstream reported an error without an explanation"));
  }

  private static int index(JsonNode event) {
    return event.path("index").intValue(0);
  }

  private void begin(int index, JsonNode block, Consumer<ReplyEvent> out) {
    String type = block.path("type").stringValue("");
    if (!type.equals("text")) {
      textLength = 0;
    }
    textStart = textLength;
    switch (type) {
      case "text" -> text(block.path("text").stringValue(""), out);
      case "thinking" -> {
        Block thought = new Block(-1, "");
        blocks.put(index, thought);
        thought(block.path("thinking").stringValue(""), out);
        thought.signature.append(block.path("signature").stringValue(""));
      }
      case "redacted_thinking" ->
          out.accept(new ReplyEvent.Signed(0, seal(block.path("data").stringValue("")), true));
      case "tool_use" -> {
        String id = block.path("id").stringValue("");
        JsonNode input = block.path("input");
        blocks.put(index, new Block(calls, input.isObject() ? Json.text(input) : "{}"));
        out.accept(
            new ReplyEvent.CallBegan(
                0,
                calls,
                id.isEmpty() ? callIdPrefix + calls : id,
                block.path("name").stringValue(""),
                Optional.empty()));
        calls++;
      }
      default -> {}
    }
  }

  private void delta(int index, JsonNode delta, Consumer<ReplyEvent> out) {
    String type = delta.path("type").stringValue("");
    if (type.equals("citations_delta")) {
      citation(delta.path("citation"), out);
    } else {
      delta(index, type, delta.path(MessagesDelta.memberOf(type)).stringValue(""), out);
    }
  }

  private void delta(int index, String type, String more, Consumer<ReplyEvent> out) {
    Block block = blocks.get(index);
    switch (type) {
      case "text_delta" -> text(more, out);
      case "thinking_delta" -> thought(more, out);
      case "signature_delta" -> {
        if (block != null) {
          block.signature.append(more);
        }
      }
      case "input_json_delta" -> {
        if (block != null && block.call >= 0 && !more.isEmpty()) {
          block.streamed = true;
          out.accept(new ReplyEvent.CallArguments(0, block.call, more));
        }
      }
      default -> {}
    }
  }

  private void stop(int index, Consumer<ReplyEvent> out) {
    Block block = blocks.remove(index);
    if (block == null) {
      return;
    }
    if (block.call < 0 && !block.signature.isEmpty()) {
      out.accept(new ReplyEvent.Signed(0, seal(block.signature.toString()), false));
    }
    if (block.call >= 0 && !block.streamed) {
      out.accept(new ReplyEvent.CallArguments(0, block.call, block.input));
    }
  }

  private void text(String delta, Consumer<ReplyEvent> out) {
    if (!delta.isEmpty()) {
      textLength += delta.length();
      out.accept(new ReplyEvent.Text(0, delta));
    }
  }

  private static void thought(String delta, Consumer<ReplyEvent> out) {
    if (!delta.isEmpty()) {
      out.accept(new ReplyEvent.Reasoned(0, delta));
    }
  }

  private static Signature seal(String value) {
    return new Signature(Protocol.MESSAGES, value);
  }

  /** What a citation says of pages; of documents in the request others have no word. */
  private void citation(JsonNode citation, Consumer<ReplyEvent> out) {
    String url = citation.path("url").stringValue("");
    if (!url.isEmpty()) {
      String title = citation.path("title").stringValue("");
      out.accept(new ReplyEvent.Cited(0, new Part.Citation(url, title, textStart, textLength)));
    }
  }

  private void usage(JsonNode holder, Consumer<ReplyEvent> out) {
    try (JsonParser json = holder.path("usage").traverse(ObjectReadContext.empty())) {
      json.nextToken();
      usage.read(json);
    }
    usage.measured(true).map(ReplyEvent.Used::new).ifPresent(out);
  }

  private static void finish(JsonNode delta, Consumer<ReplyEvent> out) {
    String word = delta.path("stop_reason").stringValue("");
    if (word.isEmpty()) {
      return;
    }
    FinishReason reason =
        switch (word) {
          case "max_tokens", "model_context_window_exceeded" -> FinishReason.LENGTH;
          case "tool_use" -> FinishReason.TOOL_CALLS;
          case "refusal" -> FinishReason.CONTENT_FILTER;
          case "pause_turn" -> FinishReason.PAUSE;
          default -> FinishReason.STOP;
        };
    JsonNode sequence = delta.path("stop_sequence");
    out.accept(
        new ReplyEvent.Finished(
            0,
            reason,
            sequence.isString() ? Optional.of(sequence.stringValue()) : Optional.empty(),
            word));
  }
}

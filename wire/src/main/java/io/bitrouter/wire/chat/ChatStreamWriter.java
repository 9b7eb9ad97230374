package io.bitrouter.wire.chat;

import io.bitrouter.core.exchange.FinishReason;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.ReplyEvent;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.sse.SseEvent;
import io.bitrouter.wire.translate.ReplyWriter;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/**
 * Writes an answer as chunks: the role, then content as it comes, then for each choice why it
 * ended, then the usage when it was asked for, and {@code [DONE]}. The input of a freeform tool is
 * written when it is complete, because it can come wrapped; no arguments are an empty object.
 */
final class ChatStreamWriter implements ReplyWriter {

  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

  private final ChatAnswer answer;
  private final boolean usageAsked;
  private final Map<Integer, Choice> choices = new TreeMap<>();
  private String model = "";

  ChatStreamWriter(ChatAnswer answer, boolean usageAsked) {
    this.answer = answer;
    this.usageAsked = usageAsked;
  }

  /** How far a choice has come. */
  private static final class Choice {
    /** Inputs of freeform tools so far, by call. */
    private final Map<Integer, StringBuilder> inputs = new TreeMap<>();

    /** Calls of functions that have no arguments so far. */
    private final Set<Integer> bare = new TreeSet<>();

    private int written;
    private int textStart;
    private boolean inText;
  }

  @Override
  public void write(ReplyEvent event, ByteArrayOutputStream out) {
    switch (event) {
      case ReplyEvent.Started started -> {
        model = started.model();
        for (int i = 0; i < answer.choices(); i++) {
          begun(i, out);
        }
      }
      case ReplyEvent.Text(int index, String delta) -> {
        Choice choice = begun(index, out);
        choice.textStart = choice.inText ? choice.textStart : choice.written;
        choice.inText = true;
        choice.written += delta.length();
        delta(index, out, json -> json.writeStringProperty("content", delta));
      }
      case ReplyEvent.Refused(int index, String delta) -> {
        begun(index, out).inText = false;
        delta(index, out, json -> json.writeStringProperty("refusal", delta));
      }
      case ReplyEvent.Reasoned(int index, String delta) -> {
        begun(index, out).inText = false;
        delta(index, out, json -> json.writeStringProperty("reasoning_content", delta));
      }
      case ReplyEvent.CallBegan call -> began(call, out);
      case ReplyEvent.CallArguments(int index, int call, String delta) ->
          arguments(index, call, delta, out);
      case ReplyEvent.Cited(int index, var citation) -> {
        Choice choice = begun(index, out);
        var moved = ChatAnswer.moved(citation, choice.textStart);
        delta(index, out, json -> ChatAnswer.annotations(json, List.of(moved)));
      }
      // Seals are kept for the upstream, usage comes at the end, the rest never comes.
      case ReplyEvent.Signed unused -> {}
      case ReplyEvent.Used unused -> {}
      case ReplyEvent.Finished unused -> {}
      case ReplyEvent.Failed unused -> {}
      case ReplyEvent.Ended unused -> {}
    }
  }

  /** The choice, whose role has been written. */
  private Choice begun(int index, ByteArrayOutputStream out) {
    return choices.computeIfAbsent(
        index,
        unused -> {
          delta(
              index,
              out,
              json -> {
                json.writeStringProperty("role", "assistant");
                json.writeStringProperty("content", "");
              });
          return new Choice();
        });
  }

  private void began(ReplyEvent.CallBegan call, ByteArrayOutputStream out) {
    Choice choice = begun(call.choice(), out);
    choice.inText = false;
    boolean plain = answer.freeform(call.name());
    if (plain) {
      choice.inputs.put(call.call(), new StringBuilder());
    } else {
      choice.bare.add(call.call());
    }
    String kind = plain ? "custom" : "function";
    call(
        call.choice(),
        call.call(),
        out,
        json -> {
          json.writeStringProperty("id", call.id());
          json.writeStringProperty("type", kind);
          json.writeObjectPropertyStart(kind);
          json.writeStringProperty("name", call.name());
          json.writeStringProperty(plain ? "input" : "arguments", "");
          json.writeEndObject();
        });
  }

  private void arguments(int index, int call, String delta, ByteArrayOutputStream out) {
    Choice choice = begun(index, out);
    StringBuilder input = choice.inputs.get(call);
    if (input != null) {
      input.append(delta);
    } else if (!delta.isEmpty()) {
      choice.bare.remove(call);
      piece(index, call, "function", delta, out);
    }
  }

  /** More of the arguments of a function, or the input of a custom tool. */
  private void piece(int index, int call, String kind, String text, ByteArrayOutputStream out) {
    call(
        index,
        call,
        out,
        json -> {
          json.writeObjectPropertyStart(kind);
          json.writeStringProperty(kind.equals("custom") ? "input" : "arguments", text);
          json.writeEndObject();
        });
  }

  @Override
  public void end(
      List<ReplyEvent.Finished> finished, MeasuredUsage usage, ByteArrayOutputStream out) {
    for (ReplyEvent.Finished end : finished) {
      Choice choice = begun(end.choice(), out);
      if (end.reason() == FinishReason.TOOL_CALLS) {
        choice.bare.forEach(call -> piece(end.choice(), call, "function", "{}", out));
      }
      choice.inputs.forEach((call, input) ->
          piece(end.choice(), call, "custom", ChatAnswer.plain(input.toString()), out));
      chunk(
          out,
          json -> {
            json.writeArrayPropertyStart("choices");
            choice(json, end.choice(), unused -> {}, ChatAnswer.word(end.reason()));
            json.writeEndArray();
            laterUsage(json);
          });
    }
    if (usageAsked) {
      chunk(
          out,
          json -> {
            json.writeArrayPropertyStart("choices");
            json.writeEndArray();
            ChatUsage.write(json, usage.tokens(), OptionalLong.of(answer.costNanos(usage)));
          });
    }
    out.writeBytes(SseEvent.write("", DONE));
  }

  private void call(
      int choice, int call, ByteArrayOutputStream out, Consumer<JsonGenerator> members) {
    delta(
        choice,
        out,
        json -> {
          json.writeArrayPropertyStart("tool_calls");
          json.writeStartObject();
          json.writeNumberProperty("index", call);
          members.accept(json);
          json.writeEndObject();
          json.writeEndArray();
        });
  }

  private void delta(int choice, ByteArrayOutputStream out, Consumer<JsonGenerator> members) {
    chunk(
        out,
        json -> {
          json.writeArrayPropertyStart("choices");
          choice(json, choice, members, "");
          json.writeEndArray();
          laterUsage(json);
        });
  }

  /** One choice of a chunk; {@code finishReason} is empty before the end. */
  private static void choice(
      JsonGenerator json, int index, Consumer<JsonGenerator> delta, String finishReason) {
    json.writeStartObject();
    json.writeNumberProperty("index", index);
    json.writeObjectPropertyStart("delta");
    delta.accept(json);
    json.writeEndObject();
    if (finishReason.isEmpty()) {
      json.writeNullProperty("finish_reason");
    } else {
      json.writeStringProperty("finish_reason", finishReason);
    }
    json.writeEndObject();
  }

  private void laterUsage(JsonGenerator json) {
    if (usageAsked) {
      json.writeNullProperty("usage");
    }
  }

  private void chunk(ByteArrayOutputStream out, Consumer<JsonGenerator> members) {
    SseEvent.begin("", out);
    Json.write(out, json -> answer.object(json, "chat.completion.chunk", model, members));
    SseEvent.end(out);
  }
}

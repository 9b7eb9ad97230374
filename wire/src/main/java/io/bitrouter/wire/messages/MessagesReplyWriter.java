package io.bitrouter.wire.messages;

import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.ReplyEvent;
import io.bitrouter.wire.translate.ReplyContext;
import io.bitrouter.wire.translate.ReplyWriter;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/**
 * Writes one answer as a stream. Blocks come one after the other: while a call is open, other calls
 * that the upstream tells at the same time wait for their turn.
 */
final class MessagesReplyWriter implements ReplyWriter {

  /** What is open. */
  private enum Open {
    NOTHING,
    TEXT,
    THOUGHT,
    CALL
  }

  /** A call that waits. */
  private record Waiting(ReplyEvent.CallBegan call, StringBuilder arguments) {}

  private final ReplyContext context;
  private final boolean thoughtsShown;
  private final List<Waiting> waiting = new ArrayList<>();
  private String model;
  private MeasuredUsage usage = MeasuredUsage.NONE;
  private boolean started;
  private boolean refused;
  private Open open = Open.NOTHING;
  private int openCall;
  private int index;

  MessagesReplyWriter(ReplyContext context) {
    this.context = context;
    this.thoughtsShown = MessagesAnswer.thoughtsShown(context.request());
    this.model = context.request().model();
  }

  @Override
  public void write(ReplyEvent event, ByteArrayOutputStream out) {
    switch (event) {
      // Written with the first content, when more of the usage can be known.
      case ReplyEvent.Started begun -> model = begun.model().isEmpty() ? model : begun.model();
      case ReplyEvent.Used(MeasuredUsage figures) -> usage = figures;
      case ReplyEvent.Text text -> text(text.delta(), out);
      case ReplyEvent.Refused no -> {
        refused = true;
        text(no.delta(), out);
      }
      case ReplyEvent.Reasoned thought -> thought(thought.delta(), out);
      case ReplyEvent.Signed unused -> {
        // The seal is for another protocol; a further thought is one of its own.
        if (open == Open.THOUGHT) {
          close(out);
        }
      }
      case ReplyEvent.CallBegan call -> call(call, out);
      case ReplyEvent.CallArguments more -> arguments(more, out);
      case ReplyEvent.Cited cited -> {
        if (open == Open.TEXT) {
          delta(
              "citations_delta",
              json -> {
                json.writeName("citation");
                MessagesAnswer.citation(json, cited.citation());
              },
              out);
        }
      }
      // Never come.
      case ReplyEvent.Finished unused -> {}
      case ReplyEvent.Failed unused -> {}
      case ReplyEvent.Ended unused -> {}
    }
  }

  private void text(String delta, ByteArrayOutputStream out) {
    if (delta.isEmpty()) {
      return;
    }
    open(Open.TEXT, json -> MessagesAnswer.text(json, ""), out);
    delta("text_delta", json -> json.writeStringProperty("text", delta), out);
  }

  private void thought(String delta, ByteArrayOutputStream out) {
    if (delta.isEmpty() || !thoughtsShown) {
      return;
    }
    open(Open.THOUGHT, json -> MessagesAnswer.thought(json, ""), out);
    delta("thinking_delta", json -> json.writeStringProperty("thinking", delta), out);
  }

  private void call(ReplyEvent.CallBegan call, ByteArrayOutputStream out) {
    if (open == Open.CALL) {
      waiting.add(new Waiting(call, new StringBuilder()));
    } else {
      begin(call, out);
    }
  }

  private void begin(ReplyEvent.CallBegan call, ByteArrayOutputStream out) {
    open(Open.CALL, json -> MessagesAnswer.call(json, call.id(), call.name(), ""), out);
    openCall = call.call();
  }

  private void arguments(ReplyEvent.CallArguments more, ByteArrayOutputStream out) {
    if (open == Open.CALL && openCall == more.call()) {
      input(more.delta(), out);
      return;
    }
    for (Waiting other : waiting) {
      if (other.call().call() == more.call()) {
        other.arguments().append(more.delta());
      }
    }
  }

  private void input(String part, ByteArrayOutputStream out) {
    if (!part.isEmpty()) {
      delta("input_json_delta", json -> json.writeStringProperty("partial_json", part), out);
    }
  }

  /** Opens a block unless one of the kind is open; calls never go on in the block of another. */
  private void open(Open kind, Consumer<JsonGenerator> block, ByteArrayOutputStream out) {
    if (open == kind && kind != Open.CALL) {
      return;
    }
    if (kind != Open.CALL) {
      close(out);
    } else {
      closeBlock(out);
    }
    begin(out);
    open = kind;
    out.writeBytes(
        MessagesAnswer.event(
            "content_block_start",
            json -> {
              json.writeNumberProperty("index", index);
              json.writeObjectPropertyStart("content_block");
              block.accept(json);
              json.writeEndObject();
            }));
  }

  private void delta(String type, Consumer<JsonGenerator> members, ByteArrayOutputStream out) {
    MessagesAnswer.event(
        "content_block_delta",
        json -> {
          json.writeNumberProperty("index", index);
          json.writeObjectPropertyStart("delta");
          json.writeStringProperty("type", type);
          members.accept(json);
          json.writeEndObject();
        },
        out);
  }

  /** Closes the open block and lets the calls that wait have theirs. */
  private void close(ByteArrayOutputStream out) {
    closeBlock(out);
    for (Waiting next : waiting) {
      begin(next.call(), out);
      input(next.arguments().toString(), out);
      closeBlock(out);
    }
    waiting.clear();
  }

  private void closeBlock(ByteArrayOutputStream out) {
    if (open == Open.NOTHING) {
      return;
    }
    out.writeBytes(
        MessagesAnswer.event(
            "content_block_stop", json -> json.writeNumberProperty("index", index)));
    open = Open.NOTHING;
    index++;
  }

  private void begin(ByteArrayOutputStream out) {
    if (!started) {
      started = true;
      out.writeBytes(MessagesAnswer.start("msg_" + context.id(), model, usage.tokens()));
      out.writeBytes(MessagesAnswer.event("ping", json -> {}));
    }
  }

  @Override
  public void end(
      List<ReplyEvent.Finished> finished, MeasuredUsage charged, ByteArrayOutputStream out) {
    begin(out);
    close(out);
    ReplyEvent.Finished end = finished.getFirst();
    out.writeBytes(
        MessagesAnswer.event(
            "message_delta",
            json -> {
              json.writeObjectPropertyStart("delta");
              MessagesAnswer.stop(json, end.reason(), end.stopSequence(), refused);
              json.writeEndObject();
              MessagesAnswer.usage(json, charged.tokens());
            }));
    out.writeBytes(MessagesAnswer.event("message_stop", json -> {}));
  }
}

package io.bitrouter.core.gateway;

import io.bitrouter.core.credential.Caller;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.usage.RequestRow;
import io.bitrouter.core.usage.RequestStatus;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Answers one client, with the headers that say what the node did. For the request's thread. */
final class CallReply {

  private static final String EVENT_STREAM = "text/event-stream";

  private final ClientExchange client;
  private final Dialect dialect;
  private final Caller.Key caller;
  private final Ticket ticket;
  private final ClientStream stream;
  private Optional<Passage> passage = Optional.empty();
  private Optional<StreamTap> tap = Optional.empty();
  private List<String> warnings = List.of();

  CallReply(ClientExchange client, Dialect dialect, Caller.Key caller, Ticket ticket) {
    this.client = client;
    this.dialect = dialect;
    this.caller = caller;
    this.ticket = ticket;
    this.stream =
        new ClientStream(
            client, dialect.keepAlive(), () -> new ReplyHead(200, EVENT_STREAM, List.of()));
  }

  /** What the client is to know of the way that its request takes now. */
  void warn(List<String> words) {
    warnings = words;
  }

  /** The streamed answer that is to come by {@code way}. */
  ClientStream stream(Passage way) {
    passage = Optional.of(way);
    long overhead = ticket.overheadNanos();
    stream.head(() -> new ReplyHead(200, way.streamType(), fields(overhead, Optional.empty())));
    return stream;
  }

  /** The same, as it comes through {@code from}. */
  ClientStream stream(Passage way, StreamTap from) {
    tap = Optional.of(from);
    return stream(way);
  }

  /** A comment for a person who reads a stream. */
  byte[] comment(String text) {
    return dialect.comment(text);
  }

  /** Refuses before anything has been sent upstream. */
  void deny(Refusal refusal) {
    if (client.disconnected()) {
      ticket.cancelled(Ticket.CLIENT_CLOSED_REQUEST, MeasuredUsage.NONE);
      return;
    }
    ticket.denied(refusal);
    refuse(refusal);
  }

  /** Settles a request that failed after using something, and tells the client. */
  void fail(Refusal refusal, MeasuredUsage usage) {
    ticket.failed(status(refusal), refusal, usage);
    refuse(refusal);
  }

  /** Settles a request that no upstream has answered, and tells the client. */
  void failUnanswered(Refusal refusal) {
    ticket.unanswered(RequestStatus.FAILED, status(refusal), Optional.of(refusal));
    refuse(refusal);
  }

  private int status(Refusal refusal) {
    return stream.begun() ? 200 : refusal.status();
  }

  /** Tells the client, by whatever it can still be told with. */
  private void refuse(Refusal refusal) {
    if (stream.begun()) {
      ReplyStream out = stream.begin();
      byte[] event = dialect.renderInStream(refusal, client.requestId());
      endFailed(out, place().map(it -> it.broken(event)).orElse(event));
      return;
    }
    Dialect.RenderedRefusal rendered = dialect.render(refusal, client.requestId());
    List<HeaderField> fields = new ArrayList<>(rendered.head().fields());
    fields.addAll(fields(ticket.overheadNanos(), Optional.empty()));
    client.reply(
        new ReplyHead(rendered.head().status(), rendered.head().contentType(), fields),
        rendered.body());
  }

  /** Ends a stream that has failed, by an event that says so. */
  void endFailed(ReplyStream out, byte[] event) {
    out.write(event);
    if (dialect.failuresAreHeard()) {
      out.end();
    } else {
      out.abort();
    }
  }

  /** Where the stream is: what failed before the client saw any of it has left no trace there. */
  private Optional<StreamTap> place() {
    return stream.answering() ? tap : passage.map(way -> way.tap(unpriced -> 0L));
  }

  /** A whole answer. */
  void answer(int status, RequestRow row, byte[] body) {
    client.reply(
        new ReplyHead(status, "application/json", fields(ticket.overheadNanos(), Optional.of(row))),
        body);
  }

  private List<HeaderField> fields(long overheadNanos, Optional<RequestRow> settled) {
    List<HeaderField> fields = new ArrayList<>(8);
    fields.add(new HeaderField("x-bitrouter-namespace", caller.grant().namespace().text()));
    Set<String> words = new LinkedHashSet<>();
    ticket
        .draft()
        .target()
        .ifPresent(target -> {
          fields.add(new HeaderField("x-bitrouter-model", target.model().id().toString()));
          fields.add(new HeaderField("x-bitrouter-provider", target.provider().id().text()));
          fields.add(
              new HeaderField("x-bitrouter-attempts", Integer.toString(ticket.draft().attempts())));
          if (target.model().price().isEmpty()) {
            words.add("unpriced_model");
          }
        });
    words.addAll(warnings);
    if (!words.isEmpty()) {
      fields.add(new HeaderField("x-bitrouter-warnings", String.join(",", words)));
    }
    fields.add(new HeaderField("x-bitrouter-overhead-ms", millis(overheadNanos)));
    settled.ifPresent(row ->
        fields.add(
            new HeaderField(
                "x-bitrouter-cost-micro-usd", Long.toString(row.finalChargeMicroUsd()))));
    ticket.reservation().ifPresent(held -> RateFields.add(held, fields));
    return fields;
  }

  /** Milliseconds with two decimals. */
  private static String millis(long nanos) {
    long hundredths = Math.max(0, nanos / 10_000);
    long rest = hundredths % 100;
    return hundredths / 100 + (rest < 10 ? ".0" : ".") + rest;
  }
}

package io.bitrouter.wire.responses;

import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.wire.error.UpstreamFault;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.json.Span;
import io.bitrouter.wire.json.Splices;
import io.bitrouter.wire.sse.EventTap;
import io.bitrouter.wire.sse.SseEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Watches a Responses stream. Every event is passed on as it is, but for errors, which are written
 * anew, and {@code response.completed} and {@code response.incomplete}, which are held back.
 */
final class ResponsesTap extends EventTap {

  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

  /** Items from this index on are not kept account of. */
  private static final int MAX_ITEMS = 4_096;

  private final ResponsesReading reading = new ResponsesReading();
  private final ResponsesCut cut;
  private final Map<Integer, Long> counted = new HashMap<>();
  private long countedInAll;
  private long nextSequence;
  private @Nullable MeasuredUsage usage;

  ResponsesTap(String model) {
    this.cut = new ResponsesCut(model);
  }

  @Override
  protected boolean isWhole(SseEvent event) {
    return event.dataIs(DONE) || reading.event(event.data(), event.dataFrom(), event.dataLength());
  }

  @Override
  protected Verdict read(SseEvent event) {
    if (event.dataIs(DONE)) {
      return Verdict.PASS;
    }
    if (!reading.event(event.data(), event.dataFrom(), event.dataLength())) {
      return event.name().equals("error") ? fault(event) : unreadable(event);
    }
    if (reading.sequence() != Json.ABSENT) {
      nextSequence = reading.sequence() + 1;
    }
    reading.usage().flatMap(ResponsesUsage::measured).ifPresent(figures -> usage = figures);
    String type = reading.type().isEmpty() ? event.name() : reading.type();
    return switch (type) {
      case "error" -> fault(event);
      case "response.failed", "response.cancelled" -> failed(event, type);
      case "response.completed", "response.incomplete" -> {
        countUpTo(reading.contentBytes());
        reading.finishReason().ifPresent(this::finished);
        yield Verdict.HOLD;
      }
      default -> {
        follow(event, type);
        yield Verdict.PASS;
      }
    };
  }

  @Override
  public List<String> keptObjects() {
    return reading.objects().names();
  }

  /** Counts what is generated, and keeps account of it for the case that the answer is cut. */
  private void follow(SseEvent event, String type) {
    int index = Math.min(reading.index(), MAX_ITEMS);
    if (type.endsWith(".delta")) {
      countOf(index, reading.deltaBytes());
      cut.delta(reading, type);
      return;
    }
    switch (type) {
      case "response.created" -> reading.responseAt().ifPresent(at -> cut.began(bytes(event, at)));
      case "response.output_item.added" -> {
        countOf(index, reading.itemBytes());
        reading.itemAt().ifPresent(at -> cut.added(reading.index(), bytes(event, at)));
      }
      case "response.output_item.done" -> {
        // Some upstreams send no deltas.
        countOf(index, reading.itemBytes() - counted.getOrDefault(index, 0L));
        reading.itemAt().ifPresent(at -> cut.done(reading.index(), bytes(event, at)));
      }
      default -> cut.other(reading, type);
    }
  }

  private void countOf(int index, long bytes) {
    long more = Math.max(0, bytes);
    counted.merge(index, more, Long::sum);
    countedInAll += more;
    count(more);
  }

  private void countUpTo(long bytes) {
    if (bytes > countedInAll) {
      count(bytes - countedInAll);
      countedInAll = bytes;
    }
  }

  /** Passes on the event with an error that quotes no credentials. */
  private Verdict failed(SseEvent event, String type) {
    byte[] data = data(event);
    Optional<Span> at = reading.errorAt();
    int from = at.map(Span::start).orElse(0);
    UpstreamFault fault = UpstreamFault.read(data, from, at.map(Span::length).orElse(0));
    String message =
        fault
            .message()
            .orElse(
                type.equals("response.cancelled")
                    ? "the upstream cancelled the answer"
                    : "the upstream reported an error without an explanation");
    failed(message);
    if (at.isEmpty()) {
      return Verdict.PASS;
    }
    byte[] error =
        Json.bytes(json -> {
          json.writeStartObject();
          json.writeStringProperty("code", fault.code().orElse("server_error"));
          json.writeStringProperty("message", message);
          json.writeEndObject();
        });
    byte[] written = SseEvent.write(type, new Splices().replace(at.get(), error).applyTo(data));
    replace(written, 0, written.length);
    return Verdict.DROP;
  }

  /** The event's data as one line: a line end is white space in JSON. */
  private static byte[] data(SseEvent event) {
    byte[] line = bytes(event, new Span(0, event.dataLength()));
    for (int i = 0; i < line.length; i++) {
      line[i] = line[i] == '\n' ? (byte) ' ' : line[i];
    }
    return line;
  }

  private static byte[] bytes(SseEvent event, Span at) {
    int from = event.dataFrom();
    return Arrays.copyOfRange(event.data(), from + at.start(), from + at.end());
  }

  @Override
  protected Optional<MeasuredUsage> usage(boolean terminated) {
    return Optional.ofNullable(usage);
  }

  @Override
  protected void writeCut(MeasuredUsage used, ByteArrayOutputStream events) {
    cut.write(used.tokens(), nextSequence, events);
  }

  @Override
  public byte[] broken(byte[] event) {
    return ResponsesErrors.numbered(event, nextSequence);
  }

  @Override
  protected byte[] errorEvent(UpstreamFault fault, String message) {
    return ResponsesErrors.event(
        fault.code().orElse("upstream_error"),
        message,
        fault.param(),
        reading.sequence() == Json.ABSENT ? nextSequence : reading.sequence());
  }
}

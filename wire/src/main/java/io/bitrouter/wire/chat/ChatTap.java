package io.bitrouter.wire.chat;

import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.kernel.Money;
import io.bitrouter.wire.error.UpstreamFault;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.json.Span;
import io.bitrouter.wire.json.Splices;
import io.bitrouter.wire.sse.EventTap;
import io.bitrouter.wire.sse.SseEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * Watches a chat stream.
 *
 * <p>Usage is always asked for upstream. If the client did not ask, a chunk that has usage and no
 * choices is taken out; a chunk that has choices is passed on whole even with usage in it, because
 * its text is the client's, and {@code "usage":null} stays where it is. If the client asked, {@code
 * usage.cost}, in US dollars, is put into every usage object that can be priced, in place of an
 * upstream's own figure. The last usage that reports both sides counts.
 */
final class ChatTap extends EventTap {

  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ERROR = "error".getBytes(StandardCharsets.US_ASCII);

  private final AskedRequest asked;
  private final boolean usageAsked;
  private final ToLongFunction<MeasuredUsage> costNanos;
  private final ChatReading reading = new ChatReading();
  private @Nullable MeasuredUsage usage;
  private boolean usageTold;

  ChatTap(AskedRequest asked, boolean usageAsked, ToLongFunction<MeasuredUsage> costNanos) {
    this.asked = asked;
    this.usageAsked = usageAsked;
    this.costNanos = costNanos;
  }

  @Override
  protected boolean isWhole(SseEvent event) {
    return event.dataIs(DONE) || reading.read(event.data(), event.dataFrom(), event.dataLength());
  }

  @Override
  protected Verdict read(SseEvent event) {
    if (event.dataIs(DONE)) {
      return Verdict.HOLD;
    }
    boolean valid = reading.read(event.data(), event.dataFrom(), event.dataLength());
    if (reading.error() || event.isNamed(ERROR)) {
      return fault(event);
    }
    if (!valid) {
      return unreadable(event);
    }
    count(reading.contentBytes());
    reading.finishReason().ifPresent(this::finished);
    Optional<MeasuredUsage> reported = reading.anyUsage().flatMap(ChatUsage::measured);
    reported.ifPresent(figures -> usage = figures);
    if (reading.usage().isEmpty()) {
      return Verdict.PASS;
    }
    if (!usageAsked) {
      return reading.choicesEmpty() ? Verdict.DROP : Verdict.PASS;
    }
    usageTold |= reading.choicesEmpty();
    if (reported.isEmpty()) {
      return Verdict.PASS;
    }
    priced(event, reading.usage().get(), Money.usdText(costNanos.applyAsLong(reported.get())));
    return Verdict.DROP;
  }

  @Override
  public List<String> keptObjects() {
    return reading.objects().names();
  }

  /** Writes the event with its cost, as one line of data: a line end is white space in JSON. */
  private void priced(SseEvent event, ChatUsage object, String cost) {
    int last = object.at().end() - 1;
    Span at = object.costAt().orElseGet(() -> new Span(last, last));
    String member = object.costAt().isPresent() ? cost : ",\"cost\":" + cost;
    int from = event.dataFrom();
    byte[] line = Arrays.copyOfRange(event.data(), from, from + event.dataLength());
    for (int i = 0; i < line.length; i++) {
      line[i] = line[i] == '\n' ? (byte) ' ' : line[i];
    }
    Splices splices = new Splices().replace(at, member.getBytes(StandardCharsets.US_ASCII));
    byte[] written = SseEvent.write(event.name(), splices.applyTo(line));
    replace(written, 0, written.length);
  }

  @Override
  protected Optional<MeasuredUsage> usage(boolean terminated) {
    return Optional.ofNullable(usage);
  }

  /** One chunk for each choice that is still open, the usage if it is asked for, and the end. */
  @Override
  protected void writeCut(MeasuredUsage used, ByteArrayOutputStream events) {
    for (int choice = 0; choice < asked.choices(); choice++) {
      if (!reading.finished(choice)) {
        int index = choice;
        events.writeBytes(
            chunk(json -> {
              json.writeArrayPropertyStart("choices");
              json.writeStartObject();
              json.writeNumberProperty("index", index);
              json.writeObjectPropertyStart("delta");
              json.writeEndObject();
              json.writeStringProperty("finish_reason", "length");
              json.writeEndObject();
              json.writeEndArray();
              if (usageAsked) {
                json.writeNullProperty("usage");
              }
            }));
      }
    }
    if (usageAsked && !usageTold) {
      events.writeBytes(
          chunk(json -> {
            json.writeArrayPropertyStart("choices");
            json.writeEndArray();
            ChatUsage.write(json, used.tokens(), OptionalLong.of(costNanos.applyAsLong(used)));
          }));
    }
    events.writeBytes(SseEvent.write("", DONE));
  }

  /** A chunk of the answer that has been seen, with further members. */
  private byte[] chunk(Consumer<JsonGenerator> members) {
    return SseEvent.write(
        "",
        Json.bytes(json -> {
          json.writeStartObject();
          json.writeStringProperty("id", reading.id());
          json.writeStringProperty("object", "chat.completion.chunk");
          json.writeNumberProperty("created", reading.created());
          json.writeStringProperty(
              "model", reading.model().isEmpty() ? asked.model() : reading.model());
          members.accept(json);
          json.writeEndObject();
        }));
  }

  @Override
  protected byte[] errorEvent(UpstreamFault fault, String message) {
    return ChatErrors.event(fault, message);
  }
}

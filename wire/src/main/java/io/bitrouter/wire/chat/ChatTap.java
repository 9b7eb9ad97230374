package io.bitrouter.wire.chat;

import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.kernel.Money;
import io.bitrouter.wire.error.UpstreamFault;
import io.bitrouter.wire.json.Span;
import io.bitrouter.wire.sse.EventTap;
import io.bitrouter.wire.sse.SseEvent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

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

  private final boolean usageAsked;
  private final ToLongFunction<MeasuredUsage> costNanos;
  private final ChatReading reading = new ChatReading();
  private @Nullable MeasuredUsage usage;
  private @Nullable String finishReason;
  private @Nullable String error;

  ChatTap(boolean usageAsked, ToLongFunction<MeasuredUsage> costNanos) {
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
      // Nobody knows what is in it, so all of it counts: an estimate must not be too low.
      count(event.dataLength());
      return Verdict.PASS;
    }
    count(reading.contentBytes());
    reading.finishReason().ifPresent(reason -> finishReason = reason);
    Optional<MeasuredUsage> reported = reading.anyUsage().flatMap(ChatUsage::measured);
    reported.ifPresent(figures -> usage = figures);
    if (reading.usage().isEmpty()) {
      return Verdict.PASS;
    }
    if (!usageAsked) {
      return reading.choicesEmpty() ? Verdict.DROP : Verdict.PASS;
    }
    if (reported.isEmpty()) {
      return Verdict.PASS;
    }
    splice(event, reading.usage().get(), Money.usdText(costNanos.applyAsLong(reported.get())));
    return Verdict.DROP;
  }

  /** Writes the event with its cost. */
  private void splice(SseEvent event, ChatUsage object, String cost) {
    Span at =
        object.costAt().orElseGet(() -> new Span(object.at().end() - 1, object.at().end() - 1));
    String member = object.costAt().isPresent() ? cost : ",\"cost\":" + cost;
    byte[] inserted = member.getBytes(StandardCharsets.US_ASCII);
    byte[] data = event.data();
    int begin = event.dataFrom();
    int start = begin + at.start();
    int rest = begin + at.end();
    if (event.dataLines() == 1) {
      replace(data, event.from(), start - event.from());
      replace(inserted, 0, inserted.length);
      replace(data, rest, event.to() - rest);
      return;
    }
    // Several data lines are one line of JSON as well: a line end is white space there.
    byte[] line = Arrays.copyOfRange(data, begin, begin + event.dataLength());
    for (int i = 0; i < line.length; i++) {
      line[i] = line[i] == '\n' ? (byte) ' ' : line[i];
    }
    byte[] prefix = "data: ".getBytes(StandardCharsets.US_ASCII);
    replace(prefix, 0, prefix.length);
    replace(line, 0, at.start());
    replace(inserted, 0, inserted.length);
    replace(line, at.end(), line.length - at.end());
    replace(new byte[] {'\n', '\n'}, 0, 2);
  }

  private Verdict fault(SseEvent event) {
    UpstreamFault fault = UpstreamFault.read(event.data(), event.dataFrom(), event.dataLength());
    error = fault.message().orElse("the upstream reported an error without an explanation");
    byte[] rebuilt = ChatErrors.event(fault, error);
    replace(rebuilt, 0, rebuilt.length);
    return Verdict.DROP;
  }

  @Override
  public StreamReport report() {
    return new StreamReport(
        terminated(),
        Optional.ofNullable(usage),
        Optional.ofNullable(finishReason),
        Optional.ofNullable(error),
        outputBytes(),
        largestChunkBytes(),
        held());
  }
}

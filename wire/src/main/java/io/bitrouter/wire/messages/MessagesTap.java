package io.bitrouter.wire.messages;

import io.bitrouter.wire.error.UpstreamFault;
import io.bitrouter.wire.sse.EventTap;
import io.bitrouter.wire.sse.SseEvent;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Watches a messages stream. Every event is passed on as it is, but for errors, which are written
 * anew, and {@code message_stop}, which is held back.
 */
final class MessagesTap extends EventTap {

  private static final byte[] PING = ascii("ping");
  private static final byte[] BLOCK_STOP = ascii("content_block_stop");
  private static final byte[] STOP = ascii("message_stop");
  private static final byte[] ERROR = ascii("error");

  private final MessagesReading reading = new MessagesReading();
  private @Nullable String stopReason;
  private @Nullable String error;

  MessagesTap() {}

  @Override
  protected boolean isWhole(SseEvent event) {
    // Reading adds to usage, so this reads with a reader of its own.
    return new MessagesReading().read(event.data(), event.dataFrom(), event.dataLength());
  }

  @Override
  protected Verdict read(SseEvent event) {
    if (event.isNamed(STOP)) {
      return Verdict.HOLD;
    }
    if (event.isNamed(PING) || event.isNamed(BLOCK_STOP)) {
      return Verdict.PASS;
    }
    boolean valid = reading.read(event.data(), event.dataFrom(), event.dataLength());
    if (event.isNamed(ERROR) || reading.type().equals("error") || reading.error()) {
      return fault(event);
    }
    if (!valid) {
      // Nobody knows what is in it, so all of it counts: an estimate must not be too low.
      count(event.dataLength());
      return Verdict.PASS;
    }
    count(reading.contentBytes());
    reading.stopReason().ifPresent(reason -> stopReason = reason);
    return reading.type().equals("message_stop") ? Verdict.HOLD : Verdict.PASS;
  }

  private Verdict fault(SseEvent event) {
    UpstreamFault fault = UpstreamFault.read(event.data(), event.dataFrom(), event.dataLength());
    error = fault.message().orElse("the upstream reported an error without an explanation");
    byte[] rebuilt = MessagesErrors.event(fault, error);
    replace(rebuilt, 0, rebuilt.length);
    return Verdict.DROP;
  }

  /**
   * Usage before the end holds the input side and the output as far as it was reported; after the
   * end it is there only if both were.
   */
  @Override
  public StreamReport report() {
    return new StreamReport(
        terminated(),
        reading.usage().measured(terminated()),
        Optional.ofNullable(stopReason),
        Optional.ofNullable(error),
        outputBytes(),
        largestChunkBytes(),
        held());
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}

package io.bitrouter.wire.messages;

import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.wire.error.UpstreamFault;
import io.bitrouter.wire.sse.EventTap;
import io.bitrouter.wire.sse.SseEvent;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

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
    if (event.isNamed(ERROR) || reading.error()) {
      return fault(event);
    }
    if (!valid) {
      return unreadable(event);
    }
    count(reading.contentBytes());
    reading.stopReason().ifPresent(this::finished);
    return reading.type().equals("message_stop") ? Verdict.HOLD : Verdict.PASS;
  }

  /**
   * Usage before the end holds the input side and the output as far as it was reported; after the
   * end it is there only if both were.
   */
  @Override
  protected Optional<MeasuredUsage> usage(boolean terminated) {
    return reading.usage().measured(terminated);
  }

  @Override
  protected byte[] errorEvent(UpstreamFault fault, String message) {
    return MessagesErrors.event(fault, message);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}

package io.bitrouter.wire.messages;

import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.wire.error.UpstreamFault;
import io.bitrouter.wire.sse.EventTap;
import io.bitrouter.wire.sse.SseEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Watches a messages stream. Every event is passed on as it is, but for errors, which are written
 * anew, and {@code message_stop}, which is held back.
 */
final class MessagesTap extends EventTap {

  private static final byte[] PING = ascii("ping");
  private static final byte[] STOP = ascii("message_stop");
  private static final byte[] ERROR = ascii("error");

  /** Blocks from this index on are not kept account of. */
  private static final int MAX_BLOCKS = 65_536;

  private final String model;
  private final MessagesReading reading = new MessagesReading();
  private final BitSet open = new BitSet();
  private boolean started;
  private boolean stopped;

  MessagesTap(String model) {
    this.model = model;
  }

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
    if (event.isNamed(PING)) {
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
    follow(reading.type().isEmpty() ? event.name() : reading.type());
    return reading.type().equals("message_stop") ? Verdict.HOLD : Verdict.PASS;
  }

  @Override
  public List<String> keptObjects() {
    return reading.objects().names();
  }

  /** Keeps account of where the answer is, for the case that it is cut. */
  private void follow(String type) {
    int index = (int) Math.min(reading.index(), MAX_BLOCKS);
    switch (type) {
      case "message_start" -> started = true;
      case "content_block_start" -> open.set(index, index < MAX_BLOCKS);
      case "content_block_stop" -> open.clear(index);
      case "message_delta" -> stopped |= reading.stopReason().isPresent();
      default -> {}
    }
  }

  /** Closes every open block and the message, which is begun first if the upstream has not. */
  @Override
  protected void writeCut(MeasuredUsage used, ByteArrayOutputStream events) {
    if (!started) {
      events.writeBytes(MessagesAnswer.start("", model, used.tokens()));
    }
    open.stream()
        .forEach(index ->
            events.writeBytes(
                MessagesAnswer.event(
                    "content_block_stop", json -> json.writeNumberProperty("index", index))));
    if (!stopped) {
      events.writeBytes(
          MessagesAnswer.event(
              "message_delta",
              json -> {
                json.writeObjectPropertyStart("delta");
                json.writeStringProperty("stop_reason", "max_tokens");
                json.writeNullProperty("stop_sequence");
                json.writeEndObject();
                json.writeObjectPropertyStart("usage");
                json.writeNumberProperty("output_tokens", used.tokens().completionTokens());
                json.writeEndObject();
              }));
    }
    events.writeBytes(MessagesAnswer.event("message_stop", json -> {}));
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

package io.bitrouter.wire.gemini;

import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.wire.error.UpstreamFault;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.sse.EventTap;
import io.bitrouter.wire.sse.SseEvent;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Watches a Gemini stream. Every object is passed on as it is, but for errors, which are written
 * anew. The stream has no terminal event: once a candidate has ended, each object is held back
 * until the next one is there, so that the last of them comes after the request has been settled.
 */
final class GeminiTap extends EventTap {

  private final AskedRequest asked;
  private final GeminiReading reading = new GeminiReading();

  GeminiTap(AskedRequest asked) {
    this.asked = asked;
  }

  @Override
  protected boolean isWhole(SseEvent event) {
    // Reading adds to usage, so this reads with a reader of its own.
    return new GeminiReading().read(event.data(), event.dataFrom(), event.dataLength());
  }

  @Override
  protected Verdict read(SseEvent event) {
    boolean valid = reading.read(event.data(), event.dataFrom(), event.dataLength());
    if (reading.error()) {
      return fault(event);
    }
    if (valid) {
      count(reading.contentBytes());
      reading.finishReason().ifPresent(this::finished);
    } else {
      Verdict unused = unreadable(event);
    }
    return reading.anyFinished() ? Verdict.DELAY : Verdict.PASS;
  }

  @Override
  protected boolean ended() {
    return reading.allFinished();
  }

  @Override
  protected Optional<MeasuredUsage> usage(boolean terminated) {
    return reading.usage().measured();
  }

  /** One object that ends every candidate that is still open. */
  @Override
  protected void writeCut(MeasuredUsage used, ByteArrayOutputStream events) {
    int[] open = IntStream.range(0, asked.choices()).filter(i -> !reading.finished(i)).toArray();
    if (open.length == 0 || reading.refused()) {
      return;
    }
    byte[] object =
        Json.bytes(json -> {
          json.writeStartObject();
          json.writeArrayPropertyStart("candidates");
          for (int candidate : open) {
            GeminiAnswer.beginCandidate(json);
            GeminiAnswer.text(json, "", false);
            GeminiAnswer.endParts(json);
            json.writeStringProperty("finishReason", "MAX_TOKENS");
            json.writeNumberProperty("index", candidate);
            json.writeEndObject();
          }
          json.writeEndArray();
          GeminiAnswer.usage(json, used.tokens());
          GeminiAnswer.source(
              json, reading.model().isEmpty() ? asked.model() : reading.model(), reading.id());
          json.writeEndObject();
        });
    events.writeBytes(SseEvent.write("", object));
  }

  @Override
  protected byte[] errorEvent(UpstreamFault fault, String message) {
    return GeminiErrors.event(fault, message);
  }
}

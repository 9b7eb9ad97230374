package io.bitrouter.wire.gemini;

import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.gateway.HeaderField;
import io.bitrouter.core.gateway.HeaderFields;
import io.bitrouter.core.gateway.Passage;
import io.bitrouter.core.gateway.StreamTap;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.wire.error.UpstreamRefusals;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.ToLongFunction;

/**
 * A Gemini request on its way to an upstream that speaks Gemini: both get each other's bytes.
 *
 * @param path where to, with the upstream's name of the model
 * @param body the client's, with the output cap where it says none
 */
record GeminiPassage(GeminiRequest request, String path, byte[] body) implements Passage {

  /** None: the protocol is in the path, and what clients say of themselves stays here. */
  @Override
  public List<HeaderField> headers(HeaderFields client) {
    return List.of();
  }

  @Override
  public boolean streamed() {
    return request.asked().streamed();
  }

  @Override
  public String streamType() {
    return new GeminiClientCodec(request.jsonArray()).streamType();
  }

  /** The protocol has no place for a cost that clients ask for, so nothing is priced. */
  @Override
  public StreamTap tap(ToLongFunction<MeasuredUsage> costNanos) {
    StreamTap events = new GeminiTap(request.asked());
    return request.jsonArray() ? new GeminiArrayTap(events) : events;
  }

  @Override
  public WholeAnswer whole(byte[] upstreamBody) {
    GeminiReading reading = new GeminiReading();
    if (!reading.read(upstreamBody, 0, upstreamBody.length)) {
      return new WholeAnswer(
          false, Optional.empty(), Optional.empty(), upstreamBody.length, usage -> upstreamBody);
    }
    return new WholeAnswer(
        !reading.error(),
        reading.usage().measured(),
        reading.finishReason(),
        reading.contentBytes(),
        usage -> upstreamBody);
  }

  @Override
  public Refusal upstreamRefusal(int status, byte[] upstreamBody, OptionalInt retryAfterSeconds) {
    return UpstreamRefusals.of(status, upstreamBody, retryAfterSeconds);
  }

  @Override
  public List<String> warnings() {
    return request.scan().storeAt().isPresent() ? List.of("clamped:store") : List.of();
  }
}

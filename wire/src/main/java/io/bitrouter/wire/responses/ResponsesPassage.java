package io.bitrouter.wire.responses;

import io.bitrouter.core.exchange.AskedRequest;
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
 * A Responses request to an upstream that speaks the protocol too.
 *
 * @param body the client's, with what had to be replaced
 */
record ResponsesPassage(AskedRequest asked, byte[] body, List<String> warnings) implements Passage {

  static final String PATH = "/responses";

  private static final String BETA = "openai-beta";

  @Override
  public String path() {
    return PATH;
  }

  /** {@code OpenAI-Beta} alone: the rest is about accounts and clients. */
  @Override
  public List<HeaderField> headers(HeaderFields client) {
    return client.first(BETA).map(value -> new HeaderField(BETA, value)).stream().toList();
  }

  @Override
  public boolean streamed() {
    return asked.streamed();
  }

  @Override
  public String streamType() {
    return "text/event-stream";
  }

  /** The protocol has no place for a cost that clients ask for, so nothing is priced. */
  @Override
  public StreamTap tap(ToLongFunction<MeasuredUsage> costNanos) {
    return new ResponsesTap(asked.model());
  }

  @Override
  public WholeAnswer whole(byte[] upstreamBody) {
    ResponsesReading reading = new ResponsesReading();
    if (!reading.answer(upstreamBody)) {
      return new WholeAnswer(
          false, Optional.empty(), Optional.empty(), upstreamBody.length, used -> upstreamBody);
    }
    return new WholeAnswer(
        reading.errorAt().isEmpty() && reading.ended(),
        reading.usage().flatMap(ResponsesUsage::measured),
        reading.finishReason(),
        reading.contentBytes(),
        reading.objects().names(),
        used -> upstreamBody);
  }

  @Override
  public Refusal upstreamRefusal(int status, byte[] refusal, OptionalInt retryAfterSeconds) {
    return UpstreamRefusals.of(status, refusal, retryAfterSeconds);
  }
}

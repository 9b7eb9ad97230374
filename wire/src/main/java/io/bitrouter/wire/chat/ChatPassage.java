package io.bitrouter.wire.chat;

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
 * A chat request to an upstream that speaks the protocol too.
 *
 * @param usageAsked whether the client asked for usage on its stream
 * @param body the client's, with what had to be replaced
 */
record ChatPassage(AskedRequest asked, boolean usageAsked, byte[] body, List<String> warnings)
    implements Passage {

  static final String PATH = "/chat/completions";

  private static final String BETA = "openai-beta";

  @Override
  public String path() {
    return PATH;
  }

  /**
   * {@code OpenAI-Beta} alone. Organisation and project name the account, an idempotency key would
   * be shared between namespaces on one account, and the rest describes the client.
   */
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

  @Override
  public StreamTap tap(ToLongFunction<MeasuredUsage> costNanos) {
    return new ChatTap(asked, usageAsked, costNanos);
  }

  @Override
  public WholeAnswer whole(byte[] upstreamBody) {
    ChatReading reading = new ChatReading();
    if (!reading.read(upstreamBody, 0, upstreamBody.length)) {
      return new WholeAnswer(
          false, Optional.empty(), Optional.empty(), upstreamBody.length, used -> upstreamBody);
    }
    return new WholeAnswer(
        !reading.error(),
        reading.anyUsage().flatMap(ChatUsage::measured),
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

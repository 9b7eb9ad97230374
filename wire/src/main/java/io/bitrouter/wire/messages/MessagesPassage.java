package io.bitrouter.wire.messages;

import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.gateway.HeaderField;
import io.bitrouter.core.gateway.HeaderFields;
import io.bitrouter.core.gateway.Passage;
import io.bitrouter.core.gateway.StreamTap;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.wire.error.UpstreamRefusals;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.ToLongFunction;

/**
 * The client's bytes on their way to an upstream of the same protocol, and its bytes back.
 *
 * @param model the model as asked
 */
record MessagesPassage(byte[] body, String model, boolean streamed) implements Passage {

  @Override
  public String path() {
    return MessagesDialect.PATH;
  }

  @Override
  public List<HeaderField> headers(HeaderFields client) {
    return fields(client);
  }

  /** The version and the betas, which change what the body means; nothing about the client. */
  static List<HeaderField> fields(HeaderFields client) {
    List<HeaderField> fields = new ArrayList<>();
    fields.add(
        new HeaderField(
            MessagesDialect.VERSION_HEADER,
            client.first(MessagesDialect.VERSION_HEADER).orElse(MessagesDialect.VERSION)));
    for (String beta : client.all("anthropic-beta")) {
      fields.add(new HeaderField("anthropic-beta", beta));
    }
    return fields;
  }

  @Override
  public String streamType() {
    return "text/event-stream";
  }

  /** The protocol has no place for a cost that clients ask for, so nothing is priced. */
  @Override
  public StreamTap tap(ToLongFunction<MeasuredUsage> costNanos) {
    return new MessagesTap(model);
  }

  @Override
  public WholeAnswer whole(byte[] upstreamBody) {
    MessagesReading reading = new MessagesReading();
    if (!reading.read(upstreamBody, 0, upstreamBody.length)) {
      return new WholeAnswer(
          false, Optional.empty(), Optional.empty(), upstreamBody.length, usage -> upstreamBody);
    }
    return new WholeAnswer(
        !reading.error(),
        reading.usage().measured(true),
        reading.stopReason(),
        reading.contentBytes(),
        reading.objects().names(),
        usage -> upstreamBody);
  }

  @Override
  public Refusal upstreamRefusal(int status, byte[] upstreamBody, OptionalInt retryAfterSeconds) {
    return UpstreamRefusals.of(status, upstreamBody, retryAfterSeconds);
  }

  @Override
  public List<String> warnings() {
    return List.of();
  }
}

package io.bitrouter.wire.messages;

import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.gateway.DecodedRequest;
import io.bitrouter.core.gateway.StreamTap;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.json.RequestScan;
import io.bitrouter.wire.json.Splices;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;

/** A messages request: the client's bytes and where the gateway's members stand in them. */
record MessagesRequest(byte[] body, RequestScan scan) implements DecodedRequest {

  @Override
  public String model() {
    return scan.model();
  }

  @Override
  public boolean streamed() {
    return scan.stream();
  }

  @Override
  public OptionalLong declaredOutput() {
    return scan.maxTokens();
  }

  @Override
  public int choices() {
    return 1;
  }

  @Override
  public Optional<String> toolsSha256() {
    return scan.tools().map(at -> at.sha256(body));
  }

  @Override
  public byte[] forUpstream(String upstreamModel) {
    if (upstreamModel.equals(scan.model())) {
      return body;
    }
    return new Splices().replace(scan.modelAt(), Json.quoted(upstreamModel)).applyTo(body);
  }

  /** The protocol has no place for a cost that clients ask for, so nothing is priced. */
  @Override
  public StreamTap tap(ToLongFunction<MeasuredUsage> costNanos) {
    return new MessagesTap();
  }

  @Override
  public ReplyReport report(byte[] upstreamBody) {
    MessagesReading reading = new MessagesReading();
    if (!reading.read(upstreamBody, 0, upstreamBody.length)) {
      return new ReplyReport(false, Optional.empty(), Optional.empty(), upstreamBody.length);
    }
    return new ReplyReport(
        !reading.error(),
        reading.usage().measured(true),
        reading.stopReason(),
        reading.contentBytes());
  }
}

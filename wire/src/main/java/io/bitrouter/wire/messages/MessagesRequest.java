package io.bitrouter.wire.messages;

import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.gateway.DecodedRequest;
import io.bitrouter.core.gateway.StreamTap;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.json.RequestScan;
import io.bitrouter.wire.json.RequestScan.OutputLimit;
import io.bitrouter.wire.json.Splices;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;

/** A messages request: the client's bytes and where the gateway's members stand in them. */
record MessagesRequest(byte[] body, RequestScan scan, AskedRequest asked)
    implements DecodedRequest {

  static MessagesRequest of(byte[] body, RequestScan scan) {
    return new MessagesRequest(
        body,
        scan,
        new AskedRequest(
            scan.model(),
            scan.stream(),
            scan.maxTokens().map(OutputLimit::tokens).orElse(OptionalLong.empty()),
            1,
            body.length,
            scan.content().modalities(),
            scan.content().tools(),
            scan.content().mediaParts(),
            scan.content().mediaBytes(),
            scan.content().cacheWrites(),
            scan.content().elsewhere()));
  }

  @Override
  public Optional<String> toolsSha256() {
    return scan.tools().map(at -> at.sha256(body));
  }

  @Override
  public byte[] forUpstream(String upstreamModel, OptionalLong outputCap) {
    boolean sameModel = upstreamModel.equals(scan.model());
    boolean capped = outputCap.isPresent() && declaredOutput().isEmpty();
    if (sameModel && !capped) {
      return body;
    }
    Splices splices = new Splices();
    if (!sameModel) {
      splices.replace(scan.modelAt(), Json.quoted(upstreamModel));
    }
    if (capped) {
      splices.member(
          scan.membersAt(),
          scan.maxTokens().map(OutputLimit::at),
          "max_tokens",
          Long.toString(outputCap.getAsLong()));
    }
    return splices.applyTo(body);
  }

  /** The protocol has no place for a cost that clients ask for, so nothing is priced. */
  @Override
  public StreamTap tap(ToLongFunction<MeasuredUsage> costNanos) {
    return new MessagesTap(scan.model());
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

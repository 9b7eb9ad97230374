package io.bitrouter.wire.chat;

import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.gateway.DecodedRequest;
import io.bitrouter.core.gateway.StreamTap;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.json.RequestScan;
import io.bitrouter.wire.json.RequestScan.StreamOptions;
import io.bitrouter.wire.json.Span;
import io.bitrouter.wire.json.Splices;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;

/** A chat request: the client's bytes and where the gateway's members stand in them. */
record ChatRequest(byte[] body, RequestScan scan) implements DecodedRequest {

  private static final String ASK = "\"include_usage\":true";

  @Override
  public String model() {
    return scan.model();
  }

  @Override
  public boolean streamed() {
    return scan.stream();
  }

  /** The larger one when both members are there: upstreams differ in which one they obey. */
  @Override
  public OptionalLong declaredOutput() {
    long larger = Math.max(scan.maxTokens().orElse(-1), scan.maxCompletionTokens().orElse(-1));
    return larger < 0 ? OptionalLong.empty() : OptionalLong.of(larger);
  }

  @Override
  public int choices() {
    return scan.choices();
  }

  @Override
  public Optional<String> toolsSha256() {
    return scan.tools().map(at -> at.sha256(body));
  }

  @Override
  public byte[] forUpstream(String upstreamModel) {
    Splices splices = new Splices();
    if (!upstreamModel.equals(scan.model())) {
      splices.replace(scan.modelAt(), Json.quoted(upstreamModel));
    }
    if (scan.stream() && !usageAsked()) {
      askForUsage(splices);
    }
    return splices.applyTo(body);
  }

  @Override
  public StreamTap tap(ToLongFunction<MeasuredUsage> costNanos) {
    return new ChatTap(usageAsked(), costNanos);
  }

  @Override
  public ReplyReport report(byte[] upstreamBody) {
    ChatReading reading = new ChatReading();
    if (!reading.read(upstreamBody, 0, upstreamBody.length)) {
      return new ReplyReport(false, Optional.empty(), Optional.empty(), upstreamBody.length);
    }
    return new ReplyReport(
        !reading.error(),
        reading.anyUsage().flatMap(ChatUsage::measured),
        reading.finishReason(),
        reading.contentBytes());
  }

  private boolean usageAsked() {
    return scan.streamOptions().filter(StreamOptions::includeUsage).isPresent();
  }

  private void askForUsage(Splices splices) {
    if (scan.streamOptions().isEmpty()) {
      insert(splices, scan.membersAt(), "\"stream_options\":{" + ASK + "},");
      return;
    }
    StreamOptions options = scan.streamOptions().get();
    if (!options.present()) {
      splices.replace(options.at(), ascii("{" + ASK + "}"));
    } else if (options.includeUsageAt().isPresent()) {
      splices.replace(options.includeUsageAt().get(), ascii("true"));
    } else {
      insert(splices, options.at().start() + 1, options.empty() ? ASK : ASK + ",");
    }
  }

  private static void insert(Splices splices, int at, String text) {
    splices.replace(new Span(at, at), ascii(text));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}

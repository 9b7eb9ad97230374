package io.bitrouter.wire.chat;

import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.gateway.DecodedRequest;
import io.bitrouter.core.gateway.StreamTap;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.json.RequestScan;
import io.bitrouter.wire.json.RequestScan.OutputLimit;
import io.bitrouter.wire.json.RequestScan.StreamOptions;
import io.bitrouter.wire.json.Span;
import io.bitrouter.wire.json.Splices;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;

/** A chat request: the client's bytes and where the gateway's members stand in them. */
record ChatRequest(byte[] body, RequestScan scan, AskedRequest asked) implements DecodedRequest {

  private static final String ASK = "\"include_usage\":true";

  /** Models of OpenAI that refuse {@code max_tokens}: {@code o3-mini}, {@code gpt-5.1}. */
  private static final Pattern NEWER_MEMBER_ONLY = Pattern.compile("(.*/)?(o[1-9]|gpt-[5-9])[^/]*");

  static ChatRequest of(byte[] body, RequestScan scan) {
    return new ChatRequest(body, scan, asked(body.length, scan));
  }

  /** The larger limit counts when both members are there: upstreams differ in which they obey. */
  private static AskedRequest asked(int bytes, RequestScan scan) {
    long larger = Math.max(tokens(scan.maxTokens()), tokens(scan.maxCompletionTokens()));
    return new AskedRequest(
        scan.model(),
        scan.stream(),
        larger < 0 ? OptionalLong.empty() : OptionalLong.of(larger),
        scan.choices(),
        bytes,
        scan.content().modalities(),
        scan.content().tools(),
        scan.content().mediaParts(),
        scan.content().mediaBytes(),
        scan.content().cacheWrites(),
        scan.content().elsewhere());
  }

  private static long tokens(Optional<OutputLimit> limit) {
    return limit.map(OutputLimit::tokens).orElse(OptionalLong.empty()).orElse(-1);
  }

  @Override
  public Optional<String> toolsSha256() {
    return scan.tools().map(at -> at.sha256(body));
  }

  /**
   * {@inheritDoc}
   *
   * <p>The cap goes into {@code max_tokens}, which every compatible upstream understands (one that
   * does not know {@code max_completion_tokens} would ignore it, and the cap with it), unless the
   * body has {@code max_completion_tokens}, as null, or the upstream's model is one of OpenAI's
   * that take no other. Both at once are refused by OpenAI.
   */
  @Override
  public byte[] forUpstream(String upstreamModel, OptionalLong outputCap) {
    Splices splices = new Splices();
    if (!upstreamModel.equals(scan.model())) {
      splices.replace(scan.modelAt(), Json.quoted(upstreamModel));
    }
    if (scan.stream() && !usageAsked()) {
      askForUsage(splices);
    }
    if (outputCap.isPresent() && declaredOutput().isEmpty()) {
      cap(splices, upstreamModel, Long.toString(outputCap.getAsLong()));
    }
    return splices.applyTo(body);
  }

  private void cap(Splices splices, String upstreamModel, String tokens) {
    if (scan.maxCompletionTokens().isPresent()
        || NEWER_MEMBER_ONLY.matcher(upstreamModel).matches()) {
      Optional<Span> at = scan.maxCompletionTokens().map(OutputLimit::at);
      splices.member(scan.membersAt(), at, "max_completion_tokens", tokens);
    } else {
      splices.member(scan.membersAt(), scan.maxTokens().map(OutputLimit::at), "max_tokens", tokens);
    }
  }

  @Override
  public StreamTap tap(ToLongFunction<MeasuredUsage> costNanos) {
    return new ChatTap(asked, usageAsked(), costNanos);
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
    if (scan.streamOptions().filter(StreamOptions::present).isEmpty()) {
      Optional<Span> at = scan.streamOptions().map(StreamOptions::at);
      splices.member(scan.membersAt(), at, "stream_options", "{" + ASK + "}");
      return;
    }
    StreamOptions options = scan.streamOptions().get();
    if (options.includeUsageAt().isPresent()) {
      splices.replace(options.includeUsageAt().get(), ascii("true"));
    } else {
      splices.insert(options.at().start() + 1, ascii(options.empty() ? ASK : ASK + ","));
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}

package io.bitrouter.wire.chat;

import io.bitrouter.core.catalog.Target;
import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.gateway.DecodedRequest;
import io.bitrouter.core.gateway.OnBehalf;
import io.bitrouter.core.gateway.Passage;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.wire.json.RequestScan;
import io.bitrouter.wire.json.RequestScan.OutputLimit;
import io.bitrouter.wire.json.RequestScan.StreamOptions;
import io.bitrouter.wire.json.Span;
import io.bitrouter.wire.json.Splices;
import io.bitrouter.wire.translate.Translator;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A chat request: the client's bytes and where the gateway's members stand in them. */
record ChatRequest(byte[] body, RequestScan scan, AskedRequest asked, Translator translator)
    implements DecodedRequest {

  private static final String ASK = "\"include_usage\":true";

  /** The larger limit counts when both members are there: upstreams differ in which they obey. */
  static ChatRequest of(byte[] body, RequestScan scan, Translator translator) {
    long larger = Math.max(tokens(scan.maxTokens()), tokens(scan.maxCompletionTokens()));
    OptionalLong declared = larger < 0 ? OptionalLong.empty() : OptionalLong.of(larger);
    return new ChatRequest(body, scan, scan.asked(body.length, declared), translator);
  }

  private static long tokens(Optional<OutputLimit> limit) {
    return limit.map(OutputLimit::tokens).orElse(OptionalLong.empty()).orElse(-1);
  }

  @Override
  public Optional<String> toolsSha256() {
    return scan.tools().map(at -> at.sha256(body));
  }

  @Override
  public Outcome<Passage> toward(Target target, OptionalLong outputCap, OnBehalf onBehalf) {
    if (target.protocol() == Protocol.CHAT) {
      byte[] sent = spliced(target.model().upstreamModel(), outputCap, onBehalf);
      List<String> warnings = scan.storeAsked() ? List.of("clamped:store") : List.of();
      return Outcome.done(new ChatPassage(asked, usageAsked(), sent, warnings));
    }
    return translator.translate(
        new ChatClientCodec(usageAsked()),
        body,
        new Translator.Asked(asked, outputCap),
        target,
        onBehalf);
  }

  /**
   * The body for an upstream that speaks the protocol.
   *
   * <p>The cap goes into {@code max_tokens}, which every compatible upstream understands (one that
   * does not know {@code max_completion_tokens} would ignore it, and the cap with it), unless the
   * body has {@code max_completion_tokens}, as null, or the upstream's model is one of OpenAI's
   * that take no other. Both at once are refused by OpenAI.
   */
  private byte[] spliced(String upstreamModel, OptionalLong outputCap, OnBehalf onBehalf) {
    Splices splices = scan.splices(upstreamModel, onBehalf.pseudonym());
    if (scan.stream() && !usageAsked()) {
      askForUsage(splices);
    }
    if (outputCap.isPresent() && asked.declaredOutput().isEmpty()) {
      cap(splices, upstreamModel, Long.toString(outputCap.getAsLong()));
    }
    return splices.applyTo(body);
  }

  private void cap(Splices splices, String upstreamModel, String tokens) {
    if (scan.maxCompletionTokens().isPresent() || OutputMember.isNewer(upstreamModel)) {
      Optional<Span> at = scan.maxCompletionTokens().map(OutputLimit::at);
      splices.member(scan.membersAt(), at, OutputMember.NEWER, tokens);
    } else {
      splices.member(
          scan.membersAt(), scan.maxTokens().map(OutputLimit::at), OutputMember.OLDER, tokens);
    }
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

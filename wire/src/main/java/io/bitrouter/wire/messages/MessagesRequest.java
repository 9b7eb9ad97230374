package io.bitrouter.wire.messages;

import io.bitrouter.core.catalog.Target;
import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.gateway.DecodedRequest;
import io.bitrouter.core.gateway.OnBehalf;
import io.bitrouter.core.gateway.Passage;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.wire.json.RequestScan;
import io.bitrouter.wire.json.RequestScan.OutputLimit;
import io.bitrouter.wire.json.Splices;
import io.bitrouter.wire.translate.Translator;
import java.util.Optional;
import java.util.OptionalLong;

/** A messages request: the client's bytes and where the gateway's members stand in them. */
record MessagesRequest(Translator translator, byte[] body, RequestScan scan, AskedRequest asked)
    implements DecodedRequest {

  MessagesRequest(Translator translator, byte[] body, RequestScan scan) {
    this(
        translator,
        body,
        scan,
        scan.asked(
            body.length, scan.maxTokens().map(OutputLimit::tokens).orElse(OptionalLong.empty())));
  }

  @Override
  public Optional<String> toolsSha256() {
    return scan.tools().map(at -> at.sha256(body));
  }

  @Override
  public Outcome<Passage> toward(Target target, OptionalLong outputCap, OnBehalf onBehalf) {
    if (target.protocol() != Protocol.MESSAGES) {
      return translator.translate(
          new MessagesClientCodec(),
          body,
          new Translator.Asked(asked, outputCap),
          target,
          onBehalf);
    }
    Splices splices = scan.splices(target.model().upstreamModel(), onBehalf.pseudonym());
    UnsignedThoughts.in(body).forEach(splices::remove);
    if (outputCap.isPresent() && asked.declaredOutput().isEmpty()) {
      splices.member(
          scan.membersAt(),
          scan.maxTokens().map(OutputLimit::at),
          "max_tokens",
          Long.toString(outputCap.getAsLong()));
    }
    return Outcome.done(new MessagesPassage(splices.applyTo(body), scan.model(), scan.stream()));
  }
}

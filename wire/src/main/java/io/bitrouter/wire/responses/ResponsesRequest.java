package io.bitrouter.wire.responses;

import io.bitrouter.core.catalog.Target;
import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.gateway.DecodedRequest;
import io.bitrouter.core.gateway.OnBehalf;
import io.bitrouter.core.gateway.Passage;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.wire.json.RequestScan.OutputLimit;
import io.bitrouter.wire.json.RequestScan.Store;
import io.bitrouter.wire.json.ResponsesScan;
import io.bitrouter.wire.json.Splices;
import io.bitrouter.wire.translate.Translator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A Responses request: the client's bytes and where the gateway's members stand in them. */
record ResponsesRequest(byte[] body, ResponsesScan scan, AskedRequest asked, Translator translator)
    implements DecodedRequest {

  /** What a provider is asked for, so that its thoughts can be sent again without being stored. */
  static final String SEALED_THOUGHTS = "reasoning.encrypted_content";

  @Override
  public Optional<String> toolsSha256() {
    return scan.request().tools().map(at -> at.sha256(body));
  }

  @Override
  public Outcome<Passage> toward(Target target, OptionalLong outputCap, OnBehalf onBehalf) {
    if (target.protocol() == Protocol.RESPONSES) {
      List<String> warnings = scan.request().storeAsked() ? List.of("clamped:store") : List.of();
      return Outcome.done(
          new ResponsesPassage(asked, spliced(target, outputCap, onBehalf), warnings));
    }
    return translator.translate(
        new ResponsesClientCodec(), body, new Translator.Asked(asked, outputCap), target, onBehalf);
  }

  /**
   * The body for an upstream that speaks the protocol. A client that leaves the storing to the
   * provider gets the model's thoughts in their sealed form instead, without which it could not go
   * on after a call of a tool; one that says what it wants included has thought of that.
   */
  private byte[] spliced(Target target, OptionalLong outputCap, OnBehalf onBehalf) {
    int membersAt = scan.request().membersAt();
    Splices splices = scan.request().splices(target.model().upstreamModel(), onBehalf.pseudonym());
    if (scan.stored()) {
      if (!scan.request().storeAsked()) {
        splices.member(membersAt, scan.request().store().map(Store::at), "store", "false");
      }
      if (target.model().hiddenReasoning() && !scan.includes()) {
        splices.member(membersAt, scan.includeAt(), "include", "[\"" + SEALED_THOUGHTS + "\"]");
      }
    }
    if (outputCap.isPresent() && asked.declaredOutput().isEmpty()) {
      splices.member(
          membersAt,
          scan.maxOutput().map(OutputLimit::at),
          "max_output_tokens",
          Long.toString(outputCap.getAsLong()));
    }
    return splices.applyTo(body);
  }
}

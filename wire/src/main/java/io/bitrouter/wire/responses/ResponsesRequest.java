package io.bitrouter.wire.responses;

import io.bitrouter.core.catalog.Target;
import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.gateway.DecodedRequest;
import io.bitrouter.core.gateway.OnBehalf;
import io.bitrouter.core.gateway.Passage;
import io.bitrouter.core.gateway.StoredTurn;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.wire.json.RequestScan.OutputLimit;
import io.bitrouter.wire.json.RequestScan.Store;
import io.bitrouter.wire.json.ResponsesScan;
import io.bitrouter.wire.json.ResponsesScanner;
import io.bitrouter.wire.json.Splices;
import io.bitrouter.wire.translate.Translator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * A Responses request: the client's bytes and where the gateway's members stand in them.
 *
 * @param storing what it has to do with stored answers
 */
record ResponsesRequest(
    byte[] body,
    ResponsesScan scan,
    AskedRequest asked,
    Translator translator,
    ResponsesStored storing)
    implements DecodedRequest {

  ResponsesRequest(byte[] body, ResponsesScan scan, Translator translator) {
    this(body, scan, scan.asked(body.length), translator, ResponsesStored.NOTHING);
  }

  /** What a provider is asked for, so that its thoughts can be sent again without being stored. */
  static final String SEALED_THOUGHTS = "reasoning.encrypted_content";

  @Override
  public Optional<String> toolsSha256() {
    return scan.request().tools().map(at -> at.sha256(body));
  }

  @Override
  public Outcome<DecodedRequest> storing(Function<String, Outcome<Optional<StoredTurn>>> earlier) {
    return scan.previous()
        .map(named ->
            earlier
                .apply(named.id())
                .then(found ->
                    found.isPresent()
                        ? after(found.get(), named)
                        : Outcome.<DecodedRequest>done(where(body, scan, Optional.empty()))))
        .orElseGet(() -> Outcome.done(where(body, scan, Optional.empty())));
  }

  private Outcome<DecodedRequest> after(StoredTurn before, ResponsesScan.Previous named) {
    byte[] whole = ResponsesStored.continued(body, scan, named, before);
    return ResponsesScanner.scan(whole).map(again -> where(whole, again, Optional.of(before.id())));
  }

  /** The request with this body where answers are stored. */
  private ResponsesRequest where(byte[] whole, ResponsesScan read, Optional<String> previous) {
    return new ResponsesRequest(
        whole,
        read,
        read.asked(whole.length),
        translator,
        new ResponsesStored(ResponsesStored.keeps(whole, read), previous));
  }

  @Override
  public Optional<StoredTurn> stored(byte[] end) {
    return storing.kept()
        ? storing.turn(end, asked.streamed(), ResponsesStored.items(body, scan))
        : Optional.empty();
  }

  @Override
  public Outcome<Passage> toward(Target target, OptionalLong outputCap, OnBehalf onBehalf) {
    if (target.protocol() == Protocol.RESPONSES) {
      List<String> warnings =
          scan.request().storeAsked() && !storing.kept() ? List.of("clamped:store") : List.of();
      return Outcome.done(
          new ResponsesPassage(asked, spliced(target, outputCap, onBehalf), warnings));
    }
    return translator.translate(
        new ResponsesClientCodec(storing),
        body,
        new Translator.Asked(asked, outputCap),
        target,
        onBehalf);
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

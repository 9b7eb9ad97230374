package io.bitrouter.wire.gemini;

import io.bitrouter.core.catalog.Target;
import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.gateway.DecodedRequest;
import io.bitrouter.core.gateway.OnBehalf;
import io.bitrouter.core.gateway.Passage;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.wire.json.GeminiScan;
import io.bitrouter.wire.translate.Translator;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A Gemini request: the client's bytes and where the gateway's members stand in them.
 *
 * @param jsonArray whether a stream is to be one JSON array, not events
 */
record GeminiRequest(
    byte[] body, GeminiScan scan, AskedRequest asked, boolean jsonArray, Translator translator)
    implements DecodedRequest {

  @Override
  public Optional<String> toolsSha256() {
    return scan.tools().map(at -> at.sha256(body));
  }

  @Override
  public Outcome<Passage> toward(Target target, OptionalLong outputCap, OnBehalf onBehalf) {
    if (target.protocol() == Protocol.GEMINI) {
      String path =
          GeminiPaths.call(
              target.model().upstreamModel(),
              asked.streamed() ? GeminiPaths.STREAM : GeminiPaths.WHOLE);
      return Outcome.done(new GeminiPassage(this, path, scan.sent(body, outputCap)));
    }
    return translator.translate(
        new GeminiClientCodec(jsonArray),
        body,
        new Translator.Asked(asked, outputCap),
        target,
        onBehalf);
  }
}

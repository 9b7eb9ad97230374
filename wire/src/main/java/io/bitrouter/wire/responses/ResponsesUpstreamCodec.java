package io.bitrouter.wire.responses;

import io.bitrouter.core.catalog.Model;
import io.bitrouter.core.exchange.InferenceRequest;
import io.bitrouter.core.gateway.HeaderField;
import io.bitrouter.wire.translate.Notes;
import io.bitrouter.wire.translate.ReplyReader;
import io.bitrouter.wire.translate.UpstreamCodec;
import java.util.List;

/** How upstreams of OpenAI Responses are talked to: nothing is stored there. */
public final class ResponsesUpstreamCodec implements UpstreamCodec {

  /** The codec; has no state. */
  public ResponsesUpstreamCodec() {}

  @Override
  public String path(Model model) {
    return ResponsesPassage.PATH;
  }

  @Override
  public List<HeaderField> headers() {
    return List.of();
  }

  @Override
  public byte[] write(InferenceRequest request, Model model, Notes notes) {
    return new ResponsesRequestWriter(request, model, notes).write();
  }

  @Override
  public ReplyReader reader(String callIdPrefix) {
    return new ResponsesReplyReader(callIdPrefix);
  }
}

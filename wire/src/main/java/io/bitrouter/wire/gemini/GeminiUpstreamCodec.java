package io.bitrouter.wire.gemini;

import io.bitrouter.core.catalog.Model;
import io.bitrouter.core.exchange.InferenceRequest;
import io.bitrouter.core.gateway.HeaderField;
import io.bitrouter.wire.translate.NameRule;
import io.bitrouter.wire.translate.Notes;
import io.bitrouter.wire.translate.ReplyReader;
import io.bitrouter.wire.translate.UpstreamCodec;
import java.util.List;

/** How upstreams of Gemini are talked to. Stateless and thread-safe. */
public final class GeminiUpstreamCodec implements UpstreamCodec {

  private static final NameRule TOOL_NAMES = new NameRule(".-", 64, true);

  /** The codec; has no state. */
  public GeminiUpstreamCodec() {}

  @Override
  public String path(Model model) {
    return GeminiPaths.call(model.upstreamModel(), GeminiPaths.STREAM);
  }

  @Override
  public List<HeaderField> headers() {
    return List.of();
  }

  @Override
  public NameRule toolNames() {
    return TOOL_NAMES;
  }

  @Override
  public byte[] write(InferenceRequest request, Model model, Notes notes) {
    return new GeminiRequestWriter(request, model, notes).body();
  }

  @Override
  public ReplyReader reader(String callIdPrefix) {
    return new GeminiReplyReader(callIdPrefix);
  }
}

package io.bitrouter.wire.messages;

import io.bitrouter.core.catalog.Model;
import io.bitrouter.core.exchange.InferenceRequest;
import io.bitrouter.core.gateway.HeaderField;
import io.bitrouter.wire.translate.Notes;
import io.bitrouter.wire.translate.ReplyReader;
import io.bitrouter.wire.translate.UpstreamCodec;
import java.util.List;

/** How upstreams of Anthropic Messages are talked to. Stateless and thread-safe. */
public final class MessagesUpstreamCodec implements UpstreamCodec {

  /** The codec; has no state. */
  public MessagesUpstreamCodec() {}

  @Override
  public String path(Model model) {
    return MessagesDialect.PATH;
  }

  @Override
  public List<HeaderField> headers() {
    return List.of(new HeaderField(MessagesDialect.VERSION_HEADER, MessagesDialect.VERSION));
  }

  @Override
  public boolean takesSchemas(Model model) {
    return ClaudeModel.takesSchemas(model);
  }

  @Override
  public byte[] write(InferenceRequest request, Model model, Notes notes) {
    return new MessagesRequestWriter(request, model, notes).body();
  }

  @Override
  public ReplyReader reader(String callIdPrefix) {
    return new MessagesReplyReader(callIdPrefix);
  }
}

package io.bitrouter.wire;

import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.gateway.Dialect;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RequestId;

/**
 * What a protocol has beside inference, with answers that are never streams: counts of tokens,
 * embeddings. Errors are those of the protocol.
 */
public abstract class WholeDialect implements Dialect {

  private final Dialect inference;

  /** Beside {@code inference}. */
  protected WholeDialect(Dialect inference) {
    this.inference = inference;
  }

  @Override
  public final Protocol protocol() {
    return inference.protocol();
  }

  @Override
  public final RenderedRefusal render(Refusal refusal, RequestId requestId) {
    return inference.render(refusal, requestId);
  }

  @Override
  public final byte[] renderInStream(Refusal refusal, RequestId requestId) {
    return inference.renderInStream(refusal, requestId);
  }

  @Override
  public final byte[] comment(String text) {
    return inference.comment(text);
  }

  @Override
  public final byte[] keepAlive() {
    return inference.keepAlive();
  }
}

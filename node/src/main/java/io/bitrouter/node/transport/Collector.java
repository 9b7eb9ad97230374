package io.bitrouter.node.transport;

import io.bitrouter.core.gateway.Upstream.Collected;
import io.bitrouter.core.gateway.Upstream.UpstreamFailure;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/** Collects an answer into one array, up to a bound. */
final class Collector implements BodyConsumer {
  private static final int FIRST_BYTES = 8 << 10;

  private final UpstreamCall call;
  private final int limit;
  private final CompletableFuture<Collected> result = new CompletableFuture<>();
  private byte[] bytes = new byte[0];
  private int size;
  private long received;

  Collector(UpstreamCall call, int limit) {
    this.call = call;
    this.limit = limit;
  }

  CompletableFuture<Collected> result() {
    return result;
  }

  @Override
  public void data(ByteBuf content) {
    try {
      int more = content.readableBytes();
      received += more;
      if (result.isDone()) {
        return;
      }
      if (more > limit - size) {
        call.cancel(UpstreamFailure.INVALID);
        failed(UpstreamFailure.INVALID);
        return;
      }
      if (size + more > bytes.length) {
        int room = size == 0 ? more : Math.max(FIRST_BYTES, 2 * bytes.length);
        bytes = Arrays.copyOf(bytes, Math.max(size + more, Math.min(room, limit)));
      }
      content.readBytes(bytes, size, more);
      size += more;
    } finally {
      content.release();
    }
  }

  @Override
  public void readComplete() {}

  @Override
  public void end() {
    result.complete(new Collected.Whole(size == bytes.length ? bytes : Arrays.copyOf(bytes, size)));
  }

  @Override
  public void failed(UpstreamFailure failure) {
    bytes = new byte[0];
    result.complete(new Collected.Failed(failure, received));
  }

  @Override
  public boolean clientGone() {
    return true;
  }
}

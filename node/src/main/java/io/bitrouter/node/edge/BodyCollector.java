package io.bitrouter.node.edge;

import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/**
 * Collects a body on the event loop for the thread that waits for it. Grows with what arrives, not
 * with what was announced.
 */
final class BodyCollector {
  private static final int FIRST_BYTES = 16 << 10;

  private final int limit;
  private final MemoryBudget budget;
  private final CompletableFuture<Outcome<byte[]>> result = new CompletableFuture<>();
  private byte[] bytes;
  private int size;
  private volatile long charged;

  /**
   * A collector of at most {@code limit} bytes.
   *
   * @param expected bytes announced, or {@link RequestHead#CHUNKED}
   */
  BodyCollector(int limit, long expected, MemoryBudget budget) {
    this.limit = limit;
    this.budget = budget;
    this.bytes = new byte[expected < 0 ? FIRST_BYTES : (int) Math.min(expected, FIRST_BYTES)];
  }

  /** Refusal of a body that is too large. */
  static Refusal tooLarge(int limit) {
    return Refusal.of(
            RefusalCode.REQUEST_TOO_LARGE,
            "the request body is larger than limits.body_bytes (" + limit + " bytes)")
        .withHint("send a smaller body, or raise limits.body_bytes");
  }

  /** Refusal of a body, or of what goes with it, for which there is no memory now. */
  static Refusal noMemory() {
    return Refusal.of(
            RefusalCode.NODE_OVERLOADED,
            "the node holds as much of requests as limits.buffered_bytes allows")
        .withRetryAfter(1);
  }

  /** Takes the next bytes; false once the body has been refused. */
  boolean add(ByteBuf content) {
    int more = content.readableBytes();
    if (result.isDone()) {
      return false;
    }
    if (more > limit - size) {
      return fail(tooLarge(limit));
    }
    if (!budget.take(more)) {
      return fail(noMemory());
    }
    // Written on the event loop alone, read elsewhere.
    long chargedNow = charged + more;
    charged = chargedNow;
    if (size + more > bytes.length) {
      int doubled = (int) Math.min(limit, 2L * bytes.length);
      bytes = Arrays.copyOf(bytes, Math.max(size + more, doubled));
    }
    content.readBytes(bytes, size, more);
    size += more;
    return true;
  }

  /** The body is complete. */
  void complete() {
    result.complete(Outcome.done(size == bytes.length ? bytes : Arrays.copyOf(bytes, size)));
  }

  /** The body is refused; always false. */
  boolean fail(Refusal refusal) {
    bytes = new byte[0];
    result.complete(Outcome.refused(refusal));
    return false;
  }

  /** Waits for the end of it. */
  Outcome<byte[]> await() {
    return result.join();
  }

  /** Bytes taken from the budget, to be given back when the request is over. */
  long charged() {
    return charged;
  }
}

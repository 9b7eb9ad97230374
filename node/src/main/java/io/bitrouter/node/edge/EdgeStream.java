package io.bitrouter.node.edge;

import io.bitrouter.core.gateway.ReplyStream;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The body of a streamed answer. The methods of {@link ReplyStream} belong to the request's thread;
 * the others, for {@code node.transport}, to the event loop.
 */
public final class EdgeStream implements ReplyStream {

  /** Bytes that may be on their way from the thread to the loop. */
  private static final int IN_TRANSIT_BYTES = 64 << 10;

  private final EdgeExchange exchange;
  private final EdgeConnection connection;
  private final AtomicInteger inTransit = new AtomicInteger();
  private volatile @Nullable Thread waiting;
  private boolean ended;
  private @Nullable Runnable writableListener;

  EdgeStream(EdgeExchange exchange, EdgeConnection connection) {
    this.exchange = exchange;
    this.connection = connection;
  }

  @Override
  public boolean write(byte[] bytes) {
    if (ended) {
      throw new IllegalStateException("the stream has ended");
    }
    if (!awaitRoom()) {
      return false;
    }
    if (bytes.length > 0) {
      inTransit.addAndGet(bytes.length);
      connection.run(() -> writeNow(bytes));
    }
    return !exchange.disconnected();
  }

  @Override
  public void end() {
    if (!ended) {
      ended = true;
      connection.run(() -> connection.endStream(exchange));
    }
  }

  @Override
  public void abort() {
    if (!ended) {
      ended = true;
      connection.run(() -> connection.breakStream(exchange));
    }
  }

  /** Whether the request's thread has ended it. */
  boolean ended() {
    return ended;
  }

  /** The request it answers. */
  public EdgeExchange exchange() {
    return exchange;
  }

  /** A buffer for about {@code capacity} bytes, to be filled and given to {@link #send}. */
  public ByteBuf newChunk(int capacity) {
    return connection.newChunk(capacity);
  }

  /** Sends a chunk without flushing, and releases it. */
  public void send(ByteBuf chunk) {
    connection.writeChunk(exchange, chunk);
  }

  /** Passes what was sent to the socket. */
  public void flush() {
    connection.flush();
  }

  /** Whether the client keeps up. */
  public boolean writable() {
    return connection.writable();
  }

  /** Runs {@code listener} whenever the client has caught up; there is one at a time. */
  public void onWritable(Runnable listener) {
    writableListener = listener;
  }

  /** Forgets the listener. */
  public void ignoreWritable() {
    writableListener = null;
  }

  /** Cuts the connection, so that the client sees that the answer is incomplete. */
  public void abortNow() {
    connection.abortStream(exchange);
  }

  /** On the event loop: the client has caught up, or gone. */
  void wake() {
    LockSupport.unpark(waiting);
    Runnable listener = writableListener;
    if (listener != null && connection.writable()) {
      listener.run();
    }
  }

  private void writeNow(byte[] bytes) {
    inTransit.addAndGet(-bytes.length);
    connection.writeChunk(exchange, newChunk(bytes.length).writeBytes(bytes));
    connection.flushSoon();
    LockSupport.unpark(waiting);
  }

  private boolean awaitRoom() {
    if (hasRoom()) {
      return !exchange.disconnected();
    }
    waiting = Thread.currentThread();
    try {
      // The stall watch of the connection bounds this: it closes what does not move.
      while (!exchange.disconnected() && !hasRoom()) {
        LockSupport.park(this);
      }
    } finally {
      waiting = null;
    }
    return !exchange.disconnected();
  }

  private boolean hasRoom() {
    return inTransit.get() < IN_TRANSIT_BYTES && connection.writable();
  }
}

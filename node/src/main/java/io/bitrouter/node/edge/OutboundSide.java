package io.bitrouter.node.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;

/**
 * The sending half of a connection: counts what it writes and cuts a client that reads nothing for
 * too long. Lives on the event loop.
 */
final class OutboundSide {

  /** After the last answer, how long the client may take to read it and close. */
  static final Duration LINGER = Duration.ofSeconds(2);

  /** How long a client may take to read an answer before it is broken off. */
  static final Duration TIME_TO_READ = Duration.ofMillis(250);

  /** After the last answer, how much more of an unread body is taken before the cut. */
  static final long LINGER_BYTES = 1 << 20;

  /** A body up to this size is copied behind its header block and sent in one piece. */
  static final int COPY_BYTES = 32 << 10;

  private final Channel channel;
  private final long stallNanos;
  private final LoopWatch stall;
  private boolean flushScheduled;
  private long written;
  private long writtenAtLook;
  private long pendingAtLook;

  OutboundSide(Channel channel, long stallNanos) {
    this.channel = channel;
    this.stallNanos = stallNanos;
    this.stall = new LoopWatch(channel.eventLoop(), this::look);
  }

  /** Writes without flushing. */
  void write(ByteBuf bytes) {
    written += bytes.readableBytes();
    channel.write(bytes, channel.voidPromise());
  }

  void flush() {
    channel.flush();
    watch();
  }

  /** Flushes after the tasks that already wait for the loop, so that they share one flush. */
  void flushSoon() {
    if (!flushScheduled) {
      flushScheduled = true;
      channel
          .eventLoop()
          .execute(() -> {
            flushScheduled = false;
            flush();
          });
    }
  }

  void flushAndClose() {
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    watch();
  }

  /** Ends the sending half alone: closing while input is unread would destroy the answer. */
  void flushAndHalfClose() {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(sent -> {
          if (tls != null) {
            tls.closeOutbound();
          } else if (channel instanceof SocketChannel socket) {
            socket.shutdownOutput();
          }
        });
    watch();
  }

  void close() {
    stall.close();
  }

  private void watch() {
    if (!stall.armed() && pending() > 0) {
      remember();
      stall.arm(stallNanos);
    }
  }

  private void look() {
    long pending = pending();
    if (pending == 0) {
      return;
    }
    if (written == writtenAtLook && pending >= pendingAtLook) {
      channel.close();
      return;
    }
    remember();
    stall.arm(stallNanos);
  }

  private void remember() {
    writtenAtLook = written;
    pendingAtLook = pending();
  }

  private long pending() {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    return buffer == null ? 0 : buffer.totalPendingWriteBytes();
  }
}

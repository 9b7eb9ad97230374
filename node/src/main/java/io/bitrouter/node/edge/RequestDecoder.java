package io.bitrouter.node.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Netty's strict request decoder, made stricter ({@link HeadCheck}) and made to wait: it stops
 * after each header block and after each body until {@link #proceed} is called, so that a body is
 * read when a handler wants it and pipelined requests are decoded one at a time. While it waits it
 * holds what has been read with the last bytes it decoded and at most one read more; then reading
 * stops.
 */
final class RequestDecoder extends HttpRequestDecoder {

  /** Longest request line; longer ones are answered 414. */
  static final int MAX_LINE = 16 << 10;

  /**
   * A body that came with its header block is decoded with it up to this size: it is here anyway.
   */
  private static final int AT_HAND_BYTES = 64 << 10;

  private final HeadCheck check = new HeadCheck();
  private int checked;
  private boolean inHead = true;
  private boolean waiting;
  private boolean discarding;
  private long discarded;
  private @Nullable ChannelHandlerContext self;

  RequestDecoder(int headerBytes) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(Math.min(MAX_LINE, headerBytes))
            .setMaxHeaderSize(headerBytes)
            .setMaxChunkSize(AT_HAND_BYTES)
            .setStrictLineParsing(true)
            .setUseRfc9112TransferEncoding(true));
  }

  /** Whether a header block has begun to arrive and is not complete. */
  boolean headBegun() {
    return inHead && !waiting && check.inside();
  }

  /** Whether it waits for {@link #proceed}. */
  boolean waiting() {
    return waiting;
  }

  /** Goes on with what has been received, and with reading. Not to be called while decoding. */
  void proceed() {
    ChannelHandlerContext ctx = self;
    if (ctx == null) {
      return;
    }
    waiting = false;
    if (actualReadableBytes() > 0) {
      try {
        channelRead(ctx, Unpooled.EMPTY_BUFFER);
      } catch (Exception e) {
        ctx.fireExceptionCaught(e);
      }
    }
    if (!waiting) {
      read(ctx);
    }
  }

  /** Interprets nothing any more; what comes is thrown away and counted. */
  void discard() {
    discarding = true;
    waiting = false;
    if (self != null) {
      read(self);
    }
  }

  /** Bytes thrown away since {@link #discard}. */
  long discarded() {
    return discarded;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    self = ctx;
    super.handlerAdded(ctx);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object input) throws Exception {
    boolean waited = waiting;
    super.channelRead(ctx, input);
    if (waited && waiting && actualReadableBytes() > 0) {
      ctx.channel().config().setAutoRead(false);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    if (waiting) {
      // The decoder of the superclass would ask for another read when it produced nothing.
      ctx.fireChannelReadComplete();
    } else {
      super.channelReadComplete(ctx);
    }
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    if (discarding) {
      discarded += in.readableBytes();
      in.skipBytes(in.readableBytes());
    } else if (waiting) {
      return;
    } else if (inHead) {
      decodeHead(ctx, in, out);
    } else {
      super.decode(ctx, in, out);
      if (!out.isEmpty() && out.getLast() instanceof LastHttpContent last) {
        awaitNextHead();
        discarding = last.decoderResult().isFailure();
      }
    }
  }

  private void decodeHead(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
      throws Exception {
    int from = in.readerIndex() + checked;
    int stop = in.forEachByte(from, in.writerIndex() - from, check);
    RequestRejected failure = check.failure();
    if (failure != null) {
      in.skipBytes(in.readableBytes());
      discarding = true;
      HttpRequest none = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
      none.setDecoderResult(DecoderResult.failure(failure));
      out.add(none);
      return;
    }
    int end = stop < 0 ? in.writerIndex() : stop + 1;
    super.decode(ctx, in, out);
    checked = Math.max(0, end - in.readerIndex());
    if (out.isEmpty()) {
      return;
    }
    if (out.getLast() instanceof HttpRequest request) {
      if (request.decoderResult().isFailure()) {
        discarding = true;
        return;
      }
      inHead = false;
      checked = 0;
      long length = HttpUtil.getContentLength(request, -1L);
      waiting = length < 0 || length > in.readableBytes() || length > AT_HAND_BYTES;
    } else {
      awaitNextHead();
    }
  }

  private static void read(ChannelHandlerContext ctx) {
    if (!ctx.channel().config().isAutoRead()) {
      ctx.channel().config().setAutoRead(true);
    }
  }

  private void awaitNextHead() {
    waiting = true;
    inHead = true;
    checked = 0;
    check.reset();
  }
}

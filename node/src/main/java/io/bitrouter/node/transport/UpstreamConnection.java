package io.bitrouter.node.transport;

import io.bitrouter.core.gateway.Upstream.UpstreamFailure;
import io.bitrouter.core.gateway.UpstreamRequest;
import io.bitrouter.node.edge.LoopWatch;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** One connection to an upstream, used by one call at a time. Lives on its event loop. */
final class UpstreamConnection extends ChannelInboundHandlerAdapter {

  /** Largest header block of an answer. */
  private static final int HEADER_BYTES = 64 << 10;

  private static final int LINE_BYTES = 16 << 10;
  private static final int CHUNK_BYTES = 64 << 10;

  private final UpstreamPool pool;
  private final Channel channel;
  private final LoopWatch watch;
  private @Nullable UpstreamCall call;
  private boolean bytesSeen;
  private boolean interim;
  private boolean reusable;
  private boolean closed;

  UpstreamConnection(UpstreamPool pool, Channel channel) {
    this.pool = pool;
    this.channel = channel;
    this.watch = new LoopWatch(channel.eventLoop(), this::expired);
  }

  /** The decoder that belongs in front of this handler. */
  HttpResponseDecoder newDecoder() {
    HttpDecoderConfig config =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(LINE_BYTES)
            .setMaxHeaderSize(HEADER_BYTES)
            .setMaxChunkSize(CHUNK_BYTES);
    return new HttpResponseDecoder(config) {
      @Override
      public void channelRead(ChannelHandlerContext ctx, Object input) throws Exception {
        bytesSeen = true;
        super.channelRead(ctx, input);
      }
    };
  }

  boolean usable() {
    return !closed && channel.isActive();
  }

  /** Sends a request whose answer goes to {@code user}. */
  void send(UpstreamCall user, Origin origin, UpstreamRequest request) {
    call = user;
    bytesSeen = false;
    interim = false;
    reusable = false;
    ByteBuf rest = RequestBytes.rest(request);
    channel.write(RequestBytes.head(channel.alloc(), origin, request), channel.voidPromise());
    if (rest.isReadable()) {
      channel.write(rest, channel.voidPromise());
    }
    channel.flush();
  }

  /** Sets the time by which something must happen. */
  void arm(long nanos) {
    watch.arm(nanos);
  }

  void disarm() {
    watch.disarm();
  }

  void reading(boolean on) {
    if (channel.config().isAutoRead() != on) {
      channel.config().setAutoRead(on);
    }
  }

  /** Closes the connection; its call, if there is one, fails. */
  void close() {
    channel.close();
  }

  /** Cuts the connection; its call hears nothing more of it. */
  void cut() {
    call = null;
    channel.close();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    UpstreamCall user = call;
    if (user == null || !(message instanceof HttpObject object)) {
      // Nobody asked for this.
      ReferenceCountUtil.release(message);
      channel.close();
      return;
    }
    if (object.decoderResult().isFailure()) {
      Throwable cause = object.decoderResult().cause();
      ReferenceCountUtil.release(message);
      cut();
      user.failed(
          cause instanceof PrematureChannelClosureException
              ? UpstreamFailure.BROKEN
              : UpstreamFailure.INVALID);
    } else if (object instanceof HttpResponse response) {
      onHead(user, response);
    } else if (object instanceof HttpContent content) {
      onContent(user, content);
    }
  }

  private void onHead(UpstreamCall user, HttpResponse response) {
    int status = response.status().code();
    interim = status >= 100 && status < 200;
    if (interim && status != 101) {
      return;
    }
    if (interim || !understood(response)) {
      cut();
      user.failed(UpstreamFailure.INVALID);
      return;
    }
    boolean framed =
        HttpUtil.isContentLengthSet(response)
            || HttpUtil.isTransferEncodingChunked(response)
            || status == 204
            || status == 304;
    reusable = framed && HttpUtil.isKeepAlive(response);
    user.head(status, response.headers());
  }

  /** An answer in an encoding that was not asked for cannot be read for usage. */
  private static boolean understood(HttpResponse response) {
    return only(response.headers(), HttpHeaderNames.CONTENT_ENCODING, "identity")
        && only(response.headers(), HttpHeaderNames.TRANSFER_ENCODING, "chunked");
  }

  private static boolean only(HttpHeaders headers, CharSequence name, String value) {
    return !headers.contains(name)
        || headers.getAll(name).stream().allMatch(coding -> coding.equalsIgnoreCase(value));
  }

  private void onContent(UpstreamCall user, HttpContent content) {
    boolean last = content instanceof LastHttpContent;
    if (interim) {
      content.release();
      interim = !last;
      return;
    }
    if (content.content().isReadable()) {
      user.data(content.content());
    } else {
      content.release();
    }
    // data() may have cancelled the call.
    if (last && call == user) {
      call = null;
      finish();
      user.ended();
    }
  }

  private void finish() {
    if (reusable && nothingPending()) {
      pool.release(this);
    } else {
      channel.close();
    }
  }

  /** An upstream that answers before it has read the request cannot get another. */
  private boolean nothingPending() {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    return channel.isActive() && buffer != null && buffer.totalPendingWriteBytes() == 0;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    UpstreamCall user = call;
    if (user != null) {
      user.readComplete();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    closed = true;
    watch.close();
    pool.closed(this);
    UpstreamCall user = call;
    call = null;
    if (user != null) {
      user.broken(bytesSeen);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // A reset, a failed write, TLS: whatever is read after it is not the end of an answer.
    UpstreamCall user = call;
    boolean seen = bytesSeen;
    cut();
    if (user != null) {
      user.broken(seen);
    }
  }

  private void expired() {
    UpstreamCall user = call;
    if (user == null) {
      channel.close();
    } else {
      user.expired();
    }
  }
}

package io.bitrouter.node.edge;

import io.bitrouter.core.gateway.ReplyHead;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.node.edge.ReplyBytes.Framing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of a client: takes requests one after the other, hands each to its thread, writes
 * the answers in order. Lives on its event loop but for the few methods that say otherwise.
 */
final class EdgeConnection extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(EdgeConnection.class);

  /** How long a connection may wait for its next request; above what clients keep theirs for. */
  private static final Duration KEPT_IDLE = Duration.ofSeconds(75);

  /** An unread body up to this size is read and thrown away rather than the connection. */
  private static final int SKIP_BYTES = 64 << 10;

  private enum Phase {
    /** Between requests, or within a header block. */
    WAITING,
    /** A request is being served. */
    SERVING,
    /** Answered, the client's unread body is being skipped. */
    SKIPPING,
    /** The last answer has been given. */
    ENDING
  }

  private enum Body {
    /** Read to its end, or there is none. */
    COMPLETE,
    /** Not touched yet. */
    UNREAD,
    /** Comes with the head. */
    AT_HAND,
    /** The handler waits for it. */
    READING,
    /** Given up in the middle; the connection cannot go on. */
    BROKEN
  }

  private final EdgeContext edge;
  private final RequestDecoder decoder;
  private final Channel channel;
  private final OutboundSide out;
  private final LoopWatch input;
  private final String remoteAddress;
  private Phase phase = Phase.WAITING;
  private Body body = Body.COMPLETE;
  private boolean headTimed = true;
  private boolean nextWhenWritable;
  private long skipped;
  private @Nullable EdgeExchange current;
  private @Nullable BodyCollector collector;
  private @Nullable EdgeStream stream;

  EdgeConnection(EdgeContext edge, RequestDecoder decoder, Channel channel) {
    this.edge = edge;
    this.decoder = decoder;
    this.channel = channel;
    this.out = new OutboundSide(channel, edge.limits().clientStall().toNanos());
    this.input = new LoopWatch(channel.eventLoop(), this::inputExpired);
    this.remoteAddress =
        channel.remoteAddress() instanceof InetSocketAddress inet && inet.getAddress() != null
            ? inet.getAddress().getHostAddress()
            : "";
  }

  // What other threads may call.

  EdgeLimits limits() {
    return edge.limits();
  }

  MemoryBudget budget() {
    return edge.budget();
  }

  String remoteAddress() {
    return remoteAddress;
  }

  EventLoop eventLoop() {
    return channel.eventLoop();
  }

  boolean writable() {
    return channel.isWritable();
  }

  /** Runs a task on the event loop; when the loops have stopped there is nobody to answer. */
  void run(Runnable task) {
    try {
      channel.eventLoop().execute(task);
    } catch (RejectedExecutionException e) {
      LOG.debug("a connection outlived its event loop", e);
    }
  }

  void drain() {
    run(() -> {
      if (phase == Phase.WAITING && !decoder.headBegun()) {
        channel.close();
      }
    });
  }

  void cut() {
    run(channel::close);
  }

  // Requests.

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    input.arm(edge.limits().headerTimeout().toNanos());
    ctx.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof HttpRequest request) {
      try {
        onHead(request);
      } finally {
        ReferenceCountUtil.release(request);
      }
    } else if (message instanceof HttpContent content) {
      onContent(content);
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (phase == Phase.WAITING && !headTimed && decoder.headBegun()) {
      headTimed = true;
      input.arm(edge.limits().headerTimeout().toNanos());
    }
    if (phase == Phase.ENDING && decoder.discarded() > OutboundSide.LINGER_BYTES) {
      channel.close();
    }
  }

  private void onHead(HttpRequest request) {
    if (phase != Phase.WAITING || !channel.isActive()) {
      return;
    }
    input.disarm();
    RequestId id = edge.nextRequestId();
    RequestHead head;
    try {
      head = RequestHead.of(request);
    } catch (RequestRejected e) {
      reject(e.status(), e.text(), id);
      return;
    }
    EdgeExchange exchange = new EdgeExchange(this, head, id, edge.ticker().nanos());
    current = exchange;
    phase = Phase.SERVING;
    if (head.bodyLength() == 0) {
      body = Body.COMPLETE;
      edge.serve(exchange);
    } else if (decoder.waiting()) {
      body = Body.UNREAD;
      edge.serve(exchange);
    } else {
      body = Body.AT_HAND;
    }
  }

  private void onContent(HttpContent content) {
    EdgeExchange exchange = current;
    if (body == Body.AT_HAND && exchange != null && content instanceof LastHttpContent) {
      body = Body.COMPLETE;
      exchange.bodyAtHand(content.content());
      edge.serve(exchange);
      return;
    }
    try {
      if (phase == Phase.SKIPPING) {
        skip(content);
      } else if (body == Body.READING && collector != null) {
        collect(collector, content);
      }
    } finally {
      content.release();
    }
  }

  private void collect(BodyCollector into, HttpContent content) {
    if (content.decoderResult().isFailure()) {
      failBody(into, Refusal.of(RefusalCode.INVALID_REQUEST, "the chunked body is malformed"));
    } else if (!into.add(content.content())) {
      body = Body.BROKEN;
      input.disarm();
    } else if (content instanceof LastHttpContent) {
      body = Body.COMPLETE;
      collector = null;
      input.disarm();
      into.complete();
    } else {
      input.arm(edge.limits().bodyIdle().toNanos());
    }
  }

  private void failBody(BodyCollector into, Refusal refusal) {
    body = Body.BROKEN;
    collector = null;
    input.disarm();
    // A body also breaks because its client left, and who waits for the body asks why.
    EdgeExchange exchange = current;
    if (exchange != null && !channel.isActive()) {
      exchange.clientGone();
    }
    into.fail(refusal);
  }

  private void skip(HttpContent content) {
    skipped += content.content().readableBytes();
    if (skipped > SKIP_BYTES || content.decoderResult().isFailure()) {
      channel.close();
    } else if (content instanceof LastHttpContent) {
      body = Body.COMPLETE;
      // Not from within the decoder, which next() sets going again.
      run(this::next);
    }
  }

  /** Reads the body for the thread that waits on {@code into}. */
  void readBody(EdgeExchange exchange, BodyCollector into) {
    if (current != exchange || body != Body.UNREAD || !channel.isActive()) {
      failBody(into, Refusal.of(RefusalCode.INVALID_REQUEST, "the client has gone"));
      return;
    }
    body = Body.READING;
    collector = into;
    if (exchange.head().expectsContinue()) {
      byte[] go = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
      out.write(Unpooled.wrappedBuffer(go));
      out.flush();
    }
    input.arm(edge.limits().bodyIdle().toNanos());
    decoder.proceed();
  }

  private void inputExpired() {
    switch (phase) {
      case WAITING -> {
        if (decoder.headBegun()) {
          reject(408, "the header block did not arrive in time", edge.nextRequestId());
        } else {
          channel.close();
        }
      }
      case SERVING -> {
        if (body == Body.READING && collector != null) {
          failBody(
              collector,
              Refusal.of(RefusalCode.REQUEST_TIMEOUT, "the request body did not arrive in time"));
        }
      }
      case SKIPPING, ENDING -> channel.close();
    }
  }

  private void reject(int status, String text, RequestId id) {
    body = Body.BROKEN;
    byte[] json = ReplyBytes.error(status, text, id);
    ByteBuf reply = channel.alloc().directBuffer(ReplyBytes.HEAD_ESTIMATE + json.length);
    ReplyBytes.head(
        reply, ReplyBytes.jsonHead(status), new Framing.Length(json.length), id, edge.date(), true);
    out.write(reply.writeBytes(json));
    finishAnswer(true);
  }

  // Answers.

  void reply(EdgeExchange exchange, ReplyHead head, byte[] content) {
    if (current != exchange || !channel.isActive()) {
      return;
    }
    boolean close = mustClose(exchange);
    boolean bodiless = head.status() == 204 || head.status() == 304;
    boolean withBody = !bodiless && !exchange.head().headOnly();
    Framing framing = bodiless ? new Framing.None() : new Framing.Length(content.length);
    boolean oneBuffer = withBody && content.length <= OutboundSide.COPY_BYTES;
    ByteBuf reply =
        channel.alloc().directBuffer(ReplyBytes.HEAD_ESTIMATE + (oneBuffer ? content.length : 0));
    ReplyBytes.head(reply, head, framing, exchange.requestId(), edge.date(), close);
    if (oneBuffer) {
      out.write(reply.writeBytes(content));
    } else {
      out.write(reply);
      if (withBody) {
        out.write(Unpooled.wrappedBuffer(content));
      }
    }
    finishAnswer(close);
  }

  void startStream(EdgeExchange exchange, ReplyHead head, EdgeStream started) {
    if (current != exchange || !channel.isActive()) {
      return;
    }
    stream = started;
    boolean http10 = exchange.head().http10();
    ByteBuf reply = channel.alloc().directBuffer(ReplyBytes.HEAD_ESTIMATE);
    ReplyBytes.head(
        reply,
        head,
        http10 ? new Framing.None() : new Framing.Chunked(),
        exchange.requestId(),
        edge.date(),
        mustClose(exchange));
    out.write(reply);
    out.flush();
  }

  ByteBuf newChunk(int capacity) {
    return channel
        .alloc()
        .directBuffer(ReplyBytes.CHUNK_RESERVE + capacity + 2)
        .setIndex(ReplyBytes.CHUNK_RESERVE, ReplyBytes.CHUNK_RESERVE);
  }

  void writeChunk(EdgeExchange exchange, ByteBuf chunk) {
    if (current != exchange || exchange.head().headOnly() || !chunk.isReadable()) {
      chunk.release();
      return;
    }
    if (!exchange.head().http10()) {
      ReplyBytes.frameChunk(chunk);
    }
    out.write(chunk);
  }

  void flush() {
    out.flush();
  }

  void flushSoon() {
    out.flushSoon();
  }

  void endStream(EdgeExchange exchange) {
    if (current != exchange || !channel.isActive()) {
      return;
    }
    if (!exchange.head().http10() && !exchange.head().headOnly()) {
      byte[] last = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
      out.write(Unpooled.wrappedBuffer(last));
    }
    finishAnswer(mustClose(exchange));
  }

  /**
   * Sends what has been written and closes without an end, a little later: many clients forget what
   * they have not yet read when a body breaks off.
   */
  void breakStream(EdgeExchange exchange) {
    out.flush();
    var unused =
        channel
            .eventLoop()
            .schedule(
                () -> {
                  if (current == exchange && channel.isActive()) {
                    finishAnswer(true);
                  }
                },
                OutboundSide.TIME_TO_READ.toMillis(),
                TimeUnit.MILLISECONDS);
  }

  void abortStream(EdgeExchange exchange) {
    if (current == exchange) {
      channel.close();
    }
  }

  private boolean mustClose(EdgeExchange exchange) {
    RequestHead head = exchange.head();
    boolean skippable =
        body == Body.UNREAD
            && !head.expectsContinue()
            && head.bodyLength() != RequestHead.CHUNKED
            && head.bodyLength() <= SKIP_BYTES;
    return !head.keepAlive() || edge.draining() || body != Body.COMPLETE && !skippable;
  }

  private void finishAnswer(boolean close) {
    current = null;
    stream = null;
    if (close) {
      phase = Phase.ENDING;
      if (body != Body.COMPLETE) {
        decoder.discard();
        input.arm(OutboundSide.LINGER.toNanos());
        out.flushAndHalfClose();
      } else {
        out.flushAndClose();
      }
      return;
    }
    out.flush();
    if (body == Body.UNREAD) {
      phase = Phase.SKIPPING;
      skipped = 0;
      input.arm(edge.limits().bodyIdle().toNanos());
      decoder.proceed();
    } else {
      next();
    }
  }

  private void next() {
    if (!channel.isActive() || phase == Phase.ENDING) {
      return;
    }
    phase = Phase.WAITING;
    if (edge.draining()) {
      channel.close();
    } else if (!channel.isWritable()) {
      // A client that sends requests and reads no answers gets no more of them.
      nextWhenWritable = true;
    } else {
      headTimed = false;
      input.arm(KEPT_IDLE.toNanos());
      decoder.proceed();
    }
  }

  // The channel.

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (channel.isWritable()) {
      EdgeStream waiting = stream;
      if (waiting != null) {
        waiting.wake();
      }
      if (nextWhenWritable) {
        nextWhenWritable = false;
        run(this::next);
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    phase = Phase.ENDING;
    input.close();
    out.close();
    EdgeExchange exchange = current;
    BodyCollector waiting = collector;
    collector = null;
    // First that the client has gone, then what follows from it: who waits for the body asks why.
    if (exchange != null) {
      exchange.clientGone();
      current = null;
    }
    if (waiting != null) {
      waiting.fail(Refusal.of(RefusalCode.INVALID_REQUEST, "the client has gone"));
    }
    edge.closed(this);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    LOG.debug("connection from {} failed", remoteAddress, cause);
    channel.close();
  }
}

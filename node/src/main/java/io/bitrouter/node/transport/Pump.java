package io.bitrouter.node.transport;

import io.bitrouter.core.gateway.ByteSink;
import io.bitrouter.core.gateway.ClientStream;
import io.bitrouter.core.gateway.StreamMeter;
import io.bitrouter.core.gateway.StreamTap;
import io.bitrouter.core.gateway.Upstream.Pumped;
import io.bitrouter.core.gateway.Upstream.Pumped.End;
import io.bitrouter.core.gateway.Upstream.UpstreamFailure;
import io.bitrouter.node.edge.EdgeStream;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes an answer through a tap to the client, on the event loop that both live on. What one read
 * of the upstream brings becomes one chunk and one flush; while the client does not keep up or the
 * meter says to pause, the upstream is not read.
 */
final class Pump implements BodyConsumer, ByteSink {
  private static final Logger LOG = LoggerFactory.getLogger(Pump.class);

  /** A chunk that has grown to this is sent before the upstream pauses. */
  private static final int CHUNK_BYTES = 32 << 10;

  private static final int CHUNK_ROOM = 1 << 10;

  /** What comes before the first content is kept back up to this size. */
  private static final int UNBEGUN_BYTES = 64 << 10;

  private final UpstreamCall call;
  private final StreamTap tap;
  private final ClientStream client;
  private final StreamMeter meter;
  private CompletableFuture<Optional<Pumped>> turn;
  private Optional<Pumped> finished = Optional.empty();
  private OptionalLong firstContentNanos = OptionalLong.empty();
  private final KeepAlive keepAlive;
  private boolean discarding;
  private boolean waiting;
  private @Nullable EdgeStream stream;
  private @Nullable ByteBuf chunk;

  /** Completes {@code turn} when the request's thread has something to do. */
  Pump(
      UpstreamCall call,
      StreamTap tap,
      ClientStream client,
      StreamMeter meter,
      CompletableFuture<Optional<Pumped>> turn) {
    this.call = call;
    this.tap = tap;
    this.client = client;
    this.meter = meter;
    this.turn = turn;
    this.keepAlive = new KeepAlive(call, client, this::begun);
  }

  /** To be called before the first bytes. */
  void begin() {
    discarding = call.exchange().disconnected();
    if (client.begun()) {
      begun();
    }
    keepAlive.start();
  }

  /** The client's stream, begun by now. */
  private EdgeStream begun() {
    EdgeStream known = stream;
    if (known != null) {
      return known;
    }
    EdgeStream begun = KeepAlive.begin(client);
    stream = begun;
    begun.onWritable(() -> {
      if (!waiting) {
        call.resume();
      }
    });
    return begun;
  }

  private boolean writable() {
    EdgeStream known = stream;
    return known == null || known.writable();
  }

  /** Goes on as the meter has said at last; {@code next} is the turn after this. */
  void proceed(StreamMeter.Verdict verdict, CompletableFuture<Optional<Pumped>> next) {
    turn = next;
    waiting = false;
    if (finished.isPresent()) {
      next.complete(finished);
    } else if (verdict == StreamMeter.Verdict.CUT) {
      cut();
    } else if (writable()) {
      call.resume();
    }
  }

  @Override
  public void data(ByteBuf content) {
    try {
      if (finished.isPresent()) {
        return;
      }
      for (ByteBuffer part : content.nioBuffers()) {
        tap.accept(part, this);
      }
      if (firstContentNanos.isEmpty() && tap.contentSeen()) {
        firstContentNanos = OptionalLong.of(call.nanos());
      }
    } catch (RuntimeException | Error e) {
      tapFailed(e);
      return;
    } finally {
      content.release();
    }
    if (chunk != null && chunk.readableBytes() >= CHUNK_BYTES) {
      readComplete();
    }
    if (!waiting) {
      metered();
    }
  }

  private void metered() {
    switch (meter.flowed(tap.outputBytes())) {
      case GO_ON -> {}
      case PAUSE -> {
        if (discarding) {
          stop();
        } else {
          sendNow();
          waiting = true;
          call.pause();
          turn.complete(Optional.empty());
        }
      }
      case CUT -> {
        if (discarding) {
          stop();
        } else {
          cut();
        }
      }
    }
  }

  /** Ends an answer that nobody reads any more: no budget waits or is passed for it. */
  private void stop() {
    finish(End.CLIENT_GONE);
    call.cancel(UpstreamFailure.BROKEN);
  }

  /** Ends the answer here; what the upstream would still send is not read. */
  private void cut() {
    sendNow();
    finish(End.CUT);
    call.cancel(UpstreamFailure.BROKEN);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    if (discarding || length == 0) {
      return;
    }
    ByteBuf into = chunk;
    if (into == null) {
      into = call.exchange().newChunk(Math.max(length, CHUNK_ROOM));
      chunk = into;
    }
    into.writeBytes(bytes, offset, length);
  }

  @Override
  public void readComplete() {
    if (finished.isPresent()) {
      return;
    }
    send();
    if (!discarding && !writable()) {
      call.pause();
    }
  }

  @Override
  public void end() {
    if (finished.isPresent()) {
      return;
    }
    try {
      tap.upstreamEnded(this);
    } catch (RuntimeException | Error e) {
      tapFailed(e);
      return;
    }
    StreamTap.StreamReport report = tap.report();
    if (report.complete() && report.error().isEmpty()) {
      sendNow();
    } else {
      send();
    }
    finish(discarding ? End.CLIENT_GONE_DRAINED : End.UPSTREAM_ENDED);
  }

  @Override
  public void failed(UpstreamFailure failure) {
    if (finished.isPresent()) {
      return;
    }
    send();
    finish(
        switch (failure) {
          case CLIENT_GONE -> End.CLIENT_GONE;
          case TIMEOUT -> End.UPSTREAM_TIMEOUT;
          case UNREACHABLE, BROKEN, INVALID -> End.UPSTREAM_BROKEN;
        });
  }

  @Override
  public boolean clientGone() {
    discarding = true;
    dropChunk();
    // While a budget has it wait nothing is read, and for nobody it need not wait.
    return !waiting;
  }

  /** Sends what there is, once there is content in it. */
  private void send() {
    if (client.answering() || tap.contentSeen() || held() > UNBEGUN_BYTES) {
      sendNow();
    }
  }

  private int held() {
    return chunk == null ? 0 : chunk.readableBytes();
  }

  private void sendNow() {
    ByteBuf ready = chunk;
    if (ready != null) {
      chunk = null;
      EdgeStream to = begun();
      client.answers();
      client.heard(call.nanos());
      to.send(ready);
      to.flush();
    }
  }

  private void finish(End end) {
    keepAlive.stop();
    if (stream != null) {
      stream.ignoreWritable();
    }
    dropChunk();
    finished = Optional.of(new Pumped(end, firstContentNanos));
    turn.complete(finished);
  }

  private void dropChunk() {
    if (chunk != null) {
      chunk.release();
      chunk = null;
    }
  }

  private void tapFailed(Throwable cause) {
    LOG.error("request {}: reading the answer failed", call.exchange().requestId(), cause);
    dropChunk();
    finish(End.UPSTREAM_BROKEN);
    call.cancel(UpstreamFailure.BROKEN);
    if (stream != null) {
      stream.abortNow();
    }
  }
}

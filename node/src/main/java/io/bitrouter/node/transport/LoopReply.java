package io.bitrouter.node.transport;

import io.bitrouter.core.gateway.ClientStream;
import io.bitrouter.core.gateway.HeaderFields;
import io.bitrouter.core.gateway.StreamMeter;
import io.bitrouter.core.gateway.StreamTap;
import io.bitrouter.core.gateway.Upstream.Collected;
import io.bitrouter.core.gateway.Upstream.Pumped;
import io.bitrouter.core.gateway.Upstream.UpstreamFailure;
import io.bitrouter.core.gateway.Upstream.UpstreamReply;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/** An answer whose body is still on the event loop, or whole at hand. For the request's thread. */
final class LoopReply implements UpstreamReply {
  /** The loops have stopped, and with them the answer. */
  private static final Optional<Pumped> STOPPED =
      Optional.of(new Pumped(Pumped.End.UPSTREAM_BROKEN, OptionalLong.empty()));

  private final UpstreamCall call;
  private final int status;
  private final HttpHeaders headers;
  private final int attempts;
  private final ArrayDeque<ByteBuf> whole;
  private final boolean ended;
  private boolean used;

  /** An answer; {@code whole} is its body and owned by it if the answer has {@code ended}. */
  LoopReply(
      UpstreamCall call,
      int status,
      HttpHeaders headers,
      int attempts,
      ArrayDeque<ByteBuf> whole,
      boolean ended) {
    this.call = call;
    this.status = status;
    this.headers = headers;
    this.attempts = attempts;
    this.whole = whole;
    this.ended = ended;
  }

  @Override
  public int status() {
    return status;
  }

  @Override
  public HeaderFields headers() {
    return new Fields(headers);
  }

  @Override
  public int attempts() {
    return attempts;
  }

  @Override
  public Collected collect(int limit) {
    use();
    Collector collector = new Collector(call, limit);
    if (ended) {
      feed(collector);
      return collector.result().join();
    }
    if (!onLoop(() -> call.attach(collector))) {
      return new Collected.Failed(UpstreamFailure.BROKEN, 0);
    }
    return collector.result().join();
  }

  @Override
  public Pumped pump(StreamTap tap, ClientStream client, StreamMeter meter) {
    use();
    CompletableFuture<Optional<Pumped>> first = new CompletableFuture<>();
    // Nothing of an answer that is whole already can be saved by stopping it.
    Pump pump = new Pump(call, tap, client, ended ? StreamMeter.NONE : meter, first);
    boolean running =
        onLoop(() -> {
          pump.begin();
          if (ended) {
            feed(pump);
          } else {
            call.attach(pump);
          }
        });
    Optional<Pumped> end = running ? first.join() : STOPPED;
    while (end.isEmpty()) {
      StreamMeter.Verdict verdict = meter.await();
      CompletableFuture<Optional<Pumped>> next = new CompletableFuture<>();
      end = onLoop(() -> pump.proceed(verdict, next)) ? next.join() : STOPPED;
    }
    return end.get();
  }

  @Override
  public void close() {
    if (ended) {
      releaseWhole();
    } else {
      onLoop(call::discard);
    }
  }

  private void use() {
    if (used) {
      throw new IllegalStateException("the body of an answer can be read once");
    }
    used = true;
  }

  private void feed(BodyConsumer consumer) {
    for (ByteBuf bytes = whole.pollFirst(); bytes != null; bytes = whole.pollFirst()) {
      consumer.data(bytes);
    }
    consumer.end();
  }

  private void releaseWhole() {
    for (ByteBuf bytes = whole.pollFirst(); bytes != null; bytes = whole.pollFirst()) {
      bytes.release();
    }
  }

  private boolean onLoop(Runnable task) {
    try {
      call.exchange().eventLoop().execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      // The loops have stopped; nothing will come any more.
      return false;
    }
  }

  /** Header fields as Netty keeps them. */
  private record Fields(HttpHeaders headers) implements HeaderFields {
    @Override
    public Optional<String> first(String name) {
      return Optional.ofNullable(headers.get(name));
    }

    @Override
    public List<String> all(String name) {
      return headers.getAll(name);
    }
  }
}

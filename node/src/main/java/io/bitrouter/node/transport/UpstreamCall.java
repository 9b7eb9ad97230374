package io.bitrouter.node.transport;

import io.bitrouter.core.gateway.ClientStream;
import io.bitrouter.core.gateway.Upstream.Sent;
import io.bitrouter.core.gateway.Upstream.UpstreamFailure;
import io.bitrouter.core.gateway.UpstreamRequest;
import io.bitrouter.node.edge.EdgeExchange;
import io.bitrouter.node.edge.LoopWatch;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One call of one client to one upstream, from the wish to the last byte. Lives on the event loop
 * that client and upstream share; the thread of the request waits on the futures.
 */
final class UpstreamCall {

  /** How long an answer is read on for a client that has gone. */
  private static final Duration DRAIN = Duration.ofSeconds(30);

  /** Body bytes kept for a consumer that has not come yet; then reading stops. */
  private static final int BACKLOG_BYTES = 64 << 10;

  private final UpstreamClient client;
  private final EdgeExchange exchange;
  private final Origin origin;
  private final UpstreamRequest request;
  private final UpstreamTimeouts timeouts;
  private final Optional<KeepAlive> keepAlive;
  private final CompletableFuture<Sent> sent = new CompletableFuture<>();
  private final ArrayDeque<ByteBuf> backlog = new ArrayDeque<>(4);
  private int backlogBytes;
  private int attempts;
  private boolean reused;
  private boolean ended;
  private boolean paused;
  private boolean clientGone;
  private long totalAt;
  private long drainAt;
  private int status;
  private @Nullable HttpHeaders headers;
  private @Nullable UpstreamFailure failure;
  private @Nullable UpstreamConnection connection;
  private @Nullable BodyConsumer consumer;
  private @Nullable LoopWatch connectWatch;

  /** One that is made for {@code waiting}, if that is there, until the head has come. */
  UpstreamCall(
      UpstreamClient client,
      EdgeExchange exchange,
      Origin origin,
      UpstreamRequest request,
      Optional<ClientStream> waiting) {
    this.client = client;
    this.exchange = exchange;
    this.origin = origin;
    this.request = request;
    this.timeouts = client.timeouts();
    this.keepAlive =
        waiting.map(stream -> new KeepAlive(this, stream, () -> KeepAlive.begin(stream)));
  }

  CompletableFuture<Sent> sent() {
    return sent;
  }

  EdgeExchange exchange() {
    return exchange;
  }

  /** Whether it has failed or ended. */
  boolean over() {
    return failure != null || ended;
  }

  /** The time, for what is reported. */
  long nanos() {
    return client.ticker().nanos();
  }

  /** Silence after which a client hears that it is not forgotten. */
  long keepAliveNanos() {
    return timeouts.keepAlive().toNanos();
  }

  void start() {
    totalAt = now() + timeouts.total().toNanos();
    exchange.onDisconnect(this::onClientGone);
    if (!over()) {
      keepAlive.ifPresent(KeepAlive::start);
      acquire(false);
    }
  }

  // From the pool.

  /** There will be a connection, maybe. */
  void awaitConnection() {
    if (connectWatch == null) {
      connectWatch = new LoopWatch(exchange.eventLoop(), this::unreachable);
      connectWatch.arm(timeouts.connect().toNanos());
    }
  }

  void connected(UpstreamConnection given, boolean wasUsed) {
    stopConnectWatch();
    connection = given;
    attempts++;
    reused = wasUsed;
    given.reading(true);
    given.send(this, origin, request);
    arm(timeouts.firstToken());
  }

  /** Nothing was sent, and nothing will be. */
  void unreachable() {
    if (!over()) {
      failed(UpstreamFailure.UNREACHABLE);
    }
  }

  // From the connection.

  void head(int code, HttpHeaders fields) {
    status = code;
    headers = fields;
    arm(timeouts.idle());
  }

  void data(ByteBuf bytes) {
    arm(timeouts.idle());
    BodyConsumer into = consumer;
    if (into != null) {
      into.data(bytes);
      return;
    }
    backlog.addLast(bytes);
    backlogBytes += bytes.readableBytes();
    if (backlogBytes >= BACKLOG_BYTES) {
      pause();
    }
  }

  void readComplete() {
    if (headers != null && !sent.isDone()) {
      answered();
    }
    if (consumer != null) {
      consumer.readComplete();
    }
  }

  void ended() {
    ended = true;
    connection = null;
    exchange.ignoreDisconnect();
    if (consumer != null) {
      consumer.end();
    } else if (!sent.isDone()) {
      answered();
    }
  }

  /** The connection closed or failed in the middle. */
  void broken(boolean bytesSeen) {
    connection = null;
    if (reused && attempts == 1 && !bytesSeen && !clientGone) {
      // It had been closed by the upstream before the request came: safe to try once more.
      acquire(true);
    } else {
      failed(clientGone ? UpstreamFailure.CLIENT_GONE : UpstreamFailure.BROKEN);
    }
  }

  void expired() {
    cancel(clientGone ? UpstreamFailure.CLIENT_GONE : UpstreamFailure.TIMEOUT);
  }

  void failed(UpstreamFailure why) {
    stopConnectWatch();
    failure = why;
    connection = null;
    exchange.ignoreDisconnect();
    if (consumer != null) {
      consumer.failed(why);
    } else {
      keepAlive.ifPresent(KeepAlive::stop);
      sent.complete(new Sent.Failed(why));
    }
  }

  // From the reply.

  /** Gives the body to {@code into}, from its beginning. */
  void attach(BodyConsumer into) {
    consumer = into;
    for (ByteBuf bytes = backlog.pollFirst(); bytes != null; bytes = backlog.pollFirst()) {
      into.data(bytes);
    }
    UpstreamFailure why = failure;
    if (why != null) {
      into.failed(why);
    } else if (ended) {
      into.end();
    } else {
      resume();
      into.readComplete();
    }
  }

  /** Nobody wants the rest. */
  void discard() {
    for (ByteBuf bytes = backlog.pollFirst(); bytes != null; bytes = backlog.pollFirst()) {
      bytes.release();
    }
    if (!over()) {
      cancel(UpstreamFailure.CLIENT_GONE);
    }
  }

  /** Stops reading, and with it the clock: it is the consumer that is slow now. */
  void pause() {
    if (!paused && connection != null) {
      paused = true;
      connection.reading(false);
      connection.disarm();
    }
  }

  void resume() {
    if (paused && connection != null) {
      paused = false;
      arm(timeouts.idle());
      connection.reading(true);
    }
  }

  /** Closes the connection to the upstream at once. */
  void cancel(UpstreamFailure why) {
    if (over()) {
      return;
    }
    UpstreamConnection used = connection;
    if (used != null) {
      used.cut();
    }
    failed(why);
  }

  private void acquire(boolean fresh) {
    client.pool(exchange.eventLoop(), origin).acquire(this, fresh);
  }

  private void answered() {
    HttpHeaders fields = headers;
    if (fields == null) {
      return;
    }
    // A whole answer is taken along: its thread then needs this loop no more.
    ArrayDeque<ByteBuf> whole = ended ? backlog : new ArrayDeque<>(0);
    keepAlive.ifPresent(KeepAlive::stop);
    LoopReply reply = new LoopReply(this, status, fields, attempts, whole, ended);
    if (!sent.complete(new Sent.Answered(reply))) {
      reply.close();
    }
  }

  private void onClientGone() {
    clientGone = true;
    boolean wanted = client.onDisconnect() == OnDisconnect.DRAIN && connection != null;
    BodyConsumer into = consumer;
    if (into != null) {
      wanted &= into.clientGone();
    }
    if (!wanted) {
      cancel(UpstreamFailure.CLIENT_GONE);
      return;
    }
    drainAt = now() + DRAIN.toNanos();
    resume();
    arm(headers == null ? timeouts.firstToken() : timeouts.idle());
  }

  private void arm(Duration phase) {
    UpstreamConnection used = connection;
    if (used == null || paused) {
      return;
    }
    long now = now();
    long left = Math.min(phase.toNanos(), totalAt - now);
    if (clientGone) {
      left = Math.min(left, drainAt - now);
    }
    used.arm(Math.max(0, left));
  }

  private void stopConnectWatch() {
    if (connectWatch != null) {
      connectWatch.close();
      connectWatch = null;
    }
  }

  private long now() {
    return exchange.eventLoop().ticker().nanoTime();
  }
}

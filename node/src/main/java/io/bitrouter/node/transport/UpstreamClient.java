package io.bitrouter.node.transport;

import io.bitrouter.core.gateway.ClientExchange;
import io.bitrouter.core.gateway.ClientStream;
import io.bitrouter.core.gateway.Upstream;
import io.bitrouter.core.gateway.UpstreamRequest;
import io.bitrouter.core.kernel.Ticker;
import io.bitrouter.node.edge.EdgeExchange;
import io.bitrouter.node.edge.EventLoops;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/**
 * Calls upstreams over HTTP/1.1, on the event loop of the client they are called for.
 *
 * <p>Redirects are not followed. Answers are asked for without an encoding, and one that comes
 * encoded is {@link Upstream.UpstreamFailure#INVALID}. A request is sent again, once, only if it
 * went out on a connection that had been used before and that closed without a byte of an answer.
 * Not being connected within {@code upstream.connect_ms} is {@code UNREACHABLE}, since nothing was
 * sent; {@code TIMEOUT} is an upstream that has the request. Thread-safe.
 */
public final class UpstreamClient implements Upstream, AutoCloseable {
  private static final int CLOSE_SECONDS = 5;

  private final UpstreamPool.Setup setup;
  private final OnDisconnect onDisconnect;
  private final Ticker ticker;
  private final ExecutorService handshakes;
  // One map for each loop, used on that loop alone.
  private final Map<EventLoop, Map<Origin, UpstreamPool>> pools = new ConcurrentHashMap<>();

  /**
   * A client that trusts what the JDK trusts.
   *
   * @param loops the loops of the servers whose exchanges it is used with
   * @param onDisconnect what becomes of a call whose client goes
   */
  public UpstreamClient(
      EventLoops loops, UpstreamTimeouts timeouts, OnDisconnect onDisconnect, Ticker ticker) {
    this(loops, timeouts, onDisconnect, ticker, defaultTrust());
  }

  /**
   * A client with trust of its own.
   *
   * @param tls makes the engines of connections with TLS; host names are verified in any case
   */
  public UpstreamClient(
      EventLoops loops,
      UpstreamTimeouts timeouts,
      OnDisconnect onDisconnect,
      Ticker ticker,
      SSLContext tls) {
    this(
        loops,
        timeouts,
        onDisconnect,
        ticker,
        tls,
        new AddressBook(InetAddress::getAllByName, ticker));
  }

  UpstreamClient(
      EventLoops loops,
      UpstreamTimeouts timeouts,
      OnDisconnect onDisconnect,
      Ticker ticker,
      SSLContext tls,
      AddressBook names) {
    this.handshakes = Executors.newVirtualThreadPerTaskExecutor();
    this.setup = new UpstreamPool.Setup(loops, names, timeouts, tls, handshakes);
    this.onDisconnect = onDisconnect;
    this.ticker = ticker;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if {@code client} is not an exchange of this node's edge, the
   *     address is not http or https, or a header field holds a line end
   */
  @Override
  public Sent send(UpstreamRequest request, ClientExchange client, Optional<ClientStream> waiting) {
    if (!(client instanceof EdgeExchange exchange)) {
      throw new IllegalArgumentException("a call is made for an exchange of this node's edge");
    }
    RequestBytes.check(request);
    Origin origin = Origin.of(request.uri());
    UpstreamCall call = new UpstreamCall(this, exchange, origin, request, waiting);
    try {
      exchange.eventLoop().execute(call::start);
    } catch (RejectedExecutionException e) {
      return new Sent.Failed(UpstreamFailure.UNREACHABLE);
    }
    return call.sent().join();
  }

  /** Cuts every connection, idle or not, and waits for it. Calls in progress fail. */
  @Override
  public void close() {
    CountDownLatch done = new CountDownLatch(pools.size());
    pools.forEach((loop, byOrigin) -> {
      try {
        loop.execute(() -> {
          byOrigin.values().forEach(UpstreamPool::close);
          done.countDown();
        });
      } catch (RejectedExecutionException e) {
        done.countDown();
      }
    });
    try {
      done.await(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    setup.names().close();
    handshakes.shutdown();
  }

  /** The pool of the calling loop for {@code origin}; to be called on {@code loop}. */
  UpstreamPool pool(EventLoop loop, Origin origin) {
    return pools
        .computeIfAbsent(loop, key -> new HashMap<>())
        .computeIfAbsent(origin, key -> new UpstreamPool(setup, loop, key));
  }

  UpstreamTimeouts timeouts() {
    return setup.timeouts();
  }

  OnDisconnect onDisconnect() {
    return onDisconnect;
  }

  Ticker ticker() {
    return ticker;
  }

  private static SSLContext defaultTrust() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no TLS", e);
    }
  }
}

package io.bitrouter.node.transport;

import io.bitrouter.node.edge.EventLoops;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** The connections of one event loop to one origin. Lives on that loop. */
final class UpstreamPool {

  /** Connections per loop and origin. A stream holds one for as long as the model talks. */
  static final int MOST_CONNECTIONS = 1_024;

  /** Calls that wait for one. */
  static final int MOST_WAITING = 1_024;

  /** Addresses of a name that are tried, each for its share of the time. */
  private static final int MOST_ADDRESSES = 4;

  /**
   * What all pools of a client share.
   *
   * @param loops whose loops they live on
   * @param names where addresses come from
   * @param timeouts how long things may take
   * @param tls trust, for origins with TLS
   * @param handshakes runs what a TLS handshake computes
   */
  record Setup(
      EventLoops loops,
      AddressBook names,
      UpstreamTimeouts timeouts,
      SSLContext tls,
      Executor handshakes) {}

  private final Setup setup;
  private final EventLoop loop;
  private final Origin origin;
  private final ArrayDeque<UpstreamConnection> idle = new ArrayDeque<>();
  private final ArrayDeque<UpstreamCall> waiting = new ArrayDeque<>();
  private final Set<UpstreamConnection> open = new HashSet<>();
  private int connecting;
  private boolean closed;

  UpstreamPool(Setup setup, EventLoop loop, Origin origin) {
    this.setup = setup;
    this.loop = loop;
    this.origin = origin;
  }

  /** Gives {@code call} a connection, now or later, or tells it that there is none. */
  void acquire(UpstreamCall call, boolean fresh) {
    UpstreamConnection connection = fresh ? null : idle.pollLast();
    while (connection != null && !connection.usable()) {
      connection = idle.pollLast();
    }
    if (connection != null) {
      call.connected(connection, true);
    } else if (closed || waiting.size() >= MOST_WAITING) {
      call.unreachable();
    } else {
      call.awaitConnection();
      waiting.addLast(call);
      connectIfNeeded();
    }
  }

  /** Takes back a connection whose answer has been read to its end. */
  void release(UpstreamConnection connection) {
    if (closed) {
      connection.cut();
      return;
    }
    UpstreamCall next = nextWaiting();
    if (next != null) {
      next.connected(connection, true);
      return;
    }
    connection.reading(true);
    connection.arm(setup.timeouts().poolIdle().toNanos());
    idle.addLast(connection);
  }

  /** A connection has closed. */
  void closed(UpstreamConnection connection) {
    open.remove(connection);
    idle.remove(connection);
    connectIfNeeded();
  }

  /** Cuts everything. */
  void close() {
    closed = true;
    for (UpstreamConnection connection : List.copyOf(open)) {
      connection.close();
    }
    List<UpstreamCall> failed = List.copyOf(waiting);
    waiting.clear();
    failed.forEach(UpstreamCall::unreachable);
  }

  private void connectIfNeeded() {
    waiting.removeIf(UpstreamCall::over);
    if (closed || waiting.size() <= connecting || open.size() + connecting >= MOST_CONNECTIONS) {
      return;
    }
    connecting++;
    setup
        .names()
        .resolve(
            origin.host(),
            addresses -> {
              try {
                loop.execute(() -> connect(addresses, 0));
              } catch (RejectedExecutionException e) {
                // The loops have stopped and with them everything that waited.
              }
            });
  }

  private void connect(List<InetAddress> addresses, int index) {
    int count = Math.min(addresses.size(), MOST_ADDRESSES);
    if (closed || index >= count) {
      notConnected();
      return;
    }
    Duration connect = setup.timeouts().connect();
    ChannelFuture connected =
        new Bootstrap()
            .group(loop)
            .channel(setup.loops().clientChannel())
            .disableResolver()
            .option(ChannelOption.TCP_NODELAY, true)
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                Math.clamp(connect.toMillis() / count, 1, Integer.MAX_VALUE))
            .handler(new Setting())
            .connect(new InetSocketAddress(addresses.get(index), origin.port()));
    connected.addListener(done -> {
      if (!done.isSuccess()) {
        connect(addresses, index + 1);
        return;
      }
      Channel channel = connected.channel();
      SslHandler tls = channel.pipeline().get(SslHandler.class);
      if (tls == null) {
        ready(channel);
        return;
      }
      tls.handshakeFuture()
          .addListener(shaken -> {
            if (shaken.isSuccess()) {
              ready(channel);
            } else {
              channel.close();
              notConnected();
            }
          });
    });
  }

  private void ready(Channel channel) {
    connecting--;
    UpstreamConnection connection = channel.pipeline().get(UpstreamConnection.class);
    if (closed || connection == null) {
      channel.close();
      return;
    }
    open.add(connection);
    UpstreamCall next = nextWaiting();
    if (next != null) {
      next.connected(connection, false);
    } else {
      release(connection);
    }
  }

  private @Nullable UpstreamCall nextWaiting() {
    UpstreamCall next = waiting.pollFirst();
    while (next != null && next.over()) {
      next = waiting.pollFirst();
    }
    return next;
  }

  /** One attempt has failed, and with it one call: the others have attempts of their own. */
  private void notConnected() {
    connecting--;
    UpstreamCall first = nextWaiting();
    if (first != null) {
      first.unreachable();
    }
    connectIfNeeded();
  }

  /** Sets up a new connection. */
  private final class Setting extends ChannelInitializer<SocketChannel> {
    @Override
    protected void initChannel(SocketChannel channel) {
      if (origin.tls()) {
        SSLEngine engine = setup.tls().createSSLEngine(origin.host(), origin.port());
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        engine.setSSLParameters(parameters);
        SslHandler tls = new SslHandler(engine, setup.handshakes());
        tls.setHandshakeTimeoutMillis(setup.timeouts().connect().toMillis());
        channel.pipeline().addLast(tls);
      }
      UpstreamConnection connection = new UpstreamConnection(UpstreamPool.this, channel);
      channel.pipeline().addLast(connection.newDecoder(), connection);
    }
  }
}

package io.bitrouter.node.edge;

import io.bitrouter.core.kernel.Ticker;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 listener. Started once and closed once; the event loops stay open. Thread-safe.
 *
 * <p>Each request is decoded by {@link RequestDecoder}'s rules and served by the handler on a
 * virtual thread, those of one connection one after the other. Everything a client can make the
 * node hold or wait for is bounded by {@link EdgeLimits}.
 */
public final class EdgeServer implements AutoCloseable {
  private static final int BACKLOG = 1024;
  private static final Duration CERTIFICATE_POLL = Duration.ofSeconds(2);

  /** After connections were cut, how long their handlers get to find out and finish. */
  private static final Duration AFTER_CUT = Duration.ofSeconds(2);

  private final EventLoops loops;
  private final EdgeContext edge;
  private final Duration certificatePoll;
  private @Nullable Channel listener;
  private @Nullable ServerCertificate certificate;

  /**
   * A server that is not listening yet.
   *
   * @param loops where its sockets live
   * @param random for request ids; must be thread-safe
   */
  public EdgeServer(
      EventLoops loops,
      EdgeLimits limits,
      Ticker ticker,
      RandomGenerator random,
      EdgeHandler handler) {
    this(loops, new EdgeContext(limits, ticker, random, handler), CERTIFICATE_POLL);
  }

  EdgeServer(EventLoops loops, EdgeContext edge, Duration certificatePoll) {
    this.loops = loops;
    this.edge = edge;
    this.certificatePoll = certificatePoll;
  }

  /**
   * Listens.
   *
   * @param address where; port 0 takes a free one
   * @param tls the certificate of an HTTPS listener; empty for plain HTTP
   * @return the address bound
   * @throws IOException if the address cannot be bound or the certificate cannot be used
   */
  public synchronized InetSocketAddress start(InetSocketAddress address, Optional<TlsFiles> tls)
      throws IOException {
    if (listener != null) {
      throw new IllegalStateException("the server has been started before");
    }
    if (tls.isPresent()) {
      certificate = new ServerCertificate(tls.get(), certificatePoll);
    }
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops.group())
            .channel(loops.serverChannel())
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(new Connections(edge, certificate));
    ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      closeCertificate();
      throw new IOException("cannot listen on " + address + ": " + reason(bound), bound.cause());
    }
    listener = bound.channel();
    return (InetSocketAddress) listener.localAddress();
  }

  /** Requests being served now. */
  public int inFlight() {
    return edge.inFlight();
  }

  /** Connections open now. */
  public int connections() {
    return edge.connections();
  }

  /** Closes at once; see {@link #close(Duration)}. */
  @Override
  public void close() {
    close(Duration.ZERO);
  }

  /**
   * Stops listening, lets the requests in flight end, each connection closing after its answer, and
   * cuts what is left after {@code drain}. The address is free when this returns.
   */
  public synchronized void close(Duration drain) {
    if (listener != null) {
      listener.close().awaitUninterruptibly();
    }
    edge.drain();
    if (!edge.awaitQuiet(drain)) {
      edge.cut();
      edge.awaitQuiet(AFTER_CUT);
    }
    closeCertificate();
  }

  private void closeCertificate() {
    if (certificate != null) {
      certificate.close();
      certificate = null;
    }
  }

  private static String reason(ChannelFuture bound) {
    Throwable cause = bound.cause();
    String message = cause == null ? null : cause.getMessage();
    return message == null ? "unknown reason" : message;
  }

  /** Sets up accepted connections. */
  private static final class Connections extends ChannelInitializer<SocketChannel> {
    private static final byte[] BUSY =
        ("HTTP/1.1 503 Service Unavailable\r\n"
                + "content-length: 0\r\nretry-after: 1\r\nconnection: close\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);

    private final EdgeContext edge;
    private final @Nullable ServerCertificate certificate;

    Connections(EdgeContext edge, @Nullable ServerCertificate certificate) {
      this.edge = edge;
      this.certificate = certificate;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
      if (edge.draining() || !edge.admit()) {
        refuse(channel);
        return;
      }
      if (certificate != null) {
        Duration most = edge.limits().headerTimeout();
        channel.pipeline().addLast(certificate.newHandler(channel.alloc(), most));
      }
      RequestDecoder decoder = new RequestDecoder(edge.limits().headerBytes());
      EdgeConnection connection = new EdgeConnection(edge, decoder, channel);
      channel.pipeline().addLast(decoder, connection);
      edge.opened(connection);
    }

    private void refuse(Channel channel) {
      if (certificate != null) {
        channel.close();
        return;
      }
      channel.writeAndFlush(Unpooled.wrappedBuffer(BUSY)).addListener(ChannelFutureListener.CLOSE);
    }
  }
}

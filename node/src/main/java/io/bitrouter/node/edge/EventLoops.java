package io.bitrouter.node.edge;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The threads that do socket I/O, shared by the server and the upstream client so that both sides
 * of a request can live on one of them. Nothing that waits or computes at length runs here.
 * Thread-safe.
 */
public final class EventLoops implements AutoCloseable {

  /** Kernel interface for sockets. */
  public enum Transport {
    /** epoll where it can be loaded, else NIO. */
    AUTO,
    /** Linux epoll; an error where it cannot be loaded. */
    EPOLL,
    /** The JDK's selector. */
    NIO
  }

  private static final int CLOSE_SECONDS = 5;

  private final EventLoopGroup group;
  private final boolean epoll;

  private EventLoops(EventLoopGroup group, boolean epoll) {
    this.group = group;
    this.epoll = epoll;
  }

  /**
   * Starts {@code threads} event loops.
   *
   * @throws IllegalStateException if epoll is asked for and cannot be loaded; says why
   */
  public static EventLoops open(Transport transport, int threads) {
    boolean epoll =
        switch (transport) {
          case NIO -> false;
          case AUTO -> Epoll.isAvailable();
          case EPOLL -> {
            if (!Epoll.isAvailable()) {
              throw new IllegalStateException(
                  "server.transport is epoll, which cannot be used here: "
                      + Epoll.unavailabilityCause());
            }
            yield true;
          }
        };
    IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    return new EventLoops(
        new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("loop", true), io),
        epoll);
  }

  /** Loads the kernel interface, so that {@link #open} finds it loaded. */
  public static void warm() {
    boolean unused = Epoll.isAvailable();
  }

  /** What runs: {@code epoll} or {@code nio}. */
  public String transportName() {
    return epoll ? "epoll" : "nio";
  }

  /** The loops; for {@code node.edge} and {@code node.transport} only. */
  public EventLoopGroup group() {
    return group;
  }

  /** The channel type of outgoing connections; for {@code node.transport} only. */
  public Class<? extends SocketChannel> clientChannel() {
    return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
  }

  Class<? extends ServerSocketChannel> serverChannel() {
    return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  /** Stops the loops and waits for it; servers and clients on them are closed before. */
  @Override
  public void close() {
    group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}

package io.bitrouter.it.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends requests at fixed times and measures each answer from the time at which its request was
 * due: a slow answer delays no other request, and waiting for a free connection counts.
 *
 * <p>Within its slot of time each request is due at a random moment. At even distances, streams
 * that pace themselves by the same clock would all send their chunks at the same moment, and the
 * probe between them would meet none of them.
 *
 * <p>One thread sends, one reads; a connection carries one request at a time and goes back to the
 * stack of idle ones, so that the most recently used is used next.
 */
final class OpenLoop implements AutoCloseable {

  private static final int MOST_CONNECTIONS = 8_192;

  private final Random random = new Random(1);
  private final Selector selector;
  private final Thread reader;
  private volatile boolean closed;

  OpenLoop() throws IOException {
    selector = Selector.open();
    reader = Thread.ofPlatform().daemon().name("load-reader").start(this::readAll);
  }

  /** Where requests go: an address, their bytes in turn, and what came of them. */
  final class Lane {
    private final InetSocketAddress address;
    private final List<byte[]> requests;
    private final ArrayDeque<Connection> idle = new ArrayDeque<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile int connections;
    private int next;
    private int due;
    private volatile Latencies latencies = new Latencies(0);

    Lane(InetSocketAddress address, List<byte[]> requests) {
      this.address = address;
      this.requests = requests;
    }

    /** Opens connections ahead of the load. */
    void connect(int count) throws IOException {
      while (connections < count) {
        release(open());
      }
    }

    /** Where it goes. */
    int port() {
      return address.getPort();
    }

    /** What the requests since the last {@link #expect} took. */
    Latencies latencies() {
      return latencies;
    }

    private void expect(int count) {
      latencies = new Latencies(count);
      due = count;
    }

    private void send(long dueNanos) throws IOException {
      byte[] request = requests.get(next);
      next = (next + 1) % requests.size();
      inFlight.incrementAndGet();
      send(request, dueNanos);
    }

    private void send(byte[] request, long dueNanos) throws IOException {
      Connection connection = take();
      if (connection == null) {
        connection = open();
      }
      connection.begin(request, dueNanos, latencies);
      ByteBuffer bytes = ByteBuffer.wrap(request);
      try {
        while (bytes.hasRemaining()) {
          connection.channel.write(bytes);
        }
      } catch (IOException closedByPeer) {
        // The reader finds it closed and sends the request again.
      }
    }

    /**
     * Gives up a connection that the peer has closed. An idle one is nothing; a request that the
     * peer closed before without a byte of an answer is sent again, as every client does, and keeps
     * its due time; anything else is a broken answer.
     */
    private void closed(Connection connection) throws IOException {
      synchronized (idle) {
        connections--;
        if (idle.remove(connection)) {
          return;
        }
      }
      if (connection.untouched() && connection.dueNanos != 0) {
        send(connection.request, connection.dueNanos);
      } else {
        connection.broken();
        inFlight.decrementAndGet();
      }
    }

    private Connection open() throws IOException {
      synchronized (idle) {
        if (connections >= MOST_CONNECTIONS) {
          throw new IOException("more than " + MOST_CONNECTIONS + " requests are in flight");
        }
        connections++;
      }
      SocketChannel channel = SocketChannel.open(address);
      channel.configureBlocking(false);
      channel.socket().setTcpNoDelay(true);
      Connection connection = new Connection(this, channel);
      channel.register(selector, SelectionKey.OP_READ, connection);
      selector.wakeup();
      return connection;
    }

    private Connection take() {
      synchronized (idle) {
        return idle.pollLast();
      }
    }

    private void release(Connection connection) {
      synchronized (idle) {
        idle.addLast(connection);
      }
    }
  }

  /** A connection and the answer that is being read from it. */
  private static final class Connection {
    private final Lane lane;
    private final SocketChannel channel;
    private final AnswerEnd answer = new AnswerEnd();
    private byte[] request = new byte[0];
    private long dueNanos;
    private long firstNanos;
    private boolean touched;
    private Latencies latencies = new Latencies(0);

    Connection(Lane lane, SocketChannel channel) {
      this.lane = lane;
      this.channel = channel;
    }

    synchronized void begin(byte[] bytes, long due, Latencies into) {
      request = bytes;
      touched = false;
      dueNanos = due;
      firstNanos = 0;
      latencies = into;
      answer.begin();
    }

    /** Takes bytes; true when the answer is complete. */
    synchronized boolean accept(byte[] bytes, int length, long now) {
      touched = true;
      answer.accept(bytes, length);
      if (firstNanos == 0 && answer.bodySeen()) {
        firstNanos = now;
      }
      if (answer.complete()) {
        latencies.add(now - dueNanos, firstNanos - dueNanos, answer.ok());
        return true;
      }
      return false;
    }

    /** Whether nothing of the answer has come. */
    synchronized boolean untouched() {
      return !touched;
    }

    synchronized void broken() {
      latencies.addBroken();
    }
  }

  /** A lane of this loop. */
  Lane lane(int port, List<byte[]> requests) {
    return new Lane(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), requests);
  }

  /**
   * Sends {@code count} requests on {@code main}, {@code rate} a second, and one on {@code probe}
   * for every ten of them; waits for all answers.
   *
   * @return nanoseconds from the first due time to the last
   */
  long run(Lane main, Lane probe, int rate, int count) throws IOException {
    long step = 1_000_000_000L / rate;
    if (probe != main) {
      probe.expect(count / 10);
    }
    main.expect(count);
    long start = System.nanoTime() + 20_000_000L;
    for (int i = 0; i < count; i++) {
      long slot = start + i * step;
      long due = slot + random.nextLong(step);
      parkUntil(due);
      main.send(due);
      if (probe != main && i % 10 == 9) {
        long later = due + random.nextLong(slot + step - due);
        parkUntil(later);
        probe.send(later);
      }
    }
    awaitAnswers(main);
    awaitAnswers(probe);
    return count * step;
  }

  private static void awaitAnswers(Lane lane) throws IOException {
    long deadline = System.nanoTime() + 30_000_000_000L;
    while (lane.inFlight.get() > 0) {
      if (System.nanoTime() > deadline) {
        throw new IOException(
            lane.inFlight.get() + " of " + lane.due + " requests were not answered within 30 s");
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static void parkUntil(long nanos) {
    for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private void readAll() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(64 << 10);
    byte[] bytes = new byte[64 << 10];
    try {
      while (!closed) {
        selector.select(key -> read((Connection) key.attachment(), key, buffer, bytes));
      }
    } catch (IOException e) {
      throw new IllegalStateException("the reader failed", e);
    }
  }

  private static void read(
      Connection connection, SelectionKey key, ByteBuffer buffer, byte[] bytes) {
    int length;
    try {
      buffer.clear();
      length = connection.channel.read(buffer);
    } catch (IOException broken) {
      length = -1;
    }
    Lane lane = connection.lane;
    if (length < 0) {
      key.cancel();
      try {
        connection.channel.close();
        lane.closed(connection);
      } catch (IOException e) {
        throw new IllegalStateException("cannot send a request again", e);
      }
      return;
    }
    buffer.flip().get(bytes, 0, length);
    if (connection.accept(bytes, length, System.nanoTime())) {
      lane.release(connection);
      lane.inFlight.decrementAndGet();
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    selector.wakeup();
    try {
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }
}

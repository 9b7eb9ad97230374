package io.bitrouter.it.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * An upstream in a process of its own that costs little: answers chat completions after a fixed
 * delay, with a whole body or, when the request says {@code "stream":true}, with paced chunks. One
 * thread reads, one writes when an answer is due; all delays are constant, so that two queues in
 * order of arrival are in order of time.
 *
 * <p>Arguments: milliseconds before the first byte, chunks of a stream, milliseconds between them.
 * It writes its port and ends when its standard input does.
 */
final class CheapUpstream {

  private final long firstNanos;
  private final long everyNanos;
  private final CheapAnswers answers;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Due> firsts = new ArrayDeque<>();
  private final ArrayDeque<Due> nexts = new ArrayDeque<>();

  private CheapUpstream(long firstNanos, long everyNanos, CheapAnswers answers) {
    this.firstNanos = firstNanos;
    this.everyNanos = everyNanos;
    this.answers = answers;
  }

  /** Something to be written at a time. */
  private record Due(long atNanos, SocketChannel channel, boolean stream, int chunk) {}

  /** What has been read of a request. */
  private static final class Reading {
    private static final byte[] STREAM = CheapAnswers.ascii("\"stream\":true");

    private final ByteBuffer buffer = ByteBuffer.allocate(8 << 10);

    /** Length of the request at the start of the buffer, 0 when it is not complete. */
    int complete() {
      int head = HttpBytes.endOfHead(buffer.array(), buffer.position());
      if (head < 0) {
        return 0;
      }
      int length = head + HttpBytes.contentLength(buffer.array(), head);
      return buffer.position() >= length ? length : 0;
    }

    boolean stream(int length) {
      return HttpBytes.indexOf(buffer.array(), 0, length, STREAM) >= 0;
    }

    void drop(int length) {
      buffer.flip().position(length);
      buffer.compact();
    }
  }

  public static void main(String[] arguments) throws Exception {
    CheapUpstream upstream =
        new CheapUpstream(
            Long.parseLong(arguments[0]) * 1_000_000,
            Long.parseLong(arguments[2]) * 1_000_000,
            new CheapAnswers(Integer.parseInt(arguments[1])));
    ServerSocketChannel listener = ServerSocketChannel.open();
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4_096);
    listener.configureBlocking(false);
    Thread.ofPlatform().daemon().name("reader").start(() -> upstream.readAll(listener));
    Thread.ofPlatform().daemon().name("writer").start(upstream::writeAll);
    System.out.println(((InetSocketAddress) listener.getLocalAddress()).getPort());
    while (System.in.read() >= 0) {
      // Nothing is said on standard input; its end is the message.
    }
  }

  private void readAll(ServerSocketChannel listener) {
    try (Selector selector = Selector.open()) {
      listener.register(selector, SelectionKey.OP_ACCEPT);
      while (true) {
        selector.select(key -> {
          if (key.isAcceptable()) {
            accept(listener, selector);
          } else {
            read(key);
          }
        });
      }
    } catch (IOException e) {
      throw new IllegalStateException("the reader failed", e);
    }
  }

  private static void accept(ServerSocketChannel listener, Selector selector) {
    try {
      for (SocketChannel channel = listener.accept();
          channel != null;
          channel = listener.accept()) {
        channel.configureBlocking(false);
        channel.socket().setTcpNoDelay(true);
        channel.register(selector, SelectionKey.OP_READ, new Reading());
      }
    } catch (IOException e) {
      throw new IllegalStateException("cannot accept", e);
    }
  }

  private void read(SelectionKey key) {
    SocketChannel channel = (SocketChannel) key.channel();
    Reading reading = (Reading) key.attachment();
    try {
      if (channel.read(reading.buffer) < 0) {
        channel.close();
        return;
      }
    } catch (IOException gone) {
      key.cancel();
      return;
    }
    for (int length = reading.complete(); length > 0; length = reading.complete()) {
      Due due = new Due(System.nanoTime() + firstNanos, channel, reading.stream(length), 0);
      reading.drop(length);
      enqueue(firsts, due);
    }
  }

  private void enqueue(ArrayDeque<Due> queue, Due due) {
    lock.lock();
    try {
      if (queue.isEmpty()) {
        changed.signal();
      }
      queue.addLast(due);
    } finally {
      lock.unlock();
    }
  }

  private void writeAll() {
    while (true) {
      Due due = next();
      write(due);
    }
  }

  private Due next() {
    lock.lock();
    try {
      while (true) {
        ArrayDeque<Due> queue = earlier();
        Due due = queue.peekFirst();
        long left = due == null ? Long.MAX_VALUE : due.atNanos() - System.nanoTime();
        if (left <= 0) {
          return queue.removeFirst();
        }
        long unused = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  private ArrayDeque<Due> earlier() {
    if (firsts.isEmpty()) {
      return nexts;
    }
    if (nexts.isEmpty()) {
      return firsts;
    }
    return firsts.peekFirst().atNanos() - nexts.peekFirst().atNanos() <= 0 ? firsts : nexts;
  }

  private void write(Due due) {
    ByteBuffer bytes = due.stream() ? answers.chunk(due.chunk()) : answers.whole();
    try {
      while (bytes.hasRemaining()) {
        due.channel().write(bytes);
      }
    } catch (IOException gone) {
      return;
    }
    if (due.stream() && !answers.last(due.chunk())) {
      enqueue(nexts, new Due(due.atNanos() + everyNanos, due.channel(), true, due.chunk() + 1));
    }
  }
}

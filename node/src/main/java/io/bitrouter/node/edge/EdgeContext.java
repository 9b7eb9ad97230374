package io.bitrouter.node.edge;

import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.kernel.Ticker;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the connections of one server share. Thread-safe. */
final class EdgeContext {
  private static final Logger LOG = LoggerFactory.getLogger(EdgeServer.class);

  private final EdgeLimits limits;
  private final Ticker ticker;
  private final RandomGenerator random;
  private final EdgeHandler handler;
  private final MemoryBudget budget;
  private final HttpDate date;
  private final Set<EdgeConnection> connections = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connectionCount = new AtomicInteger();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final ThreadFactory threads =
      Thread.ofVirtual().name("request").inheritInheritableThreadLocals(false).factory();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition quieter = lock.newCondition();
  private volatile boolean draining;

  EdgeContext(EdgeLimits limits, Ticker ticker, RandomGenerator random, EdgeHandler handler) {
    this.limits = limits;
    this.ticker = ticker;
    this.random = random;
    this.handler = handler;
    this.budget = new MemoryBudget(limits.bufferedBytes());
    this.date = new HttpDate(ticker);
  }

  EdgeLimits limits() {
    return limits;
  }

  Ticker ticker() {
    return ticker;
  }

  MemoryBudget budget() {
    return budget;
  }

  RequestId nextRequestId() {
    return RequestId.next(ticker, random);
  }

  String date() {
    return date.now();
  }

  boolean draining() {
    return draining;
  }

  int inFlight() {
    return inFlight.get();
  }

  int connections() {
    return connectionCount.get();
  }

  /** Counts a connection in; false when there are too many, and then it is not counted. */
  boolean admit() {
    if (connectionCount.incrementAndGet() <= limits.maxConnections()) {
      return true;
    }
    connectionCount.decrementAndGet();
    return false;
  }

  void opened(EdgeConnection connection) {
    connections.add(connection);
    if (draining) {
      connection.drain();
    }
  }

  void closed(EdgeConnection connection) {
    connections.remove(connection);
    connectionCount.decrementAndGet();
    signal();
  }

  /** Serves a request on a virtual thread. */
  void serve(EdgeExchange exchange) {
    inFlight.incrementAndGet();
    threads.newThread(() -> run(exchange)).start();
  }

  /** Makes every connection close after the answer it is at, idle ones at once. */
  void drain() {
    draining = true;
    connections.forEach(EdgeConnection::drain);
  }

  /** Closes every connection, whatever it is at. */
  void cut() {
    connections.forEach(EdgeConnection::cut);
  }

  /** Waits until no connection and no request is left; false when {@code most} was not enough. */
  boolean awaitQuiet(Duration most) {
    long left = most.toNanos();
    lock.lock();
    try {
      while (inFlight.get() > 0 || connectionCount.get() > 0) {
        if (left <= 0) {
          return false;
        }
        left = quieter.awaitNanos(left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void run(EdgeExchange exchange) {
    try {
      handler.handle(exchange);
    } catch (Throwable e) {
      // Whatever it was, the thread ends here and the client is told by finish().
      LOG.error("request {} failed", exchange.requestId(), e);
    } finally {
      exchange.finish();
      inFlight.decrementAndGet();
      signal();
    }
  }

  private void signal() {
    if (draining) {
      lock.lock();
      try {
        quieter.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}

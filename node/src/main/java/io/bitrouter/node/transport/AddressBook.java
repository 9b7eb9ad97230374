package io.bitrouter.node.transport;

import io.bitrouter.core.kernel.Ticker;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Addresses of host names, looked up on threads of its own and remembered: a found name for 30
 * seconds, and for as long again while it is looked up anew in the background; an unknown one for 2
 * seconds. When a look-up fails, addresses found before stay in use for 5 minutes. Thread-safe.
 */
final class AddressBook implements AutoCloseable {

  /** Asks the system. */
  @FunctionalInterface
  interface Lookup {
    InetAddress[] addresses(String host) throws UnknownHostException;
  }

  private static final long FRESH = TimeUnit.SECONDS.toNanos(30);
  private static final long USABLE = TimeUnit.SECONDS.toNanos(60);
  private static final long STALE_ON_ERROR = TimeUnit.MINUTES.toNanos(5);
  private static final long NEGATIVE = TimeUnit.SECONDS.toNanos(2);
  private static final int THREADS = 4;
  private static final int QUEUE = 256;

  /** Names come from the configuration; this is a bound, not a size. */
  private static final int MOST_NAMES = 4_096;

  private final Lookup lookup;
  private final Ticker ticker;
  private final ThreadPoolExecutor threads;
  private final Map<String, Entry> entries = new ConcurrentHashMap<>();

  AddressBook(Lookup lookup, Ticker ticker) {
    this.lookup = lookup;
    this.ticker = ticker;
    AtomicInteger number = new AtomicInteger();
    this.threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(QUEUE),
            task ->
                Thread.ofPlatform()
                    .daemon()
                    .name("names-" + number.incrementAndGet())
                    .unstarted(task));
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Finds the addresses of {@code host} and gives them to {@code found}, an empty list if there are
   * none; at once in the caller's thread if they are remembered, else later in another.
   */
  void resolve(String host, Consumer<List<InetAddress>> found) {
    if (entries.size() >= MOST_NAMES) {
      entries.clear();
    }
    entries.computeIfAbsent(host, Entry::new).ask(found);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  /** One name. */
  private final class Entry {
    private final String host;
    private final List<Consumer<List<InetAddress>>> waiting = new ArrayList<>();
    private List<InetAddress> addresses = List.of();
    private long foundAt;
    private long failedAt;
    private boolean found;
    private boolean failed;
    private boolean asking;

    Entry(String host) {
      this.host = host;
    }

    void ask(Consumer<List<InetAddress>> consumer) {
      List<InetAddress> now = remembered(consumer);
      if (now != null) {
        consumer.accept(now);
      }
    }

    private synchronized @Nullable List<InetAddress> remembered(
        Consumer<List<InetAddress>> consumer) {
      long now = ticker.nanos();
      long age = now - foundAt;
      boolean failedLately = failed && now - failedAt < NEGATIVE;
      if (found && age < FRESH) {
        return addresses;
      }
      if (failedLately) {
        return found && age < STALE_ON_ERROR ? addresses : List.of();
      }
      boolean usable = found && age < USABLE;
      if (!usable) {
        waiting.add(consumer);
      }
      if (!asking) {
        asking = true;
        start();
      }
      return usable ? addresses : null;
    }

    private void start() {
      try {
        threads.execute(this::look);
      } catch (RejectedExecutionException e) {
        // Too many names are being looked up, or the book is closed: the same as no answer. Told
        // from another thread, since this one holds the lock.
        Thread.ofVirtual().start(() -> tell(List.of()));
      }
    }

    private void look() {
      List<InetAddress> answer;
      try {
        answer = List.of(lookup.addresses(host));
      } catch (UnknownHostException e) {
        answer = List.of();
      }
      tell(answer);
    }

    private void tell(List<InetAddress> answer) {
      List<Consumer<List<InetAddress>>> askers;
      List<InetAddress> result;
      synchronized (this) {
        long now = ticker.nanos();
        asking = false;
        failed = answer.isEmpty();
        if (failed) {
          failedAt = now;
        } else {
          addresses = answer;
          foundAt = now;
          found = true;
        }
        result = found && now - foundAt < STALE_ON_ERROR ? addresses : List.of();
        askers = List.copyOf(waiting);
        waiting.clear();
      }
      askers.forEach(asker -> asker.accept(result));
    }
  }
}

package io.bitrouter.store.sqlite;

import io.bitrouter.core.store.StoreInDoubtException;
import io.bitrouter.core.store.StoreUnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteException;

/**
 * Platform threads with one connection each and a bounded queue before them.
 *
 * <p>Native calls would pin a virtual thread to its carrier, so callers only wait here, and only
 * for a bounded time. A caller that gives up before its work commits leaves nothing behind: the
 * work is stopped and rolled back. Thread-safe.
 */
final class Lane implements AutoCloseable {

  /** Makes a connection that is ready for use, in auto-commit mode. */
  interface ConnectionSource {
    Connection connect() throws SQLException;
  }

  private enum Stage {
    WAITING,
    RUNNING,
    COMMITTING,
    ABANDONED
  }

  private static final class Task<T> {
    private final SqlWork<T> work;
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.WAITING);
    private final CompletableFuture<T> result = new CompletableFuture<>();

    Task(SqlWork<T> work) {
      this.work = work;
    }

    /** Gives up; false when it is too late because the work is being committed or is done. */
    boolean abandon() {
      return stage.compareAndSet(Stage.WAITING, Stage.ABANDONED)
          || stage.compareAndSet(Stage.RUNNING, Stage.ABANDONED);
    }
  }

  private static final int QUEUE = 1_024;
  private static final int CONSTRAINT = 19;

  /** Steps of the SQL engine, some milliseconds of them, between two looks at the caller. */
  private static final int STEPS_PER_LOOK = 100_000;

  private static final Duration CLOSE_WAIT = Duration.ofSeconds(10);

  private final String name;
  private final int limit;
  private final Duration patience;
  private final Jdbi jdbi;
  private final BlockingQueue<Task<?>> queue = new ArrayBlockingQueue<>(QUEUE);
  private final AtomicInteger idle = new AtomicInteger();

  /** The last thing that each thread takes from the queue. */
  private final Task<Boolean> leave = new Task<>(handle -> true);

  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;

  /** Stops statements whose caller has given up, so that they do not keep others waiting. */
  private static final class Watch extends ProgressHandler {
    private final AtomicReference<@Nullable Task<?>> running = new AtomicReference<>();

    @Override
    protected int progress() {
      @Nullable Task<?> task = running.get();
      return task != null && task.stage.get() == Stage.ABANDONED ? 1 : 0;
    }
  }

  /**
   * @param name name of the threads
   * @param limit most threads; they are started when needed
   * @param patience how long a caller waits
   */
  Lane(String name, int limit, ConnectionSource source, Duration patience) {
    this.name = name;
    this.limit = limit;
    this.patience = patience;
    this.jdbi = Jdbi.create(source::connect);
  }

  /**
   * Runs {@code work} in a transaction and waits for it.
   *
   * @throws StoreUnavailableException when the store cannot do it now, or did not in time
   * @throws StoreInDoubtException when it may yet do it
   */
  <T> T call(SqlWork<T> work) {
    Task<T> task = new Task<>(work);
    if (closed) {
      throw new StoreUnavailableException("the store is closed");
    }
    if (!queue.offer(task)) {
      throw new StoreUnavailableException("too many calls wait for the store");
    }
    startThreadIfAllAreBusy();
    try {
      return await(task, patience);
    } catch (TimeoutException e) {
      if (task.abandon()) {
        throw new StoreUnavailableException(
            "the store did not answer within " + patience.toMillis() + " ms");
      }
      return awaitCommit(task);
    } catch (InterruptedException e) {
      try {
        if (task.abandon()) {
          throw new StoreUnavailableException("interrupted while waiting for the store");
        }
        return awaitCommit(task);
      } finally {
        Thread.currentThread().interrupt();
      }
    }
  }

  private <T> T awaitCommit(Task<T> task) {
    try {
      return await(task, patience);
    } catch (TimeoutException e) {
      throw inDoubt("the store did not finish a commit in time", task);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw inDoubt("interrupted while the store was committing", task);
    }
  }

  private static StoreInDoubtException inDoubt(String message, Task<?> task) {
    return new StoreInDoubtException(message, task.result.minimalCompletionStage());
  }

  private static <T> T await(Task<T> task, Duration bound)
      throws TimeoutException, InterruptedException {
    try {
      return task.result.get(bound.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw translated(e.getCause());
    }
  }

  private static RuntimeException translated(@Nullable Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    @Nullable SQLException sql = sqlCause(cause);
    if (sql instanceof SQLiteException e && (e.getErrorCode() & 0xFF) == CONSTRAINT) {
      return new IllegalStateException("the store refused: " + sql.getMessage(), sql);
    }
    if (sql != null) {
      return new StoreUnavailableException("the store failed: " + sql.getMessage(), sql);
    }
    return cause instanceof RuntimeException e
        ? e
        : new StoreUnavailableException("the store failed: " + cause);
  }

  private static @Nullable SQLException sqlCause(@Nullable Throwable cause) {
    @Nullable Throwable each = cause;
    while (each != null) {
      if (each instanceof SQLException sql) {
        return sql;
      }
      each = each.getCause();
    }
    return null;
  }

  private void startThreadIfAllAreBusy() {
    if (idle.get() > 0) {
      return;
    }
    synchronized (threads) {
      if (!closed && threads.size() < limit) {
        Thread thread =
            Thread.ofPlatform().daemon().name(name + "-" + threads.size()).unstarted(this::serve);
        threads.add(thread);
        thread.start();
      }
    }
  }

  private void serve() {
    @Nullable Handle handle = null;
    Watch watch = new Watch();
    try {
      while (true) {
        idle.incrementAndGet();
        Task<?> task;
        try {
          task = queue.take();
        } finally {
          idle.decrementAndGet();
        }
        if (task == leave) {
          return;
        }
        watch.running.set(task);
        handle = run(task, handle, watch);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      release(handle);
    }
  }

  /**
   * Runs one task; returns the handle to go on with, none when the connection may be spoilt. The
   * driver begins a transaction when auto-commit goes off and commits when it goes on again.
   */
  private <T> @Nullable Handle run(Task<T> task, @Nullable Handle given, Watch watch) {
    if (!task.stage.compareAndSet(Stage.WAITING, Stage.RUNNING)) {
      return given;
    }
    @Nullable Handle handle = given;
    try {
      if (handle == null) {
        handle = jdbi.open();
        ProgressHandler.setHandler(handle.getConnection(), STEPS_PER_LOOK, watch);
      }
      handle.getConnection().setAutoCommit(false);
      T value = task.work.run(handle);
      if (task.stage.compareAndSet(Stage.RUNNING, Stage.COMMITTING)) {
        handle.getConnection().setAutoCommit(true);
        task.result.complete(value);
        return handle;
      }
      release(handle);
      return null;
    } catch (SQLException | RuntimeException | Error e) {
      release(handle);
      task.result.completeExceptionally(e);
      return null;
    }
  }

  /** Closes a connection, which rolls back what it has not committed. */
  private static void release(@Nullable Handle handle) {
    if (handle == null) {
      return;
    }
    try {
      handle.getConnection().close();
    } catch (SQLException | JdbiException e) {
      // The connection is being thrown away; there is nobody left whom this could help.
      return;
    }
  }

  /** Finishes what is queued, for at most ten seconds, and closes the connections. */
  @Override
  public void close() {
    List<Thread> started;
    synchronized (threads) {
      closed = true;
      started = List.copyOf(threads);
    }
    long end = System.nanoTime() + CLOSE_WAIT.toNanos();
    try {
      boolean room = true;
      for (int i = 0; i < started.size() && room; i++) {
        room = queue.offer(leave, end - System.nanoTime(), TimeUnit.NANOSECONDS);
      }
      for (Thread thread : started) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left > 0) {
          thread.join(left);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

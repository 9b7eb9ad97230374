package io.bitrouter.node.edge;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A deadline that moves often and is met rarely. Moving it is a field write: the one scheduled task
 * looks at it when it fires and goes back to sleep if there is time left. Used on one event loop.
 */
public final class LoopWatch {
  private final EventExecutor loop;
  private final Runnable expired;
  private @Nullable ScheduledFuture<?> task;
  private long wakeAt;
  private long deadline;
  private boolean armed;

  /** A watch that is not armed; {@code expired} runs on {@code loop}, once for each arming. */
  public LoopWatch(EventExecutor loop, Runnable expired) {
    this.loop = loop;
    this.expired = expired;
  }

  /** Sets the deadline {@code nanos} from now, whatever it was. */
  public void arm(long nanos) {
    long now = loop.ticker().nanoTime();
    deadline = now + nanos;
    armed = true;
    if (task == null) {
      schedule(now);
    } else if (deadline - wakeAt < 0) {
      task.cancel(false);
      schedule(now);
    }
  }

  /** Whether a deadline is set. */
  public boolean armed() {
    return armed;
  }

  /** Forgets the deadline. */
  public void disarm() {
    armed = false;
  }

  /** Forgets the deadline and the task, when the watch is not needed any more. */
  public void close() {
    armed = false;
    if (task != null) {
      task.cancel(false);
      task = null;
    }
  }

  private void schedule(long now) {
    wakeAt = deadline;
    task = loop.schedule(this::wake, deadline - now, TimeUnit.NANOSECONDS);
  }

  private void wake() {
    task = null;
    if (!armed) {
      return;
    }
    long now = loop.ticker().nanoTime();
    if (deadline - now > 0) {
      schedule(now);
      return;
    }
    armed = false;
    expired.run();
  }
}

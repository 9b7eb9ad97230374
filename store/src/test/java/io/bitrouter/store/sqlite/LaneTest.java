package io.bitrouter.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitrouter.core.store.StoreUnavailableException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Phaser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The queue before a connection. */
class LaneTest {

  private static final String ENDLESS =
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";

  @TempDir private Path folder;

  @Test
  void aStatementWhoseCallerHasGivenUpDoesNotKeepOthersWaiting() {
    String url = "jdbc:sqlite:" + folder.resolve("some.db");
    try (Lane lane =
        new Lane("lane", 1, () -> DriverManager.getConnection(url), Duration.ofMillis(500))) {
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(
                () -> lane.call(handle -> handle.createQuery(ENDLESS).mapTo(long.class).one()))
            .isInstanceOf(StoreUnavailableException.class)
            .hasMessageContaining("did not answer within 500 ms");
        int one = lane.call(handle -> handle.createQuery("SELECT 1").mapTo(int.class).one());
        assertThat(one).isEqualTo(1);
      }
    }
  }

  /** Threads without work stayed until they looked up by themselves, half a second later. */
  @Test
  void closingEndsEveryThreadAtOnce() throws Exception {
    long shortest = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      Lane lane = withThreads(4);
      long begun = System.nanoTime();
      lane.close();
      shortest = Math.min(shortest, System.nanoTime() - begun);
    }
    assertThat(Duration.ofNanos(shortest)).isLessThan(Duration.ofMillis(250));
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().startsWith("leaving-"));
  }

  /** A lane that has started all its threads. */
  private Lane withThreads(int count) throws InterruptedException {
    String url = "jdbc:sqlite:" + folder.resolve("some.db");
    Lane lane =
        new Lane("leaving", count, () -> DriverManager.getConnection(url), Duration.ofSeconds(30));
    Phaser together = new Phaser(count);
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      callers.add(
          Thread.ofVirtual()
              .start(() -> {
                int unused = lane.call(handle -> together.arriveAndAwaitAdvance());
              }));
    }
    for (Thread caller : callers) {
      caller.join();
    }
    return lane;
  }
}

package io.bitrouter.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteDatabaseTest {

  @TempDir private Path folder;

  /** Somebody who checks a long audit log over and over must not make the node unready. */
  @Test
  void walksOverWholeTablesKeepNobodyFromShortQuestions() throws Exception {
    try (SqliteDatabase database = SqliteDatabase.open(folder.resolve("bitrouter.db"));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CountDownLatch walking = new CountDownLatch(1);
      CountDownLatch end = new CountDownLatch(1);
      List<Future<Boolean>> walks = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        walks.add(
            threads.submit(() ->
                database.readLong(handle -> {
                  walking.countDown();
                  return awaited(end);
                })));
      }
      assertThat(walking.await(10, TimeUnit.SECONDS)).isTrue();
      for (int i = 0; i < 100; i++) {
        assertThat(database.<Integer>read(handle -> 1)).isEqualTo(1);
      }
      end.countDown();
      for (Future<Boolean> walk : walks) {
        assertThat(walk.get(10, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  private static boolean awaited(CountDownLatch latch) {
    try {
      return latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      return false;
    }
  }
}

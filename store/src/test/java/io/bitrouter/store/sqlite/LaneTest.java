package io.bitrouter.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitrouter.core.store.StoreUnavailableException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
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
}

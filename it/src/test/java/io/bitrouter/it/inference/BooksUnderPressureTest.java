package io.bitrouter.it.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.node.BookedRow;
import io.bitrouter.it.node.NodeWorld;
import io.bitrouter.it.node.RawConnection;
import io.bitrouter.testkit.Reply;
import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A store that somebody else holds: inference goes on until the journal is full, then it stops. */
final class BooksUnderPressureTest {

  private static final int BATCH = 20;
  private static final int MOST_BATCHES = 1_000;

  @RegisterExtension
  static final NodeWorld WORLD = NodeWorld.configured("journal: {max_bytes: 1MiB}\n");

  @Test
  void aLockedStoreDoesNotStopInference() throws Exception {
    try (Connection lock = lockStore()) {
      for (Dialects dialect : Dialects.values()) {
        for (boolean streamed : new boolean[] {false, true}) {
          WORLD.client().post(dialect.path, dialect.body(streamed)).mustBe(200);
        }
      }
      WORLD.client().post("/v1/messages", Dialects.MESSAGES.body("none", false)).mustBe(404);
      WORLD.node().anonymous().get("/health/ready").mustBe(200);
      Reply mint =
          WORLD
              .client()
              .post(
                  "/v1/namespaces/me/keys",
                  "{\"display_name\":\"late\",\"scopes\":[\"usage:read\"]}")
              .mustBe(503);
      assertThat(mint.json().path("code").asString()).isEqualTo("store_unavailable");
      assertThat(mint.header("retry-after")).isPresent();
      lock.rollback();
    }
    for (BookedRow row : WORLD.ledger().rows(5)) {
      if (row.text("status").equals("denied")) {
        row.ended("denied", 404, "model_not_found").free();
      } else {
        row.ended("succeeded", 200).used("reported", 11, 3).charged("computed");
      }
    }
    assertThat(WORLD.client().get("/v1/namespaces/me/keys").mustBe(200).text())
        .doesNotContain("late");
  }

  @Test
  void aFullJournalStopsInferenceUntilTheStoreHasCaughtUp() throws Exception {
    long admittedBefore = usage("request_count");
    long deniedBefore = usage("denied_count");
    int served = 0;
    int refused = 0;
    try (Connection lock = lockStore();
        RawConnection client = RawConnection.to(WORLD.node().endpoint())) {
      byte[] batch = batch();
      for (int i = 0; i < MOST_BATCHES && refused == 0; i++) {
        client.send(batch);
        for (int answer = 0; answer < BATCH; answer++) {
          Reply reply = client.reply();
          if (reply.status() == 200) {
            served++;
          } else {
            mustBeUnavailable(reply);
            refused++;
          }
        }
      }
      assertThat(refused).isPositive();
      assertThat(WORLD.upstream().requests()).hasSize(served);
      Reply ready = WORLD.node().anonymous().get("/health/ready").mustBe(503);
      assertThat(ready.json().path("journal").asBoolean(true)).isFalse();
      assertThat(ready.json().path("store").asBoolean(false)).isTrue();
      WORLD.node().anonymous().get("/health/live").mustBe(200);
      lock.rollback();
    }
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> WORLD.node().anonymous().get("/health/ready").status() == 200);
    WORLD.client().post("/v1/chat/completions", Dialects.CHAT.body(false)).mustBe(200);
    assertThat(usage("request_count") - admittedBefore).isEqualTo(served + 1);
    assertThat(usage("denied_count") - deniedBefore).isEqualTo(refused);
  }

  private static void mustBeUnavailable(Reply reply) {
    reply.mustBe(503);
    assertThat(reply.json().at("/error/code").asString()).isEqualTo("journal_unavailable");
    assertThat(reply.header("retry-after")).isPresent();
    assertThat(reply.header("x-should-retry")).hasValue("true");
  }

  private static byte[] batch() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] one =
        RawConnection.request(
            "/v1/chat/completions",
            WORLD.key().token(),
            Dialects.CHAT.body(false).replace("\"max", "\"tools\":[],\"max"),
            "X-Request-Id: " + "r".repeat(128));
    for (int i = 0; i < BATCH; i++) {
      all.writeBytes(one);
    }
    return all.toByteArray();
  }

  private static long usage(String member) {
    return WORLD.client().get("/v1/namespaces/me/usage").mustBe(200).json().path(member).asLong();
  }

  /** Holds the store's write lock until it is rolled back. */
  private static Connection lockStore() throws SQLException {
    Connection connection =
        DriverManager.getConnection(
            "jdbc:sqlite:"
                + WORLD.node().home().resolve("bitrouter.db")
                + "?transaction_mode=IMMEDIATE");
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 5000");
      statement.execute("CREATE TABLE lock_of_a_test(x)");
    }
    return connection;
  }
}

package io.bitrouter.it.inference;

import io.bitrouter.it.node.BookedRow;
import io.bitrouter.it.node.NodeWorld;
import io.bitrouter.it.node.RawConnection;
import io.bitrouter.testkit.UpstreamScript;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that leave a node that reads on: the books are exact. */
final class DrainTest {

  @RegisterExtension
  static final NodeWorld WORLD = NodeWorld.configured("upstream: {on_disconnect: drain}\n");

  @ParameterizedTest
  @EnumSource(Dialects.class)
  void aStreamIsReadToItsEnd(Dialects dialect) throws Exception {
    WORLD
        .upstream()
        .answer(UpstreamScript.ok().withChunks(20).paced(Duration.ZERO, Duration.ofMillis(50)));
    try (RawConnection client = RawConnection.to(WORLD.node().endpoint())) {
      client.post(dialect.path, WORLD.key().token(), dialect.body(true));
      client.bodyUntil(client.head(), "word ");
      client.reset();
    }
    mustBeExact(20, 200);
  }

  @ParameterizedTest
  @CsvSource({"CHAT,false", "CHAT,true", "MESSAGES,false", "MESSAGES,true"})
  void anAnswerThatHasNotBegunIsReadToItsEnd(Dialects dialect, boolean streamed) throws Exception {
    WORLD.upstream().answer(UpstreamScript.ok().paced(Duration.ofSeconds(1), Duration.ZERO));
    try (RawConnection client = RawConnection.to(WORLD.node().endpoint())) {
      client.post(dialect.path, WORLD.key().token(), dialect.body(streamed));
      WORLD.upstream().awaitRequests(1);
      client.reset();
    }
    mustBeExact(3, streamed ? 200 : 499);
  }

  private static void mustBeExact(int tokens, int status) {
    BookedRow row = WORLD.ledger().only().ended("cancelled", status);
    row.used("reported", 11, tokens).charged("computed");
    Awaitility.await().until(() -> WORLD.upstream().completed() == 1);
  }
}

package io.bitrouter.it.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.node.BookedRow;
import io.bitrouter.it.node.NodeWorld;
import io.bitrouter.it.node.RawConnection;
import io.bitrouter.testkit.Bill;
import io.bitrouter.testkit.HttpReader.Head;
import io.bitrouter.testkit.UpstreamScript;
import io.bitrouter.testkit.UpstreamScript.Fault;
import java.io.IOException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that leave: the upstream is stopped at once, and the estimate covers its bill. */
final class DisconnectTest {

  @RegisterExtension static final NodeWorld WORLD = NodeWorld.plain();

  @ParameterizedTest
  @CsvSource({"CHAT,false", "CHAT,true", "MESSAGES,false", "MESSAGES,true"})
  void leavingBeforeTheHeadStopsTheUpstream(Dialects dialect, boolean streamed) throws Exception {
    WORLD.upstream().answer(UpstreamScript.ok().failing(Fault.HANG_BEFORE_FIRST_BYTE));
    String body = dialect.saying("mk-head-" + streamed, streamed);
    try (RawConnection client = RawConnection.to(WORLD.node().endpoint())) {
      client.post(dialect.path, WORLD.key().token(), body);
      WORLD.upstream().awaitRequests(1);
      client.reset();
    }
    BookedRow row = WORLD.ledger().only().ended("cancelled", 499);
    row.usedAtLeast(11, 1);
    assertThat(row.number("prompt_tokens")).isEqualTo(body.length());
    mustBeStopped();
  }

  @ParameterizedTest
  @CsvSource({"CHAT,false", "CHAT,true", "MESSAGES,false", "MESSAGES,true"})
  void leavingInAStreamStopsTheUpstream(Dialects dialect, boolean orderly) throws Exception {
    WORLD
        .upstream()
        .answer(UpstreamScript.ok().withChunks(400).paced(Duration.ZERO, Duration.ofMillis(10)));
    String marker = "mk-stream-" + orderly + "-" + dialect.text;
    long before = System.nanoTime();
    try (RawConnection client = RawConnection.to(WORLD.node().endpoint())) {
      client.post(dialect.path, WORLD.key().token(), dialect.saying(marker, true));
      Head head = client.head();
      assertThat(head.status()).isEqualTo(200);
      client.bodyUntil(head, "word ");
      if (!orderly) {
        client.reset();
      }
    }
    mustBeStopped();
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(3));
    Bill.Item bill = WORLD.billed(marker);
    assertThat(bill.outputTokens()).isBetween(1, 399);
    BookedRow row = WORLD.ledger().only().ended("cancelled", 200);
    row.usedAtLeast(bill.inputTokens(), bill.outputTokens());
    // Messages report their input at the start, a chat only at its end.
    if (dialect == Dialects.MESSAGES) {
      assertThat(row.number("prompt_tokens")).isEqualTo(11);
    }
    assertThat(row.number("completion_tokens")).isLessThanOrEqualTo(500);
  }

  @ParameterizedTest
  @EnumSource(Dialects.class)
  void leavingWhileAWholeAnswerIsAwaitedStopsTheUpstream(Dialects dialect) throws Exception {
    WORLD.upstream().answer(UpstreamScript.ok().failing(Fault.HANG));
    String body = dialect.saying("mk-whole", false);
    try (RawConnection client = RawConnection.to(WORLD.node().endpoint())) {
      client.post(dialect.path, WORLD.key().token(), body);
      WORLD.upstream().awaitRequests(1);
    }
    mustBeStopped();
    BookedRow row = WORLD.ledger().only().ended("cancelled", 499);
    row.used("estimated", body.length(), 500).charged("estimated");
  }

  @Test
  void leavingWhileTheBodyIsSentReachesNoUpstream() throws Exception {
    try (RawConnection client = RawConnection.to(WORLD.node().endpoint())) {
      client.send(
          "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
              + WORLD.key().token()
              + "\r\nContent-Length: 5000\r\n\r\n{\"model\":");
    }
    WORLD.ledger().only().ended("cancelled", 499).free();
    assertThat(WORLD.upstream().requests()).isEmpty();
  }

  @Test
  void aClientThatLeavesDoesNotDisturbTheOthers() throws Exception {
    WORLD
        .upstream()
        .answer(UpstreamScript.ok().withChunks(30).paced(Duration.ZERO, Duration.ofMillis(30)));
    try (RawConnection stays = RawConnection.to(WORLD.node().endpoint());
        RawConnection leaves = RawConnection.to(WORLD.node().endpoint())) {
      stays.post("/v1/chat/completions", WORLD.key().token(), Dialects.CHAT.body(true));
      leaves.post("/v1/chat/completions", WORLD.key().token(), Dialects.CHAT.body(true));
      leaves.bodyUntil(leaves.head(), "word ");
      leaves.reset();
      assertThat(stays.reply().text().split("word ", -1)).hasSize(31);
    }
    Awaitility.await().until(() -> WORLD.upstream().broken() == 1);
    for (BookedRow row : WORLD.ledger().rows(2)) {
      if (row.text("status").equals("succeeded")) {
        row.ended("succeeded", 200).used("reported", 11, 30).charged("computed");
      } else {
        row.ended("cancelled", 200).usedAtLeast(11, 1);
      }
    }
  }

  private static void mustBeStopped() throws IOException {
    Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> WORLD.upstream().broken() == 1);
    assertThat(WORLD.upstream().completed()).isZero();
  }
}

package io.bitrouter.it.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.node.BookedRow;
import io.bitrouter.it.node.NodeWorld;
import io.bitrouter.testkit.Reply;
import io.bitrouter.testkit.UpstreamScript;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What upstreams report of tokens, honest or not, and what is charged for it. */
final class UsageTest {

  private static final String CHAT_BUCKETS =
      """
      {"prompt_tokens":100,"completion_tokens":20,"total_tokens":120,\
      "prompt_tokens_details":{"cached_tokens":40,"cache_write_tokens":10,"audio_tokens":0},\
      "completion_tokens_details":{"reasoning_tokens":5}}\
      """;

  private static final String MESSAGES_BUCKETS =
      """
      {"input_tokens":10,"cache_read_input_tokens":100,"cache_creation_input_tokens":50,\
      "cache_creation":{"ephemeral_5m_input_tokens":30,"ephemeral_1h_input_tokens":20},\
      "output_tokens":7,"service_tier":"standard"}\
      """;

  @RegisterExtension static final NodeWorld WORLD = NodeWorld.plain();

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void everyBucketOfAChatHasItsPrice(boolean streamed) {
    WORLD.upstream().answer(UpstreamScript.ok().withUsage(CHAT_BUCKETS));
    WORLD
        .client()
        .post("/v1/chat/completions", Dialects.CHAT.body("buckets-chat", streamed))
        .mustBe(200);
    BookedRow row = WORLD.ledger().only().ended("succeeded", 200).used("reported", 100, 20);
    assertThat(row.bucket("uncached_input")).isEqualTo(50);
    assertThat(row.bucket("cache_read")).isEqualTo(40);
    assertThat(row.bucket("cache_write_5m")).isEqualTo(10);
    assertThat(row.bucket("cache_write_1h")).isZero();
    assertThat(row.bucket("output")).isEqualTo(15);
    assertThat(row.bucket("reasoning")).isEqualTo(5);
    row.charged("computed", 50 * 2_000 + 40 * 200 + 10 * 2_500 + 20 * 10_000);
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void everyBucketOfMessagesHasItsPrice(boolean streamed) {
    WORLD.upstream().answer(UpstreamScript.ok().withUsage(MESSAGES_BUCKETS));
    WORLD
        .client()
        .post("/v1/messages", Dialects.MESSAGES.body("buckets-messages", streamed))
        .mustBe(200);
    BookedRow row = WORLD.ledger().only().ended("succeeded", 200).used("reported", 160, 7);
    assertThat(row.bucket("uncached_input")).isEqualTo(10);
    assertThat(row.bucket("cache_read")).isEqualTo(100);
    assertThat(row.bucket("cache_write_5m")).isEqualTo(30);
    assertThat(row.bucket("cache_write_1h")).isEqualTo(20);
    assertThat(row.bucket("output")).isEqualTo(7);
    row.charged("computed", 10 * 2_000 + 100 * 200 + 30 * 2_500 + 20 * 4_000 + 7 * 10_000);
  }

  @Test
  void aModelWithoutAPriceIsCountedAndNotCharged() {
    Reply reply =
        WORLD
            .client()
            .post("/v1/chat/completions", Dialects.CHAT.body("unpriced-chat", false))
            .mustBe(200);
    assertThat(reply.header("x-bitrouter-warnings")).hasValue("unpriced_model");
    WORLD.ledger().only().ended("succeeded", 200).used("reported", 11, 3).charged("not_charged", 0);
  }

  @ParameterizedTest
  @CsvSource({"CHAT,false", "CHAT,true", "MESSAGES,false", "MESSAGES,true"})
  void usageThatNobodyReportsIsBoundedByBytes(Dialects dialect, boolean streamed) {
    WORLD.upstream().answer(UpstreamScript.ok().withoutUsage());
    String body = dialect.body(streamed);
    WORLD.client().post(dialect.path, body).mustBe(200);
    BookedRow row = WORLD.ledger().only().ended("succeeded", 200);
    row.used("estimated", body.length(), "word word word ".length()).charged("estimated");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-1",
        "1.5",
        "1e3",
        "1000000001",
        "9223372036854775808",
        "1e999",
        "'\"7\"'",
        "null",
        "[1]"
      })
  void figuresThatCannotBeAreNotBelieved(String figure) {
    String chat = "{\"prompt_tokens\":%s,\"completion_tokens\":%s,\"total_tokens\":1}";
    String messages = "{\"input_tokens\":%s,\"output_tokens\":%s}";
    for (Dialects dialect : Dialects.values()) {
      String usage = dialect == Dialects.CHAT ? chat : messages;
      for (boolean streamed : new boolean[] {false, true}) {
        WORLD.upstream().next(UpstreamScript.ok().withUsage(usage.formatted(figure, figure)));
        WORLD.client().post(dialect.path, dialect.body(streamed)).mustBe(200);
      }
    }
    for (BookedRow row : WORLD.ledger().rows(4)) {
      row.ended("succeeded", 200).usedAtLeast(11, 3);
    }
  }

  @Test
  void theLargestFiguresDoNotOverflow() {
    WORLD
        .upstream()
        .answer(
            UpstreamScript.ok()
                .withUsage("{\"prompt_tokens\":1000000000,\"completion_tokens\":1000000000}"));
    for (int i = 0; i < 3; i++) {
      WORLD
          .client()
          .post("/v1/chat/completions", Dialects.CHAT.body("buckets-chat", i == 1))
          .mustBe(200);
    }
    for (BookedRow row : WORLD.ledger().rows(3)) {
      row.ended("succeeded", 200)
          .used("reported", 1_000_000_000, 1_000_000_000)
          .charged("computed", 12_000L * 1_000_000_000);
    }
  }

  @Test
  void fractionsOfAMicroDollarAreNotLost() {
    WORLD
        .upstream()
        .answer(
            UpstreamScript.ok()
                .withChunks(1)
                .withUsage("{\"prompt_tokens\":1,\"completion_tokens\":0}"));
    for (int i = 0; i < 8; i++) {
      WORLD.client().post("/v1/chat/completions", Dialects.CHAT.body(false)).mustBe(200);
    }
    long micros = 0;
    for (BookedRow row : WORLD.ledger().rows(8)) {
      row.ended("succeeded", 200).used("reported", 1, 0).charged("computed", 500);
      micros += row.number("final_charge_micro_usd");
    }
    assertThat(micros).isEqualTo(4);
  }

  @Test
  void contentThatIsCutOffBetweenBytesIsCountedOnce() {
    WORLD
        .upstream()
        .answer(
            UpstreamScript.ok()
                .saying("h\u00e9\ud83d\ude00\n\"")
                .withChunks(2)
                .dripping(Duration.ofNanos(20_000)));
    Reply reply = WORLD.client().post("/v1/chat/completions", Dialects.CHAT.body(true)).mustBe(200);
    assertThat(reply.text()).contains("h\u00e9\ud83d\ude00").endsWith("data: [DONE]\n\n");
    WORLD.ledger().only().ended("succeeded", 200).used("reported", 11, 2).charged("computed");
  }
}

package io.bitrouter.it.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.node.BookedRow;
import io.bitrouter.it.node.NodeWorld;
import io.bitrouter.testkit.Reply;
import io.bitrouter.testkit.UpstreamScript;
import io.bitrouter.testkit.UpstreamScript.Fault;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Upstreams that break in the middle of an answer, or never end it. */
final class BrokenAnswersTest {

  @RegisterExtension
  static final NodeWorld WORLD =
      NodeWorld.configured("upstream: {first_token_ms: 1000, idle_ms: 500}\n");

  @ParameterizedTest
  @CsvSource({
    "CHAT,false,RESET_BEFORE_FIRST_BYTE",
    "CHAT,true,RESET_BEFORE_FIRST_BYTE",
    "MESSAGES,true,RESET_BEFORE_FIRST_BYTE",
    "CHAT,false,CLOSE_BEFORE_FIRST_BYTE",
    "MESSAGES,true,CLOSE_BEFORE_FIRST_BYTE"
  })
  void aBreakBeforeTheFirstByteIsAnErrorAndFree(Dialects dialect, boolean streamed, Fault fault) {
    WORLD.upstream().answer(UpstreamScript.ok().failing(fault));
    Reply reply = WORLD.client().post(dialect.path, dialect.body(streamed)).mustBe(502);
    assertThat(reply.json().at("/error/code").asString()).isEqualTo("upstream_error");
    WORLD.ledger().only().ended("failed", 502, "upstream_error").free();
  }

  @ParameterizedTest
  @CsvSource({"RESET,upstream_error,502", "CLOSE,upstream_error,502", "HANG,upstream_timeout,504"})
  void aBreakInAWholeAnswerIsAnErrorAndEstimated(Fault fault, String code, int status) {
    for (Dialects dialect : Dialects.values()) {
      WORLD.upstream().next(UpstreamScript.ok().failing(fault));
      Reply reply = WORLD.client().post(dialect.path, dialect.body(false)).mustBe(status);
      assertThat(reply.json().at("/error/code").asString()).isEqualTo(code);
      assertThat(reply.text()).doesNotContain("chatcmpl").doesNotContain("msg_fake");
    }
    for (BookedRow row : WORLD.ledger().rows(2)) {
      row.ended("failed", status, code).usedAtLeast(11, 3);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "RESET,stream_truncated",
    "CLOSE,stream_truncated",
    "END_WITHOUT_TERMINAL,stream_truncated",
    "HANG,upstream_timeout"
  })
  void aBrokenStreamEndsWithAnErrorEvent(Fault fault, String code) {
    for (Dialects dialect : Dialects.values()) {
      WORLD.upstream().next(UpstreamScript.ok().failing(fault, 2));
      Reply reply = WORLD.client().postCut(dialect.path, dialect.body(true)).mustBe(200);
      assertThat(reply.text()).doesNotContain(dialect.terminal());
      assertThat(reply.text().split("word ", -1)).hasSize(3);
      JsonNode last = lastEvent(reply.text());
      assertThat(last.at("/error/code").asString()).isEqualTo(code);
      assertThat(last.path("request_id").asString())
          .isEqualTo(reply.header("x-request-id").orElseThrow());
      if (dialect == Dialects.MESSAGES) {
        assertThat(reply.text()).contains("event: error\n");
      }
    }
    for (BookedRow row : WORLD.ledger().rows(2)) {
      row.ended("failed", 200, code).usedAtLeast(11, 2);
    }
  }

  @ParameterizedTest
  @EnumSource(Dialects.class)
  void aStreamThatBreaksAtItsVeryStartIsEstimated(Dialects dialect) {
    WORLD.upstream().answer(UpstreamScript.ok().failing(Fault.RESET, 0));
    WORLD.client().post(dialect.path, dialect.body(true)).mustBe(502);
    WORLD.ledger().only().ended("failed", 502, "stream_truncated").usedAtLeast(11, 1);
  }

  @ParameterizedTest
  @EnumSource(Dialects.class)
  void anErrorEventIsPassedOnWithoutSecretsAndEstimated(Dialects dialect) {
    UpstreamScript refusing =
        UpstreamScript.refusing(529, "overloaded, key " + NodeWorld.ACCOUNT_KEY);
    WORLD
        .upstream()
        .answer(
            new UpstreamScript(
                200,
                refusing.headers(),
                refusing.errorMessage(),
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                3,
                "word ",
                11,
                refusing.usage(),
                Fault.ERROR_EVENT,
                2,
                refusing.raw()));
    Reply reply = WORLD.client().postCut(dialect.path, dialect.body(true)).mustBe(200);
    assertThat(reply.text())
        .contains("overloaded")
        .doesNotContain("7Hq2mZ")
        .doesNotContain(dialect.terminal());
    assertThat(lastEvent(reply.text()).path("error").isObject()).isTrue();
    WORLD.ledger().only().ended("failed", 200, "upstream_error").usedAtLeast(11, 2);
  }

  @ParameterizedTest
  @CsvSource({"CHAT,false", "CHAT,true", "MESSAGES,false", "MESSAGES,true"})
  void aSlowDripWithinTheIdleTimeIsServedToItsEnd(Dialects dialect, boolean streamed) {
    WORLD.upstream().answer(UpstreamScript.ok().withChunks(1).dripping(Duration.ofNanos(200_000)));
    Reply reply = WORLD.client().post(dialect.path, dialect.body(streamed)).mustBe(200);
    assertThat(reply.text()).contains("word ");
    if (streamed) {
      assertThat(reply.text()).contains(dialect.terminal());
    }
    WORLD.ledger().only().ended("succeeded", 200).used("reported", 11, 1).charged("computed");
  }

  @ParameterizedTest
  @EnumSource(Dialects.class)
  void aStreamSlowerThanTheIdleTimeIsATimeout(Dialects dialect) {
    WORLD
        .upstream()
        .answer(UpstreamScript.ok().withChunks(3).paced(Duration.ZERO, Duration.ofSeconds(5)));
    Reply reply = WORLD.client().postCut(dialect.path, dialect.body(true)).mustBe(200);
    assertThat(lastEvent(reply.text()).at("/error/code").asString()).isEqualTo("upstream_timeout");
    BookedRow row = WORLD.ledger().only().ended("failed", 200, "upstream_timeout");
    row.usedAtLeast(11, 1);
    assertThat(row.number("total_ms")).isBetween(490L, 4_900L);
  }

  @Test
  void aStreamOfSomethingElseIsPassedOnAndCounted() {
    WORLD
        .upstream()
        .answer(UpstreamScript.body("text/event-stream", "data: not json\n\ndata: [DONE]\n\n"));
    Reply reply = WORLD.client().post("/v1/chat/completions", Dialects.CHAT.body(true)).mustBe(200);
    assertThat(reply.text()).isEqualTo("data: not json\n\ndata: [DONE]\n\n");
    WORLD.ledger().only().ended("succeeded", 200).usedAtLeast(11, 8);
  }

  @Test
  void aStreamThatWasAnsweredWholeIsAnErrorAndOnTheBooks() {
    WORLD
        .upstream()
        .answer(
            UpstreamScript.body(
                "application/json",
                "{\"choices\":[],\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":5}}"));
    Reply reply = WORLD.client().post("/v1/chat/completions", Dialects.CHAT.body(true)).mustBe(502);
    assertThat(reply.json().at("/error/code").asString()).isEqualTo("upstream_error");
    assertThat(reply.json().at("/error/message").asString()).contains("not a stream");
    WORLD.ledger().only().ended("failed", 502, "upstream_error").used("reported", 12, 5);
  }

  private static JsonNode lastEvent(String stream) {
    String last = stream.strip();
    return JsonMapper.shared().readTree(last.substring(last.lastIndexOf("data: ") + 6));
  }
}

package io.bitrouter.it.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.node.BookedRow;
import io.bitrouter.it.node.NodeWorld;
import io.bitrouter.testkit.Reply;
import io.bitrouter.testkit.UpstreamScript;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client hears when the upstream refuses, fails, or says nothing. */
final class RefusalsTest {

  @RegisterExtension
  static final NodeWorld WORLD =
      NodeWorld.configured("upstream: {connect_ms: 800, first_token_ms: 800, idle_ms: 800}\n");

  /** A target that has failed ten times in a row is left alone: an answer makes that forgotten. */
  @BeforeEach
  void answerOnce() {
    for (Dialects dialect : Dialects.values()) {
      WORLD.client().post(dialect.path, dialect.body(false)).mustBe(200);
    }
    WORLD.ledger().rows(2);
    WORLD.ledger().mark();
    WORLD.upstream().forget();
  }

  @ParameterizedTest
  @CsvSource({
    "400,invalid_request_error,invalid_request_error",
    "404,not_found_error,not_found_error",
    "413,invalid_request_error,request_too_large",
    "422,invalid_request_error,invalid_request_error",
    "429,rate_limit_error,rate_limit_error",
    "529,overloaded_error,overloaded_error"
  })
  void refusalsOfTheRequestKeepTheirMeaning(int status, String chat, String messages) {
    for (Dialects dialect : Dialects.values()) {
      for (boolean streamed : new boolean[] {false, true}) {
        WORLD
            .upstream()
            .next(UpstreamScript.refusing(status, "what is wrong").withHeader("retry-after", "17"));
        Reply reply = WORLD.client().post(dialect.path, dialect.body(streamed)).mustBe(status);
        assertThat(error(reply, "message")).isEqualTo("what is wrong");
        assertThat(error(reply, "type")).isEqualTo(dialect == Dialects.CHAT ? chat : messages);
        assertThat(reply.header("retry-after")).hasValue("17");
        assertThat(reply.header("x-bitrouter-error-source")).hasValue("upstream");
        assertThat(reply.header("content-type")).hasValue("application/json");
        assertThat(reply.header("x-should-retry"))
            .hasValue(Boolean.toString(status == 429 || status == 529));
        mustSayWhatTheNodeDid(reply, dialect);
      }
    }
    for (BookedRow row : WORLD.ledger().rows(4)) {
      row.ended("failed", status, "upstream_rejected").free();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "401,502,upstream_credential",
    "403,502,upstream_credential",
    "500,502,upstream_error",
    "502,502,upstream_error",
    "503,503,upstream_unavailable",
    "504,504,upstream_timeout",
    "301,502,upstream_error"
  })
  void failuresOfTheUpstreamAreNotInItsWords(int status, int shown, String code) {
    String words = "insides of the provider";
    UpstreamScript script =
        UpstreamScript.refusing(status, words)
            .withHeader("location", "http://127.0.0.1:1/elsewhere");
    // What is only unavailable is asked once more.
    int attempts = status == 503 ? 2 : 1;
    for (Dialects dialect : Dialects.values()) {
      for (boolean streamed : new boolean[] {false, true}) {
        for (int i = 0; i < attempts; i++) {
          WORLD.upstream().next(script);
        }
        Reply reply = WORLD.client().post(dialect.path, dialect.body(streamed)).mustBe(shown);
        assertThat(reply.toString()).doesNotContain(words).doesNotContain("elsewhere");
        assertThat(error(reply, "code")).isEqualTo(code);
        assertThat(reply.header("x-should-retry")).hasValue("true");
        assertThat(reply.header("x-bitrouter-attempts")).hasValue(Integer.toString(attempts));
      }
    }
    assertThat(WORLD.upstream().requests()).hasSize(4 * attempts);
    for (BookedRow row : WORLD.ledger().rows(4)) {
      row.ended("failed", shown, code).free();
    }
  }

  @ParameterizedTest
  @EnumSource(Dialects.class)
  void anAccountsKeyInAnErrorIsNotPassedOn(Dialects dialect) {
    String words = "Incorrect key provided: " + NodeWorld.ACCOUNT_KEY + ", see our site";
    for (int status : new int[] {400, 401, 422, 429, 500}) {
      for (boolean streamed : new boolean[] {false, true}) {
        WORLD.upstream().next(UpstreamScript.refusing(status, words));
        Reply reply = WORLD.client().post(dialect.path, dialect.body(streamed));
        assertThat(reply.toString()).doesNotContain("7Hq2mZ").doesNotContain("sk-fake");
      }
    }
    WORLD
        .upstream()
        .next(
            UpstreamScript.raw(
                "HTTP/1.1 400 No\r\ncontent-length: 43\r\n\r\n"
                    + "key "
                    + NodeWorld.ACCOUNT_KEY
                    + " is not good enough"));
    assertThat(WORLD.client().post(dialect.path, dialect.body(false)).toString())
        .doesNotContain("7Hq2mZ");
    for (BookedRow row : WORLD.ledger().rows(11)) {
      assertThat(row.text("status")).isEqualTo("failed");
      row.free();
    }
  }

  @ParameterizedTest
  @CsvSource({"CHAT,false", "CHAT,true", "MESSAGES,false", "MESSAGES,true"})
  void anUpstreamThatDoesNotAnswerInTimeIsATimeout(Dialects dialect, boolean streamed) {
    WORLD.upstream().answer(UpstreamScript.ok().paced(Duration.ofSeconds(3), Duration.ZERO));
    Reply reply = WORLD.client().post(dialect.path, dialect.body(streamed)).mustBe(504);
    assertThat(error(reply, "code")).isEqualTo("upstream_timeout");
    mustSayWhatTheNodeDid(reply, dialect);
    BookedRow row = WORLD.ledger().only().ended("failed", 504, "upstream_timeout").free();
    assertThat(row.number("total_ms")).isBetween(750L, 2_900L);
  }

  @Test
  void anUpstreamThatNobodyServesIsUnavailable() {
    for (boolean streamed : new boolean[] {false, true}) {
      Reply reply =
          WORLD
              .client()
              .post("/v1/chat/completions", Dialects.CHAT.body("nowhere-chat", streamed))
              .mustBe(503);
      assertThat(error(reply, "code")).isEqualTo("upstream_unavailable");
      assertThat(error(reply, "message")).contains("nowhere").doesNotContain("127.0.0.1");
      assertThat(reply.header("retry-after")).isPresent();
    }
    for (BookedRow row : WORLD.ledger().rows(2)) {
      row.ended("failed", 503, "upstream_unavailable").free();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "''",
    "'SSH-2.0-OpenSSH_9\n'",
    "'HTTP/1.1 abc no\n\n'",
    "'HTTP/1.1\n\n'",
    "'HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nzz\n'",
    "'HTTP/1.1 200 OK\nContent-Length: -5\n\n'"
  })
  void whatIsNotAReplyIsAnUpstreamError(String text) {
    WORLD.upstream().answer(UpstreamScript.raw(text.replace("\n", "\r\n")));
    for (Dialects dialect : Dialects.values()) {
      Reply reply = WORLD.client().post(dialect.path, dialect.body(false)).mustBe(502);
      assertThat(error(reply, "code")).isEqualTo("upstream_error");
      assertThat(reply.text()).doesNotContain("SSH");
    }
    for (BookedRow row : WORLD.ledger().rows(2)) {
      row.ended("failed", 502, "upstream_error");
    }
  }

  /** Some proxies say 200 and mean an error; what they say may quote the account's key. */
  @ParameterizedTest
  @CsvSource({
    "application/json,'{\"error\":{\"message\":\"key KEY has no credit\",\"code\":402}}'",
    "application/json,'{\"type\":\"error\",\"error\":{\"message\":\"KEY\"}}\n\n'",
    "application/json,'{\"choices\":[],\"content\":[],\"error\":\"KEY\"}'",
    "application/json,'{KEY}'",
    "text/html,'<p>KEY</p>\n\n'"
  })
  void aSuccessThatIsAnErrorIsAnUpstreamErrorAndNotPassedOn(String type, String body) {
    WORLD.upstream().answer(UpstreamScript.body(type, body.replace("KEY", NodeWorld.ACCOUNT_KEY)));
    for (Dialects dialect : Dialects.values()) {
      for (boolean streamed : new boolean[] {false, true}) {
        Reply reply = WORLD.client().post(dialect.path, dialect.body(streamed)).mustBe(502);
        assertThat(error(reply, "code")).isEqualTo("upstream_error");
        assertThat(reply.header("x-bitrouter-error-source")).hasValue("upstream");
        assertThat(reply.toString()).doesNotContain("7Hq2mZ").doesNotContain("credit");
        mustSayWhatTheNodeDid(reply, dialect);
      }
    }
    for (BookedRow row : WORLD.ledger().rows(4)) {
      row.ended("failed", 502, "upstream_error").usedAtLeast(11, 0);
      assertThat(row.text("usage_origin")).isEqualTo("estimated");
    }
  }

  @Test
  void anUnknownModelSaysWhatWouldMakeItKnown() {
    for (Dialects dialect : Dialects.values()) {
      Reply reply = WORLD.client().post(dialect.path, dialect.body("fake-chta", false)).mustBe(404);
      assertThat(error(reply, "code")).isEqualTo("model_not_found");
      assertThat(error(reply, "message"))
          .contains("'fake-chta'")
          .contains("did you mean 'fakeai/fake-chat'?")
          .contains("GET /v1/models")
          .contains("OPENAI_API_KEY");
      assertThat(reply.header("x-bitrouter-namespace")).hasValue(WORLD.key().namespaceId());
      assertThat(reply.header("x-bitrouter-model")).isEmpty();
    }
    for (BookedRow row : WORLD.ledger().rows(2)) {
      row.ended("denied", 404, "model_not_found").free();
      assertThat(row.text("requested_model")).isEqualTo("fake-chta");
    }
    assertThat(WORLD.upstream().requests()).isEmpty();
  }

  @Test
  void errorsComeInTheEnvelopeOfTheirProtocol() {
    for (Dialects dialect : Dialects.values()) {
      Reply reply = WORLD.node().anonymous().post(dialect.path, dialect.body(false)).mustBe(401);
      assertThat(error(reply, "type")).isEqualTo("authentication_error");
      assertThat(reply.header("www-authenticate").orElseThrow()).startsWith("Bearer");
      assertThat(reply.json().path("request_id").asString())
          .isEqualTo(reply.header("x-request-id").orElseThrow());
      assertThat(reply.json().path("type").asString(""))
          .isEqualTo(dialect == Dialects.MESSAGES ? "error" : "");
      Reply operator = WORLD.node().operator().post(dialect.path, dialect.body(false)).mustBe(403);
      assertThat(error(operator, "message"))
          .startsWith("an operator credential must enter a namespace first");
    }
    WORLD.ledger().rows(0);
  }

  @Test
  void aKeyWithoutTheScopeIsToldWhich() {
    String token =
        WORLD.node().mint(WORLD.key().namespaceId(), "reader", List.of("usage:read")).token();
    for (Dialects dialect : Dialects.values()) {
      Reply reply = WORLD.node().with(token).post(dialect.path, dialect.body(false)).mustBe(403);
      assertThat(error(reply, "message")).isEqualTo("missing required scope: inference:invoke");
    }
    for (BookedRow row : WORLD.ledger().rows(2)) {
      row.ended("denied", 403, "forbidden").free();
    }
  }

  @Test
  void aRedirectIsNotFollowed() {
    WORLD
        .upstream()
        .answer(UpstreamScript.redirecting(302, WORLD.upstream().base() + "/chat/completions"));
    WORLD.client().post("/v1/chat/completions", Dialects.CHAT.body(false)).mustBe(502);
    assertThat(WORLD.upstream().requests()).hasSize(1);
    WORLD.ledger().only().ended("failed", 502, "upstream_error").free();
  }

  @Test
  void aCompressedAnswerThatNobodyAskedForIsAnUpstreamError() {
    WORLD.upstream().answer(UpstreamScript.ok().withHeader("content-encoding", "gzip"));
    for (Dialects dialect : Dialects.values()) {
      for (boolean streamed : new boolean[] {false, true}) {
        Reply reply = WORLD.client().post(dialect.path, dialect.body(streamed)).mustBe(502);
        assertThat(error(reply, "code")).isEqualTo("upstream_error");
      }
    }
    for (BookedRow row : WORLD.ledger().rows(4)) {
      row.ended("failed", 502, "upstream_error");
    }
  }

  private static void mustSayWhatTheNodeDid(Reply reply, Dialects dialect) {
    assertThat(reply.header("x-request-id")).isPresent();
    assertThat(reply.header("x-bitrouter-namespace")).hasValue(WORLD.key().namespaceId());
    assertThat(reply.header("x-bitrouter-model"))
        .hasValue(dialect.provider + "/" + dialect.model());
    assertThat(reply.header("x-bitrouter-provider")).hasValue(dialect.provider);
    assertThat(reply.header("x-bitrouter-attempts")).hasValue("1");
    assertThat(reply.header("x-bitrouter-overhead-ms")).isPresent();
  }

  private static String error(Reply reply, String member) {
    return reply.json().path("error").path(member).asString("");
  }
}

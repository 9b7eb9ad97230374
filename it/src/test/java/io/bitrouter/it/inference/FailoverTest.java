package io.bitrouter.it.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.node.BookedRow;
import io.bitrouter.testkit.Reply;
import io.bitrouter.testkit.UpstreamScript;
import io.bitrouter.testkit.UpstreamScript.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** While the client has seen nothing of an answer, another account or provider may give it. */
final class FailoverTest {

  @RegisterExtension static final FailoverWorld WORLD = new FailoverWorld();

  /** What an upstream can do in place of an answer, whole or streamed. */
  static Stream<Arguments> failures() {
    List<Arguments> all = new ArrayList<>();
    for (int status : new int[] {301, 401, 402, 403, 408, 429, 500, 502, 503, 504, 529}) {
      all.add(Arguments.of("status " + status, UpstreamScript.refusing(status, "not now")));
    }
    for (Fault fault :
        List.of(
            Fault.RESET_BEFORE_FIRST_BYTE,
            Fault.CLOSE_BEFORE_FIRST_BYTE,
            Fault.HANG_BEFORE_FIRST_BYTE,
            Fault.RESET,
            Fault.CLOSE,
            Fault.END_WITHOUT_TERMINAL,
            Fault.HANG,
            Fault.ERROR_EVENT)) {
      all.add(Arguments.of(fault.toString(), UpstreamScript.ok().failing(fault)));
    }
    all.add(Arguments.of("no HTTP", UpstreamScript.raw("SSH-2.0-OpenSSH_9\r\n")));
    all.add(
        Arguments.of(
            "200 and an error",
            UpstreamScript.body("application/json", "{\"error\":{\"message\":\"no credit\"}}")));
    all.add(Arguments.of("200 and a page", UpstreamScript.body("text/html", "<p>busy</p>")));
    all.add(
        Arguments.of(
            "an error and the end",
            UpstreamScript.body(
                "text/event-stream",
                "data: {\"error\":{\"message\":\"no\",\"code\":502}}\n\ndata: [DONE]\n\n")));
    return all.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("failures")
  void anotherOfTheSameModelAnswers(String name, UpstreamScript failure) {
    for (Dialects dialect : Dialects.values()) {
      for (boolean streamed : new boolean[] {false, true}) {
        Tenant tenant = WORLD.tenant();
        String budget = tenant.budget("strict", 1_000_000);
        WORLD.first().answer(failure);
        Reply reply = tenant.post(dialect.path, dialect.body("both", streamed));
        mustBeTheAnswerOf(reply, "second", dialect, streamed);
        assertThat(reply.header("x-bitrouter-attempts")).hasValue("2");
        BookedRow row = tenant.ledger().only().ended("succeeded", 200).used("reported", 11, 3);
        assertThat(row.charged("computed").number("attempts")).isEqualTo(2);
        assertThat(row.text("provider_id")).isEqualTo("second");
        assertThat(row.text("model_id")).isEqualTo("second/both");
        tenant.mustHold(budget, 0, 8);
      }
    }
    // A connection that had been used before and breaks without a byte is tried once more.
    assertThat(WORLD.first().requests()).hasSizeBetween(4, 8);
    assertThat(WORLD.second().requests()).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"refused", "nameless", "untls"})
  void aProviderThatCannotBeReachedIsPassedOver(String model) {
    for (boolean streamed : new boolean[] {false, true}) {
      Tenant tenant = WORLD.tenant();
      Reply reply = tenant.post(Dialects.CHAT.path, Dialects.CHAT.body(model, streamed));
      mustBeTheAnswerOf(reply, "second", Dialects.CHAT, streamed);
      assertThat(reply.header("x-bitrouter-attempts")).hasValue("2");
      BookedRow row = tenant.ledger().only().ended("succeeded", 200).used("reported", 11, 3);
      assertThat(row.charged("computed").text("provider_id")).isEqualTo("second");
    }
  }

  /** One of another price and another protocol, which is never told of the others. */
  @ParameterizedTest
  @CsvSource({"CHAT,false", "CHAT,true", "MESSAGES,false", "MESSAGES,true"})
  void aModelNamedInModelsAnswers(Dialects dialect, boolean streamed) {
    Tenant tenant = WORLD.tenant();
    WORLD.first().next(UpstreamScript.refusing(500, "no"));
    String body = with(dialect.body("alone", streamed), "\"models\":[\"unknown\",\"dear\"]");
    Reply reply = tenant.post(dialect.path, body);
    mustBeTheAnswerOf(reply, "third", dialect, streamed);
    assertThat(reply.header("x-bitrouter-attempts")).hasValue("2");
    assertThat(reply.header("x-bitrouter-model")).hasValue("third/dear");
    assertThat(WORLD.first().onlyRequest().json().path("model").asString()).isEqualTo("alone");
    assertThat(WORLD.first().onlyRequest().json().has("models")).isFalse();
    assertThat(WORLD.third().onlyRequest().json().path("model").asString()).isEqualTo("dear");
    assertThat(WORLD.third().onlyRequest().json().has("models")).isFalse();
    BookedRow row = tenant.ledger().only().ended("succeeded", 200).used("reported", 11, 3);
    row.charged("computed", 11 * FailoverWorld.DEAR_INPUT + 3 * FailoverWorld.DEAR_OUTPUT);
    assertThat(row.text("requested_model")).isEqualTo("alone");
    assertThat(row.text("model_id")).isEqualTo("third/dear");
  }

  @Test
  void accountsOfAModelComeBeforeOtherModelsAndEachIsAskedOnce() {
    Tenant tenant = WORLD.tenant();
    WORLD.first().next(UpstreamScript.refusing(503, "no"));
    WORLD.second().next(UpstreamScript.refusing(503, "no"));
    String models = "\"models\":[\"both\",\"second/both\",\"dear\",\"third/dear\"]";
    Reply reply = tenant.post(Dialects.CHAT.path, with(Dialects.CHAT.body("both", false), models));
    mustBeTheAnswerOf(reply, "third", Dialects.CHAT, false);
    assertThat(reply.header("x-bitrouter-attempts")).hasValue("3");
    assertThat(WORLD.first().requests()).hasSize(1);
    assertThat(WORLD.second().requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 405, 413, 422})
  void aRefusalOfTheRequestGoesNowhereElseAndClosesNothing(int status) {
    Tenant tenant = WORLD.tenant();
    String budget = tenant.budget("metered", 1_000_000);
    for (int i = 0; i < 12; i++) {
      WORLD.first().next(UpstreamScript.refusing(status, "your mistake"));
      boolean streamed = i % 2 == 1;
      Reply reply = tenant.post(Dialects.CHAT.path, Dialects.CHAT.body("both", streamed));
      reply.mustBe(status == 405 ? 400 : status);
      assertThat(reply.json().at("/error/message").asString()).isEqualTo("your mistake");
      assertThat(reply.header("x-bitrouter-provider")).hasValue("first");
      assertThat(reply.header("x-bitrouter-attempts")).hasValue("1");
    }
    for (BookedRow row : tenant.ledger().rows(12)) {
      row.ended("failed", status == 405 ? 400 : status, "upstream_rejected").free();
    }
    tenant.mustHold(budget, 0, 0);
    Reply reply = tenant.post(Dialects.CHAT.path, Dialects.CHAT.body("both", false));
    mustBeTheAnswerOf(reply, "first", Dialects.CHAT, false);
    assertThat(WORLD.second().requests()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"RESET", "CLOSE", "END_WITHOUT_TERMINAL", "HANG", "ERROR_EVENT"})
  void afterItsFirstContentAnAnswerIsNobodyElses(Fault fault) {
    for (Dialects dialect : Dialects.values()) {
      Tenant tenant = WORLD.tenant();
      WORLD.first().next(WORLD.saying("first").failing(fault, 1));
      Reply reply = tenant.postCut(dialect.path, dialect.body("both", true)).mustBe(200);
      assertThat(reply.text()).contains("first").contains("error");
      assertThat(reply.text()).doesNotContain(dialect.terminal());
      assertThat(reply.header("x-bitrouter-attempts")).hasValue("1");
      BookedRow row = tenant.ledger().only().usedAtLeast(11, 1);
      assertThat(row.text("status") + row.number("http_status")).isEqualTo("failed200");
      assertThat(row.text("provider_id")).isEqualTo("first");
    }
    assertThat(WORLD.second().requests()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "500,503,503,upstream_unavailable", "503,500,502,upstream_error",
    "500,429,429,upstream_rejected", "429,401,502,upstream_credential",
    "401,400,400,upstream_rejected"
  })
  void whenAllFailTheLastIsTold(int one, int two, int told, String code) {
    for (Dialects dialect : Dialects.values()) {
      for (boolean streamed : new boolean[] {false, true}) {
        Tenant tenant = WORLD.tenant();
        String budget = tenant.budget("metered", 1_000_000);
        WORLD.first().next(UpstreamScript.refusing(one, "no"));
        WORLD.second().next(UpstreamScript.refusing(two, "no"));
        Reply reply = tenant.post(dialect.path, dialect.body("both", streamed)).mustBe(told);
        assertThat(reply.header("x-bitrouter-provider")).hasValue("second");
        assertThat(reply.header("x-bitrouter-attempts")).hasValue("2");
        BookedRow row = tenant.ledger().only().ended("failed", told, code).free();
        assertThat(row.text("provider_id")).isEqualTo("second");
        assertThat(row.number("attempts")).isEqualTo(2);
        tenant.mustHold(budget, 0, 0);
      }
    }
  }

  /** Whoever began an answer may bill for it: the row and its price are theirs. */
  @ParameterizedTest
  @CsvSource({
    "RESET,500,502,upstream_error",
    "ERROR_EVENT,503,503,upstream_unavailable",
    "CLOSE,400,400,upstream_rejected"
  })
  void whatNobodySawIsChargedWhenNobodyAnswers(Fault fault, int status, int told, String code) {
    Tenant tenant = WORLD.tenant();
    String budget = tenant.budget("metered", 1_000_000);
    WORLD.first().next(UpstreamScript.ok().failing(fault));
    WORLD.third().next(UpstreamScript.refusing(status, "no"));
    String body = with(Dialects.CHAT.body("alone", true), "\"models\":[\"dear\"]");
    Reply reply = tenant.post(Dialects.CHAT.path, body).mustBe(told);
    assertThat(reply.header("x-bitrouter-provider")).hasValue("third");
    BookedRow row = tenant.ledger().only().ended("failed", told, code).usedAtLeast(11, 1);
    assertThat(row.text("model_id")).isEqualTo("first/alone");
    assertThat(row.number("attempts")).isEqualTo(2);
    tenant.mustHold(budget, 0, row.number("charge_nano_usd") / 1_000);
  }

  @Test
  void silenceBeforeAnAnswerIsFree() {
    Tenant tenant = WORLD.tenant();
    WORLD.first().next(UpstreamScript.ok().failing(Fault.HANG_BEFORE_FIRST_BYTE));
    WORLD.second().next(UpstreamScript.ok().failing(Fault.HANG_BEFORE_FIRST_BYTE));
    tenant.post(Dialects.CHAT.path, Dialects.CHAT.body("both", true)).mustBe(504);
    tenant.ledger().only().ended("failed", 504, "upstream_timeout").free();
  }

  /** A fallback that cannot be asked says nothing of why the first has failed. */
  @Test
  void aFallbackThatCannotBeAskedIsNotWhatIsTold() {
    Tenant tenant = WORLD.tenant();
    WORLD.first().next(UpstreamScript.refusing(429, "slow down").withHeader("retry-after", "9"));
    String sound =
        "[{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"AAAA\",\"format\":\"wav\"}}]";
    String body =
        with(Dialects.CHAT.body("alone", false), "\"models\":[\"dear\"]").replace("\"hi\"", sound);
    Reply reply = tenant.post(Dialects.CHAT.path, body).mustBe(429);
    assertThat(reply.json().at("/error/message").asString()).isEqualTo("slow down");
    assertThat(reply.header("retry-after")).hasValue("9");
    tenant.ledger().only().ended("failed", 429, "upstream_rejected").free();
    assertThat(WORLD.third().requests()).isEmpty();
  }

  @Test
  void aBudgetThatCannotAffordADearerFallbackDoesNotCallIt() {
    Tenant tenant = WORLD.tenant();
    String budget = tenant.budget("metered", 5_000);
    String body = with(Dialects.CHAT.body("alone", false), "\"models\":[\"dear\"]");
    WORLD.first().next(UpstreamScript.refusing(500, "no"));
    Reply reply = tenant.post(Dialects.CHAT.path, body).mustBe(502);
    assertThat(reply.header("x-bitrouter-provider")).hasValue("first");
    assertThat(WORLD.third().requests()).isEmpty();
    tenant.ledger().only().ended("failed", 502, "upstream_error").free();
    tenant.mustHold(budget, 0, 0);

    Tenant richer = WORLD.tenant();
    String more = richer.budget("metered", 1_000_000);
    WORLD.first().next(UpstreamScript.refusing(500, "no"));
    mustBeTheAnswerOf(richer.post(Dialects.CHAT.path, body), "third", Dialects.CHAT, false);
    long charged = richer.ledger().only().number("charge_nano_usd");
    richer.mustHold(more, 0, charged / 1_000);
  }

  @Test
  void aFallbackThatAGuardrailDeniesIsNotCalled() {
    Tenant tenant = WORLD.tenant();
    tenant.policy("guardrail", "{\"model_deny\":[\"third/dear\"]}");
    WORLD.first().next(UpstreamScript.refusing(500, "no"));
    String body = with(Dialects.CHAT.body("alone", false), "\"models\":[\"dear\"]");
    tenant.post(Dialects.CHAT.path, body).mustBe(502);
    assertThat(WORLD.third().requests()).isEmpty();
    tenant.ledger().only().ended("failed", 502, "upstream_error").free();
  }

  @Test
  void tenFailuresHaveATargetLeftAloneByThatNamespaceAlone() {
    Tenant tenant = WORLD.tenant();
    Tenant other = WORLD.tenant();
    String body = Dialects.CHAT.body("both", false);
    for (int i = 0; i < 10; i++) {
      WORLD.first().next(UpstreamScript.refusing(500, "no"));
      mustBeTheAnswerOf(tenant.post(Dialects.CHAT.path, body), "second", Dialects.CHAT, false);
    }
    assertThat(WORLD.first().requests()).hasSize(10);
    Reply after = tenant.post(Dialects.CHAT.path, body);
    mustBeTheAnswerOf(after, "second", Dialects.CHAT, false);
    assertThat(after.header("x-bitrouter-attempts")).hasValue("1");
    assertThat(WORLD.first().requests()).hasSize(10);
    mustBeTheAnswerOf(other.post(Dialects.CHAT.path, body), "first", Dialects.CHAT, false);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 429})
  void anAccountThatRefusesIsPassedOverForAWhileByThatNamespaceAlone(int status) {
    Tenant tenant = WORLD.tenant();
    Tenant other = WORLD.tenant();
    String body = Dialects.CHAT.body("both", false);
    WORLD.first().next(UpstreamScript.refusing(status, "no").withHeader("retry-after", "20"));
    mustBeTheAnswerOf(tenant.post(Dialects.CHAT.path, body), "second", Dialects.CHAT, false);
    Reply after = tenant.post(Dialects.CHAT.path, body);
    mustBeTheAnswerOf(after, "second", Dialects.CHAT, false);
    assertThat(after.header("x-bitrouter-attempts")).hasValue("1");
    mustBeTheAnswerOf(other.post(Dialects.CHAT.path, body), "first", Dialects.CHAT, false);
  }

  /** One whole answer, and nothing of any other. */
  private static void mustBeTheAnswerOf(
      Reply reply, String provider, Dialects dialect, boolean streamed) {
    String text = reply.mustBe(200).text();
    assertThat(reply.header("x-bitrouter-provider")).hasValue(provider);
    String whole = streamed ? provider + " " : (provider + " ").repeat(3);
    assertThat(times(text, whole)).as(text).isEqualTo(streamed ? 3 : 1);
    assertThat(text).doesNotContain("word ").doesNotContain("\"error\"").doesNotContain("busy");
    String opening = dialect == Dialects.CHAT ? "\"role\":\"assistant\"" : "\"type\":\"message\"";
    assertThat(times(text, opening)).as(text).isOne();
    if (streamed) {
      assertThat(text.strip()).contains(dialect.terminal());
    }
  }

  private static int times(String text, String part) {
    return (text.length() - text.replace(part, "").length()) / part.length();
  }

  /** The request with one more member. */
  private static String with(String body, String member) {
    return "{" + member + "," + body.substring(1);
  }
}

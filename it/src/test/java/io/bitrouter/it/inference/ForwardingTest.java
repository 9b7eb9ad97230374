package io.bitrouter.it.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.node.BookedRow;
import io.bitrouter.it.node.NodeWorld;
import io.bitrouter.testkit.ControlClient;
import io.bitrouter.testkit.FakeUpstream;
import io.bitrouter.testkit.RecordedRequest;
import io.bitrouter.testkit.Reply;
import io.bitrouter.testkit.Sightings;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** What goes to the upstream and what comes back when all is well. */
final class ForwardingTest {

  private static final String ODD =
      """
      { "x_first" : [1.50, 1e3, -0.0, 1E-7, null, {"model":"not this one"}] ,
        "model"\t:"%s", "temperature":0.70,%s
        "messages":[{"role":"user","content":"h\u00e9 \\u00e9 \\ud83d\\ude00 \\/ \\n"}],
        "max_tokens" : 77 , "x_last":{"deep":{"er":[[]]}},"" : "empty name" }
      """;

  @RegisterExtension static final NodeWorld WORLD = NodeWorld.plain();

  @ParameterizedTest
  @CsvSource({"CHAT,false", "CHAT,true", "MESSAGES,false", "MESSAGES,true"})
  void answersAndBooksBothProtocolsInBothForms(Dialects dialect, boolean streamed) {
    Reply reply = WORLD.client().post(dialect.path, dialect.body(streamed)).mustBe(200);
    BookedRow row = WORLD.ledger().only();
    row.ended("succeeded", 200).used("reported", 11, 3).charged("computed");
    assertThat(row.charged("computed", 8_500).number("attempts")).isEqualTo(1);
    assertThat(row.json().path("streamed").asBoolean()).isEqualTo(streamed);
    assertThat(row.text("request_id")).isEqualTo(reply.header("x-request-id").orElseThrow());
    assertThat(row.text("model_id")).isEqualTo(dialect.provider + "/" + dialect.model());
    assertThat(row.text("requested_model")).isEqualTo(dialect.model());
    assertThat(row.text("protocol")).isEqualTo(dialect.text);
    assertThat(row.text("finish_reason")).isEqualTo(dialect == Dialects.CHAT ? "stop" : "end_turn");
    assertThat(row.json().path("decision").path("declared_output").asInt()).isEqualTo(500);
    assertThat(reply.text()).contains("word ");
    assertThat(reply.header("content-type").orElseThrow())
        .startsWith(streamed ? "text/event-stream" : "application/json");
    if (streamed) {
      assertThat(reply.text().split("word ", -1)).hasSize(4);
      assertThat(reply.text()).endsWith("\n\n").contains(dialect.terminal());
    }
  }

  @ParameterizedTest
  @EnumSource(Dialects.class)
  void everyByteOfARequestSurvives(Dialects dialect) {
    String body = ODD.formatted(dialect.model(), "");
    WORLD.client().post(dialect.path, body).mustBe(200);
    assertThat(WORLD.upstream().onlyRequest().text()).isEqualTo(body);
    assertThat(WORLD.upstream().onlyRequest().path()).isEqualTo(dialect.path);
    WORLD.ledger().only().ended("succeeded", 200).used("reported", 11, 3).charged("computed");
  }

  @ParameterizedTest
  @CsvSource({
    "CHAT,alias-chat,vendor-chat-1",
    "CHAT,fakeai/alias-chat,vendor-chat-1",
    "CHAT,fakeai:fake-chat,fake-chat",
    "MESSAGES,alias-messages,vendor-messages-1",
    "MESSAGES,fakeant/fake-messages,fake-messages"
  })
  void theModelIsAllThatChangesInARequest(Dialects dialect, String asked, String sent) {
    WORLD.client().post(dialect.path, ODD.formatted(asked, "")).mustBe(200);
    assertThat(WORLD.upstream().onlyRequest().text()).isEqualTo(ODD.formatted(sent, ""));
    BookedRow row = WORLD.ledger().only().ended("succeeded", 200);
    row.used("reported", 11, 3).charged("computed");
    assertThat(row.text("requested_model")).isEqualTo(asked);
    assertThat(row.text("upstream_model")).isEqualTo(sent);
  }

  @Test
  void theUsageChunkIsAskedForAndTakenOutAgain() {
    String body = ODD.formatted("fake-chat", "\"stream\":true,");
    Reply reply = WORLD.client().post("/v1/chat/completions", body).mustBe(200);
    String sent = WORLD.upstream().onlyRequest().text();
    String option = "\"stream_options\":{\"include_usage\":true},";
    assertThat(sent).contains(option);
    assertThat(sent.replace(option, "")).isEqualTo(body);
    assertThat(reply.text())
        .isEqualTo(directly("/v1/chat/completions", body).text())
        .doesNotContain("usage");
    WORLD.ledger().only().ended("succeeded", 200).used("reported", 11, 3).charged("computed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"include_usage\":false}|{\"include_usage\":true}",
        "{ \"include_usage\" : false , \"x\":1 }|{ \"include_usage\" : true , \"x\":1 }",
        "{\"x\":1}|{\"include_usage\":true,\"x\":1}",
        "{}|{\"include_usage\":true}",
        "null|{\"include_usage\":true}"
      })
  void aUsageOptionThatIsOffIsTurnedOnAndItsChunkTakenOut(String asked, String sent) {
    String option = "\"stream\":true,\"stream_options\":%s,";
    String body = ODD.formatted("fake-chat", option.formatted(asked));
    Reply reply = WORLD.client().post("/v1/chat/completions", body).mustBe(200);
    assertThat(WORLD.upstream().onlyRequest().text())
        .isEqualTo(ODD.formatted("fake-chat", option.formatted(sent)));
    assertThat(reply.text()).doesNotContain("usage").endsWith("data: [DONE]\n\n");
    WORLD.ledger().only().ended("succeeded", 200).used("reported", 11, 3).charged("computed");
  }

  @Test
  void theUsageChunkStaysWithItsCostWhenAskedFor() {
    String body =
        ODD.formatted("fake-chat", "\"stream\":true,\"stream_options\":{\"include_usage\":true},");
    Reply reply = WORLD.client().post("/v1/chat/completions", body).mustBe(200);
    assertThat(WORLD.upstream().onlyRequest().text()).isEqualTo(body);
    String cost = ",\"cost\":0.0000085";
    assertThat(reply.text()).contains("\"total_tokens\":14" + cost + "}");
    assertThat(reply.text().replace(cost, ""))
        .isEqualTo(directly("/v1/chat/completions", body).text());
    WORLD.ledger().only().used("reported", 11, 3).charged("computed", 8_500);
  }

  @Test
  void aMessagesStreamPassesByteForByte() {
    String body = ODD.formatted("fake-messages", "\"stream\":true,");
    Reply reply = WORLD.client().post("/v1/messages", body).mustBe(200);
    assertThat(WORLD.upstream().onlyRequest().text()).isEqualTo(body);
    assertThat(reply.text()).isEqualTo(directly("/v1/messages", body).text());
    WORLD.ledger().only().ended("succeeded", 200).used("reported", 11, 3).charged("computed");
  }

  @ParameterizedTest
  @CsvSource({"CHAT,authorization", "MESSAGES,x-api-key"})
  void theUpstreamGetsTheAccountsKeyAndNothingOfTheClients(Dialects dialect, String header) {
    WORLD
        .client()
        .send(
            "POST",
            dialect.path,
            dialect.body(false),
            Map.of(
                "cookie", "session=zq",
                "x-forwarded-for", "203.0.113.9",
                "openai-organization", "org-of-the-client",
                "x-request-id", "client-7",
                "user-agent", "vendor-sdk/1"))
        .mustBe(200);
    RecordedRequest seen = WORLD.upstream().onlyRequest();
    List<String> names =
        seen.fields().stream().map(field -> field.name().toLowerCase(Locale.ROOT)).toList();
    assertThat(names)
        .contains(header)
        .doesNotHaveDuplicates()
        .isSubsetOf(
            "host",
            "content-length",
            "content-type",
            "accept",
            "accept-encoding",
            "user-agent",
            "anthropic-version",
            header);
    String prefix = header.equals("authorization") ? "Bearer " : "";
    assertThat(seen.header(header)).hasValue(prefix + NodeWorld.ACCOUNT_KEY);
    assertThat(seen.fields() + seen.text())
        .doesNotContain(WORLD.key().token())
        .doesNotContain("brk_")
        .doesNotContain("vendor-sdk");
    BookedRow row = WORLD.ledger().only().ended("succeeded", 200).used("reported", 11, 3);
    assertThat(row.charged("computed").text("client_request_id")).isEqualTo("client-7");
  }

  @ParameterizedTest
  @EnumSource(Dialects.class)
  void aVendorsKeyBesideOursIsIgnoredAndNotForwarded(Dialects dialect) {
    String ours = WORLD.key().token();
    String vendors = "sk-ant-left-over-key-of-the-client";
    for (Map<String, String> headers :
        List.of(
            Map.of("authorization", "Bearer " + vendors, "x-api-key", ours),
            Map.of("authorization", "Bearer " + ours, "x-api-key", vendors),
            Map.of("authorization", "Bearer " + ours, "x-api-key", ours))) {
      WORLD.node().anonymous().send("POST", dialect.path, dialect.body(false), headers).mustBe(200);
    }
    for (RecordedRequest seen : WORLD.upstream().requests()) {
      assertThat(seen.fields().toString()).doesNotContain(vendors).doesNotContain(ours);
    }
    for (BookedRow row : WORLD.ledger().rows(3)) {
      row.ended("succeeded", 200).used("reported", 11, 3).charged("computed");
    }
  }

  @ParameterizedTest
  @EnumSource(Dialects.class)
  void twoDifferentKeysOfOursAreRefused(Dialects dialect) {
    Reply reply =
        WORLD
            .node()
            .anonymous()
            .send(
                "POST",
                dialect.path,
                dialect.body(false),
                Map.of(
                    "authorization",
                    "Bearer " + WORLD.key().token(),
                    "x-api-key",
                    WORLD.neighbour().token()))
            .mustBe(400);
    assertThat(reply.json().at("/error/message").asString()).contains("two different");
    assertThat(WORLD.upstream().requests()).isEmpty();
    WORLD.ledger().rows(0);
  }

  @ParameterizedTest
  @CsvSource({"CHAT,false", "CHAT,true", "MESSAGES,false", "MESSAGES,true"})
  void everyAnswerSaysWhatTheNodeDid(Dialects dialect, boolean streamed) {
    Reply reply = WORLD.client().post(dialect.path, dialect.body(streamed)).mustBe(200);
    BookedRow row = WORLD.ledger().only().ended("succeeded", 200).used("reported", 11, 3);
    row.charged("computed");
    assertThat(reply.header("x-request-id").orElseThrow()).matches("req_[0-9a-hjkmnp-tv-z]{26}");
    assertThat(reply.header("x-bitrouter-namespace")).hasValue(WORLD.key().namespaceId());
    assertThat(reply.header("x-bitrouter-model"))
        .hasValue(dialect.provider + "/" + dialect.model());
    assertThat(reply.header("x-bitrouter-provider")).hasValue(dialect.provider);
    assertThat(reply.header("x-bitrouter-attempts")).hasValue("1");
    assertThat(reply.header("x-bitrouter-overhead-ms").orElseThrow()).matches("\\d+\\.\\d\\d");
    assertThat(reply.header("x-fake-upstream")).isEmpty();
    if (streamed) {
      assertThat(reply.header("x-bitrouter-cost-micro-usd")).isEmpty();
    } else {
      assertThat(reply.header("x-bitrouter-cost-micro-usd"))
          .hasValue(Long.toString(row.number("final_charge_micro_usd")));
    }
  }

  @Test
  void theVersionAndTheBetasOfAMessagesClientAreForwarded() {
    WORLD
        .client()
        .send(
            "POST",
            "/v1/messages",
            Dialects.MESSAGES.body(false),
            Map.of("anthropic-version", "2024-10-22", "anthropic-beta", "one-1,two-2"))
        .mustBe(200);
    RecordedRequest seen = WORLD.upstream().onlyRequest();
    assertThat(seen.header("anthropic-version")).hasValue("2024-10-22");
    assertThat(seen.header("anthropic-beta")).hasValue("one-1,two-2");
    WORLD.upstream().forget();
    WORLD.client().post("/v1/messages", Dialects.MESSAGES.body(true)).mustBe(200);
    assertThat(WORLD.upstream().onlyRequest().header("anthropic-version")).hasValue("2023-06-01");
    assertThat(WORLD.upstream().onlyRequest().header("anthropic-beta")).isEmpty();
    for (BookedRow row : WORLD.ledger().rows(2)) {
      row.ended("succeeded", 200).used("reported", 11, 3).charged("computed");
    }
  }

  @Test
  void connectionsToTheUpstreamAreUsedAgain() {
    WORLD.client().post("/v1/chat/completions", Dialects.CHAT.body(false)).mustBe(200);
    int before = WORLD.upstream().connections();
    for (int i = 0; i < 5; i++) {
      WORLD.client().post("/v1/chat/completions", Dialects.CHAT.body(i % 2 == 0)).mustBe(200);
    }
    assertThat(WORLD.upstream().connections() - before).isLessThanOrEqualTo(1);
    for (BookedRow row : WORLD.ledger().rows(6)) {
      row.ended("succeeded", 200).used("reported", 11, 3).charged("computed");
    }
  }

  @Test
  void aPooledConnectionThatDiedIsReplacedOnce() {
    WORLD.client().post("/v1/chat/completions", Dialects.CHAT.body(false)).mustBe(200);
    WORLD.upstream().dropConnections();
    WORLD.client().post("/v1/chat/completions", Dialects.CHAT.body(false)).mustBe(200);
    for (BookedRow row : WORLD.ledger().rows(2)) {
      row.ended("succeeded", 200).used("reported", 11, 3).charged("computed");
    }
  }

  @Test
  void aQueryIsForTheNodeAlone() {
    String body = ODD.formatted("fake-chat", "");
    Reply reply =
        WORLD.client().send("POST", "/v1/chat/completions?beta=true", body, Map.of()).mustBe(200);
    JsonNode json = reply.json();
    assertThat(json.at("/choices/0/message/content").asString()).isEqualTo("word word word ");
    assertThat(WORLD.upstream().onlyRequest().body())
        .isEqualTo(body.getBytes(StandardCharsets.UTF_8));
    assertThat(WORLD.upstream().onlyRequest().path()).isEqualTo("/v1/chat/completions");
    WORLD.ledger().only().ended("succeeded", 200).used("reported", 11, 3).charged("computed");
  }

  /** What the upstream itself answers. */
  private static Reply directly(String path, String body) {
    FakeUpstream upstream = WORLD.upstream();
    try (HttpClient http = HttpClient.newHttpClient()) {
      return ControlClient.of(
              http, URI.create("http://127.0.0.1:" + upstream.port()), new Sightings())
          .post(path, body)
          .mustBe(200);
    }
  }
}

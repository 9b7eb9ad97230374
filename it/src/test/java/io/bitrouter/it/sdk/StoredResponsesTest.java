package io.bitrouter.it.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.NotFoundException;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import io.bitrouter.it.node.NodeWorld;
import io.bitrouter.it.node.RunningNode;
import io.bitrouter.testkit.ControlClient;
import io.bitrouter.testkit.FakeUpstream;
import io.bitrouter.testkit.RecordedRequest;
import io.bitrouter.testkit.Reply;
import io.bitrouter.testkit.Sightings;
import io.bitrouter.testkit.TestKey;
import io.bitrouter.testkit.UpstreamScript;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers that a namespace stores, over upstreams that know nothing of it. */
class StoredResponsesTest {

  private static final String QUESTION = "zqquestion what is two and two";
  private static final String ANSWER = "zqanswer it is four";

  @RegisterExtension static final NodeWorld WORLD = SdkContract.WORLD;

  @TempDir Path home;

  @BeforeEach
  void allow() {
    setting(WORLD.client(), true);
    WORLD.upstream().answerBy(answers());
  }

  @ParameterizedTest
  @MethodSource("io.bitrouter.it.sdk.SdkContract#upstreams")
  void openAisLibraryGoesOnFetchesAndDeletes(Vendor vendor, boolean streamed) {
    String unused =
        OpenAiChatTest.using(
            WORLD.key().token(),
            0,
            client -> {
              String first = create(client, streamed, turn(vendor, QUESTION).store(true)).id();
              Response second =
                  create(client, streamed, turn(vendor, "and three").previousResponseId(first));
              assertToldInOrder(QUESTION, ANSWER, "and three");
              Response fetched = client.responses().retrieve(second.id());
              assertThat(fetched.previousResponseId()).hasValue(first);
              assertThat(fetched.output()).isEqualTo(second.output());
              assertThat(fetched.status()).isEqualTo(second.status());
              client.responses().delete(first);
              assertThatThrownBy(() -> client.responses().retrieve(first))
                  .isInstanceOf(NotFoundException.class);
              for (Vendor next : Vendor.values()) {
                var third = turn(next, "and four").previousResponseId(second.id());
                String id = create(client, streamed, third).id();
                assertToldInOrder(QUESTION, ANSWER, "and three", ANSWER, "and four");
                assertThat(client.responses().retrieve(id).previousResponseId())
                    .hasValue(second.id());
              }
              return first;
            });
  }

  @Test
  void whatIsDeletedForeignOrInventedIsEquallyUnknown() {
    RunningNode node = WORLD.node();
    ControlClient neighbour =
        node.with(node.mint(node.createNamespace("other"), "other", TestKey.ALL_SCOPES).token());
    String own = id(ask(WORLD.client(), Vendor.CHAT, false, "\"input\":\"" + QUESTION + "\""));
    assertThat(WORLD.client().delete("/v1/responses/" + own + "?dry_run=true").mustBe(200).text())
        .isEqualTo("{\"id\":\"" + own + "\",\"object\":\"response\",\"deleted\":true}");
    String here = WORLD.key().namespaceId();
    node.with(node.mint(here, "another", List.of("inference:invoke")).token())
        .get("/v1/responses/" + own)
        .mustBe(200);
    ControlClient reader = node.with(node.mint(here, "reader", List.of("namespace:read")).token());
    assertThat(reader.get("/v1/responses/" + own).mustBe(403).text()).contains("inference:invoke");
    assertThat(reader.delete("/v1/responses/" + own).mustBe(403).text()).doesNotContain(ANSWER);
    reader
        .send("PUT", "/v1/namespaces/me/settings", "{\"store_responses\":false}", Map.of())
        .mustBe(403);
    WORLD.client().get("/v1/responses/" + own).mustBe(200);
    String foreign = unknown(neighbour, own);
    setting(neighbour, true);
    assertThat(unknown(neighbour, own)).isEqualTo(foreign);
    assertThat(unknown(neighbour, "resp_01k00000000000000000000000")).isEqualTo(foreign);
    WORLD.client().delete("/v1/responses/" + own).mustBe(200);
    assertThat(unknown(WORLD.client(), own)).isEqualTo(foreign);
  }

  @Test
  void whereItIsOffNothingIsKept() throws IOException {
    String kept = id(ask(WORLD.client(), Vendor.CHAT, false, "\"input\":\"" + QUESTION + "\""));
    setting(WORLD.client(), false);
    assertThat(WORLD.client().get("/v1/namespaces/me/settings").mustBe(200).text())
        .isEqualTo("{\"store_responses\":false}");
    String unstored = id(ask(WORLD.client(), Vendor.CHAT, false, "\"input\":\"" + QUESTION + "\""));
    for (String id : List.of(kept, unstored)) {
      String told = unknown(WORLD.client(), id);
      assertThat(told).contains("no such object is known here: previous_response_id");
    }
    assertThat(
            WORLD
                .client()
                .get("/v1/namespaces/me/audit?limit=1")
                .mustBe(200)
                .json()
                .at("/data/0/after")
                .toString())
        .contains("store_responses", "false");
    setting(WORLD.client(), true);
    String refused =
        id(
            ask(
                WORLD.client(),
                Vendor.CHAT,
                false,
                "\"store\":false,\"input\":\"" + QUESTION + "\""));
    String unused = unknown(WORLD.client(), refused);
    assertNoPlainText(WORLD.node().home());
  }

  @Test
  void aRestartKeepsThem() throws Exception {
    Sightings sightings = new Sightings();
    try (FakeUpstream upstream = FakeUpstream.start()) {
      upstream.answerBy(answers());
      TestKey key;
      String first;
      try (RunningNode node = RunningNode.start(home, Vendor.configuration(upstream), sightings)) {
        key = node.mint(node.defaultNamespace(), "key", TestKey.ALL_SCOPES);
        setting(node.with(key.token()), true);
        first =
            id(
                ask(
                    node.with(key.token()),
                    Vendor.MESSAGES,
                    true,
                    "\"input\":\"" + QUESTION + "\""));
      }
      assertNoPlainText(home);
      try (RunningNode node = RunningNode.start(home, sightings)) {
        ControlClient client = node.with(key.token());
        assertThat(client.get("/v1/responses/" + first).mustBe(200).text()).contains(ANSWER);
        Reply unused = ask(client, Vendor.GEMINI, false, continuing(first));
        assertThat(upstream.requests().getLast().text()).contains(QUESTION, ANSWER, "and three");
      }
      assertNoPlainText(home);
    }
  }

  private static ResponseCreateParams.Builder turn(Vendor vendor, String words) {
    return ResponseCreateParams.builder().model(vendor.model()).input(words);
  }

  private static Response create(
      OpenAIClient client, boolean streamed, ResponseCreateParams.Builder turn) {
    if (!streamed) {
      return client.responses().create(turn.build());
    }
    ResponseAccumulator answer = ResponseAccumulator.create();
    try (StreamResponse<ResponseStreamEvent> stream =
        client.responses().createStreaming(turn.build())) {
      stream.stream().forEach(answer::accumulate);
    }
    return answer.response();
  }

  /** What the upstream was last told, in this order and with nothing of the node's own. */
  private static void assertToldInOrder(String... words) {
    String told = WORLD.upstream().requests().getLast().text();
    assertThat(told).containsSubsequence(words).doesNotContain("previous_response_id");
  }

  /** An upstream that speaks Responses itself gives each answer an id of its own. */
  private static Function<RecordedRequest, UpstreamScript> answers() {
    AtomicInteger count = new AtomicInteger();
    Function<RecordedRequest, UpstreamScript> plain = Scripts.answering(Answer.saying(ANSWER));
    return request ->
        UpstreamScript.raw(
            new String(plain.apply(request).raw().orElseThrow(), StandardCharsets.ISO_8859_1)
                .replace("resp_up", "resp_%02d".formatted(count.incrementAndGet())));
  }

  private static String continuing(String id) {
    return "\"previous_response_id\":\"" + id + "\",\"input\":\"and three\"";
  }

  private static Reply ask(ControlClient client, Vendor vendor, boolean streamed, String members) {
    return client
        .post(
            "/v1/responses",
            "{\"model\":\"%s\",\"stream\":%s,%s}".formatted(vendor.model(), streamed, members))
        .mustBe(200);
  }

  private static String id(Reply answer) {
    String text = answer.text();
    int at = text.indexOf("\"id\":\"resp_") + 6;
    return text.substring(at, text.indexOf('"', at));
  }

  /** What a client is told of it in each of the three places, without what is the request's own. */
  private static String unknown(ControlClient client, String id) {
    Reply fetched = client.get("/v1/responses/" + id).mustBe(404);
    Reply deleted = client.delete("/v1/responses/" + id).mustBe(404);
    Reply continued =
        client
            .post(
                "/v1/responses",
                "{\"model\":\"" + Vendor.CHAT.model() + "\"," + continuing(id) + "}")
            .mustBe(404);
    assertThat(deleted.json().at("/error/code")).isEqualTo(continued.json().at("/error/code"));
    return (fetched.text() + deleted.text() + continued.text())
        .replaceAll("req_[0-9a-z]{26}", "<request>")
        .replace(id, "<id>");
  }

  private static void setting(ControlClient client, boolean on) {
    client
        .send("PUT", "/v1/namespaces/me/settings", "{\"store_responses\":" + on + "}", Map.of())
        .mustBe(200);
  }

  private static void assertNoPlainText(Path home) throws IOException {
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file :
          files.filter(Files::isRegularFile).filter(file -> !file.endsWith("bill")).toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain("zqquestion", "zqanswer");
      }
    }
  }
}

package io.bitrouter.it.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.google.genai.Client;
import com.google.genai.types.ContentEmbedding;
import com.google.genai.types.EmbedContentConfig;
import com.google.genai.types.HttpOptions;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import io.bitrouter.it.node.BookedRow;
import io.bitrouter.it.node.NodeWorld;
import io.bitrouter.testkit.ControlClient;
import io.bitrouter.testkit.RecordedRequest;
import io.bitrouter.testkit.Reply;
import io.bitrouter.testkit.TestKey;
import io.bitrouter.testkit.UpstreamScript;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is asked beside inference: counts, which are free, and embeddings, which cost their input.
 */
final class CountsAndEmbeddingsTest {

  private static final String MESSAGES_COUNT = "/v1/messages/count_tokens";
  private static final String EMBEDDINGS = "/v1/embeddings";
  private static final String GEMINI = "/v1beta/models/%s:%s";
  private static final String CONTENT = "{\"content\":{\"parts\":[{\"text\":\"hi\"}]}}";

  /** Nano-USD of the nine tokens that upstreams report. */
  private static final long PRICE = 9 * 2_000;

  @RegisterExtension static final NodeWorld WORLD = Vendor.world();

  @BeforeEach
  void upstreamsCountAndEmbed() {
    WORLD.upstream().answerBy(request -> UpstreamScript.body("application/json", answer(request)));
  }

  private static String answer(RecordedRequest request) {
    String verb = request.path().substring(request.path().lastIndexOf(':') + 1);
    return switch (verb) {
      case "/v1/messages/count_tokens" -> "{\"input_tokens\":21}";
      case "countTokens" -> "{\"totalTokens\":21}";
      case "embedContent" ->
          "{\"embedding\":{\"values\":[0.5,-2]},\"usageMetadata\":{\"promptTokenCount\":9}}";
      case "batchEmbedContents" ->
          "{\"embeddings\":[%s],\"usageMetadata\":{\"promptTokenCount\":9}}"
              .formatted(repeated("{\"values\":[0.5,-2]}", request.json().path("requests").size()));
      case "/v1/embeddings" ->
          "{\"object\":\"list\",\"data\":[%s],\"model\":\"x\",%s}"
              .formatted(
                  repeated(
                      "{\"object\":\"embedding\",\"embedding\":[0.5,-2]}",
                      request.json().path("input").isArray()
                          ? request.json().path("input").size()
                          : 1),
                  "\"usage\":{\"prompt_tokens\":9,\"total_tokens\":9}");
      default -> throw new AssertionError(request.path());
    };
  }

  private static String repeated(String item, int times) {
    List<String> items = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      items.add(item.replaceFirst("}$", ",\"index\":" + i + "}"));
    }
    return String.join(",", items);
  }

  @ParameterizedTest
  @EnumSource(Vendor.class)
  void aCountIsTheUpstreamsOrAnEstimateAndFree(Vendor upstream) {
    count(
        MESSAGES_COUNT,
        "{\"model\":\"" + upstream.model() + "\",\"messages\":[{\"role\":\"user\"}]}",
        "input_tokens",
        upstream == Vendor.MESSAGES);
    count(
        GEMINI.formatted(upstream.model(), "countTokens"),
        "{\"contents\":[{\"parts\":[{\"text\":\"hi\"}]}]}",
        "totalTokens",
        upstream == Vendor.GEMINI);
    for (BookedRow row : WORLD.ledger().rows(2)) {
      row.ended("succeeded", 200).free();
      assertThat(row.text("provider_id")).isEqualTo(upstream.provider());
    }
  }

  private static void count(String path, String body, String member, boolean counted) {
    int before = WORLD.upstream().requests().size();
    Reply reply = WORLD.client().post(path, body).mustBe(200);
    assertThat(reply.json().path(member).asInt())
        .isEqualTo(counted ? 21 : Math.ceilDiv(body.length(), 4));
    assertThat(reply.header("x-bitrouter-warnings").orElse(""))
        .isEqualTo(counted ? "" : "estimated:tokens");
    assertThat(WORLD.upstream().requests()).hasSize(before + (counted ? 1 : 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {MESSAGES_COUNT, "/v1beta/models/model-gemini:countTokens"})
  void aCountThatFailsIsFreeToo(String path) {
    WORLD.upstream().answer(UpstreamScript.body("text/html", "<html>"));
    String model = path.equals(MESSAGES_COUNT) ? "model-messages" : "model-gemini";
    String body = "{\"model\":\"%s\",\"messages\":[],\"contents\":[]}".formatted(model);
    WORLD.client().post(path, body).mustBe(502);
    WORLD.ledger().only().ended("failed", 502, "upstream_error").free();
  }

  /** A budget has no say in what costs nothing; it refused counts. */
  @Test
  void aBudgetThatNothingFitsIntoLetsCountsPass() {
    TestKey key = WORLD.node().mint(WORLD.key().namespaceId(), "poor", TestKey.ALL_SCOPES);
    String budget =
        """
        {"name":"nothing","kind":"budget","spec":{"window":"total","limit_micro_usd":1},\
        "bind":{"principal_type":"api_key","principal_id":"%s"}}\
        """;
    WORLD.client().post("/v1/namespaces/me/policies", budget.formatted(key.id())).mustBe(200);
    ControlClient poor = WORLD.node().with(key.token());
    String body = "{\"model\":\"model-messages\",\"max_tokens\":9,\"messages\":[]}";
    poor.post(MESSAGES_COUNT, body).mustBe(200);
    poor.post(GEMINI.formatted("model-gemini", "countTokens"), "{\"contents\":[]}").mustBe(200);
    poor.post("/v1/messages", body).mustBe(400);
  }

  @ParameterizedTest
  @EnumSource(
      value = Vendor.class,
      names = {"CHAT", "GEMINI"})
  void embeddingsCostTheirInput(Vendor upstream) {
    var client = WORLD.client();
    String openAi = "{\"model\":\"" + upstream.model() + "\",\"input\":\"hi\"%s}";
    Reply floats = client.post(EMBEDDINGS, openAi.formatted("")).mustBe(200);
    assertThat(floats.json().at("/data/0/embedding/1").asDouble()).isEqualTo(-2);
    assertThat(floats.json().at("/usage/prompt_tokens").asInt()).isEqualTo(9);
    Reply one = client.post(GEMINI.formatted(upstream.model(), "embedContent"), CONTENT);
    assertThat(one.mustBe(200).json().at("/embedding/values/1").asDouble()).isEqualTo(-2);
    assertThat(one.json().at("/usageMetadata/promptTokenCount").asInt()).isEqualTo(9);
    Reply several =
        client.post(
            GEMINI.formatted(upstream.model(), "batchEmbedContents"),
            "{\"requests\":[" + CONTENT + "," + CONTENT + "]}");
    assertThat(several.mustBe(200).json().at("/embeddings/1/values/1").asDouble()).isEqualTo(-2);
    for (BookedRow row : WORLD.ledger().rows(3)) {
      row.ended("succeeded", 200).used("reported", 9, 0).charged("computed", PRICE);
      assertThat(row.text("upstream_protocol")).isEqualTo(upstream.protocol());
      assertThat(row.json().path("streamed").asBoolean()).isFalse();
    }
  }

  @Test
  void whatIsNotReportedIsEstimatedByTheBody() {
    WORLD.upstream().answer(UpstreamScript.body("application/json", "{\"embedding\":{}}"));
    WORLD.client().post(GEMINI.formatted("model-gemini", "embedContent"), CONTENT).mustBe(200);
    WORLD
        .ledger()
        .only()
        .used("estimated", CONTENT.length(), 0)
        .charged("estimated", CONTENT.length() * 2_000L);
  }

  @ParameterizedTest
  @EnumSource(
      value = Vendor.class,
      names = {"MESSAGES", "RESPONSES"})
  void upstreamsWithoutEmbeddingsAreNotAsked(Vendor upstream) {
    Reply openAi =
        WORLD
            .client()
            .post(EMBEDDINGS, "{\"model\":\"" + upstream.model() + "\",\"input\":\"hi\"}")
            .mustBe(400);
    assertThat(openAi.json().at("/error/param").asString()).isEqualTo("model");
    Reply gemini = WORLD.client().post(GEMINI.formatted(upstream.model(), "embedContent"), CONTENT);
    assertThat(gemini.mustBe(400).json().at("/error/status").asString())
        .isEqualTo("INVALID_ARGUMENT");
    assertThat(WORLD.upstream().requests()).isEmpty();
    WORLD.ledger().rows(2).forEach(row -> row.ended("denied", 400, "invalid_request").free());
  }

  @Test
  void anotherModelIsTriedWhereTheFirstHasNone() {
    String body =
        "{\"model\":\"model-messages\",\"models\":[\"model-gemini\"],\"input\":[\"a\",\"b\"]}";
    Reply reply = WORLD.client().post(EMBEDDINGS, body).mustBe(200);
    assertThat(reply.json().path("data")).hasSize(2);
    BookedRow row = WORLD.ledger().only().used("reported", 9, 0).charged("computed", PRICE);
    assertThat(row.text("model_id")).isEqualTo("upgemini/model-gemini");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/messages/count_tokens | {'model':'model-gemini','messages':[]}",
        "/v1/embeddings | {'model':'model-gemini','input':'hi'}",
        "/v1beta/models/model-gemini:countTokens | {'contents':[]}",
        "/v1beta/models/model-gemini:embedContent | {'content':{'parts':[]}}",
        "/v1beta/models/model-gemini:batchEmbedContents | {'requests':[{'content':{}}]}",
      })
  void rulesAndScopesApply(String path, String quoted) {
    String body = quoted.replace('\'', '"');
    String reader =
        WORLD.node().mint(WORLD.key().namespaceId(), "reader", List.of("usage:read")).token();
    Reply unscoped = WORLD.node().with(reader).post(path, body).mustBe(403);
    assertThat(unscoped.json().at("/error/message").asString())
        .isEqualTo("missing required scope: inference:invoke");
    TestKey guarded = WORLD.node().mint(WORLD.key().namespaceId(), "guarded", TestKey.ALL_SCOPES);
    WORLD
        .client()
        .post(
            "/v1/namespaces/me/policies",
            """
            {"name":"none","kind":"guardrail","spec":{"model_deny":["model-gemini"]},\
            "bind":{"principal_type":"api_key","principal_id":"%s"}}\
            """
                .formatted(guarded.id()))
        .mustBe(200);
    Reply denied = WORLD.node().with(guarded.token()).post(path, body).mustBe(403);
    assertThat(denied.json().path("error").toString()).contains("model_not_allowed");
    assertThat(WORLD.upstream().requests()).isEmpty();
    WORLD.client().post(path, body).mustBe(200);
    assertThat(WORLD.ledger().rows(3))
        .extracting(row -> row.text("status"))
        .containsExactly("denied", "denied", "succeeded");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1beta/models/model-gemini:predict",
        "/v1/models/upgemini/model-gemini:GenerateContent",
        "/v1/v1beta/models/upgemini%2Fmodel-gemini:countTokens:x",
        "/v1beta/models/model-gemini:",
      })
  void otherVerbsAreNotThereAndThoseThatAreAreNamed(String path) {
    Reply reply = WORLD.client().post(path, CONTENT).mustBe(404);
    assertThat(reply.json().at("/error/status").asString()).isEqualTo("NOT_FOUND");
    assertThat(reply.json().at("/error/message").asString())
        .contains(
            ":generateContent, :streamGenerateContent, :countTokens, :embedContent,"
                + " :batchEmbedContents");
    WORLD.ledger().rows(0);
  }

  @Test
  void anthropicsOwnLibraryCounts() {
    AnthropicClient client =
        AnthropicOkHttpClient.builder()
            .baseUrl(WORLD.node().endpoint().toString())
            .apiKey(WORLD.key().token())
            .build();
    try {
      MessageCountTokensParams params =
          MessageCountTokensParams.builder().model("model-messages").addUserMessage("hi").build();
      assertThat(client.messages().countTokens(params).inputTokens()).isEqualTo(21);
    } finally {
      client.close();
    }
    WORLD.ledger().only().ended("succeeded", 200).free();
  }

  @ParameterizedTest
  @CsvSource({"CHAT,float", "GEMINI,float", "GEMINI,base64"})
  void openAisOwnLibraryEmbeds(Vendor upstream, String format) {
    OpenAIClient client =
        OpenAIOkHttpClient.builder()
            .baseUrl(WORLD.node().endpoint() + "/v1")
            .apiKey(WORLD.key().token())
            .build();
    try {
      CreateEmbeddingResponse answer =
          client
              .embeddings()
              .create(
                  EmbeddingCreateParams.builder()
                      .model(upstream.model())
                      .inputOfArrayOfStrings(List.of("a", "b"))
                      .encodingFormat(EmbeddingCreateParams.EncodingFormat.of(format))
                      .build());
      assertThat(answer.data())
          .hasSize(2)
          .allSatisfy(each -> assertThat(each.embedding()).containsExactly(0.5f, -2f));
      String sent = answer.data().getFirst().toString();
      assertThat(sent.contains("AAAAPwAAAMA=")).as(sent).isEqualTo(format.equals("base64"));
      assertThat(answer.usage().promptTokens()).isEqualTo(9);
    } finally {
      client.close();
    }
    WORLD.ledger().only().used("reported", 9, 0).charged("computed", PRICE);
  }

  @ParameterizedTest
  @EnumSource(
      value = Vendor.class,
      names = {"CHAT", "GEMINI"})
  void googlesOwnLibraryCountsAndEmbeds(Vendor upstream) {
    try (Client client =
        Client.builder()
            .apiKey(WORLD.key().token())
            .httpOptions(HttpOptions.builder().baseUrl(WORLD.node().endpoint().toString()).build())
            .build()) {
      var counted = client.models.countTokens("model-gemini", "hi", null);
      assertThat(counted.totalTokens()).hasValue(21);
      var embedded =
          client.models.embedContent(
              upstream.model(),
              List.of("a", "b"),
              EmbedContentConfig.builder().outputDimensionality(2).build());
      assertThat(embedded.embeddings().orElseThrow())
          .extracting(ContentEmbedding::values)
          .allSatisfy(values -> assertThat(values.orElseThrow()).containsExactly(0.5f, -2f));
    }
    WORLD.ledger().rows(2).getLast().used("reported", 9, 0).charged("computed", PRICE);
  }
}

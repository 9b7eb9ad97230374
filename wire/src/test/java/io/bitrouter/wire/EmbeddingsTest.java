package io.bitrouter.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.Handle;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.core.exchange.UsageOrigin;
import io.bitrouter.core.gateway.DecodedRequest;
import io.bitrouter.core.gateway.Dialect;
import io.bitrouter.core.gateway.Passage;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Embeddings by OpenAI's and Gemini's protocols, to upstreams of both and of no other. */
class EmbeddingsTest {

  private static final Dialect CHAT = new DialectRegistry().embeddings();
  private static final Dialect GEMINI = new DialectRegistry().geminiEmbeddings();
  private static final String ONE = "/v1beta/models/m:embedContent";
  private static final String BATCH = "/v1/models/m:batchEmbedContents";
  private static final MeasuredUsage NINE =
      new MeasuredUsage(new TokenUsage(9, 0, 0, 0, 0, 0), UsageOrigin.REPORTED);

  private static final String OPENAI_ANSWER =
      """
      {"object":"list","data":[{"object":"embedding","index":1,"embedding":[0.25,-1]},
      {"object":"embedding","index":0,"embedding":[-0.006929283495992422,1e-7]}],
      "model":"x","usage":{"prompt_tokens":9,"total_tokens":9}}\
      """;
  private static final String GEMINI_ANSWER =
      """
      {"embeddings":[{"values":[0.5,-2]},{"values":[1,0.1]}],
      "usageMetadata":{"promptTokenCount":9,"promptTokenDetails":[{"tokenCount":9}]}}\
      """;

  @Test
  void aBodyOfOpenAisPassesToItsKind() {
    String body =
        """
        {"model":"m","models":["b","c"],"input":[[1,2],[3]], "encoding_format":"base64","user":"ann",
        "x":1.50}\
        """;
    DecodedRequest request = decoded(CHAT, ONE, body);
    assertThat(request.asked().fallbacks()).containsExactly("b", "c");
    assertThat(request.asked().declaredOutput()).hasValue(0);
    Passage passage = toward(request, Protocol.CHAT);
    assertThat(passage.path()).isEqualTo("/embeddings");
    assertThat(text(passage.body()))
        .isEqualTo(
            body.replace("\"m\"", "\"up/1\"")
                .replace("\"models\":[\"b\",\"c\"],", "")
                .replace("ann", "<ann>"));
    mustPass(passage, OPENAI_ANSWER);
    mustPass(passage, "{\"data\":[{\"embedding\":\"AACAPw==\"}],\"usage\":{\"prompt_tokens\":9}}");
  }

  @Test
  void anAnswerThatDoesNotSayWhatItUsedIsStillOne() {
    Passage passage =
        toward(decoded(CHAT, ONE, "{\"model\":\"m\",\"input\":\"a\"}"), Protocol.CHAT);
    for (String usage : new String[] {"", ",\"usage\":{\"prompt_tokens\":-1}", ",\"usage\":null"}) {
      Passage.WholeAnswer said = passage.whole(utf8("{\"data\":[]" + usage + "}"));
      assertThat(said.answered()).as(usage).isTrue();
      assertThat(said.usage()).as(usage).isEmpty();
      assertThat(said.outputBytes()).as(usage).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({"float,'[0.5,-2.0]','[1.0,0.1]'", "base64,'\"AAAAPwAAAMA=\"','\"AACAP83MzD0=\"'"})
  void textsOfOpenAisGoToGemini(String format, String first, String second) {
    Passage passage =
        toward(
            decoded(
                CHAT,
                ONE,
                """
                {"model":"m","input":["a\\n","\u00e9"],"dimensions":2,"encoding_format":"%s",
                "user":"ann","truncate":"END"}\
                """
                    .formatted(format)),
            Protocol.GEMINI);
    assertThat(passage.path()).isEqualTo("/models/up%2F1:batchEmbedContents");
    assertThat(text(passage.body()))
        .isEqualTo(
            """
            {"requests":[{"model":"models/up/1","content":{"parts":[{"text":"a\\n"}]},\
            "outputDimensionality":2},{"model":"models/up/1","content":{"parts":[{"text":"\u00e9"}]},\
            "outputDimensionality":2}]}\
            """);
    assertThat(passage.warnings()).containsExactly("ignored:truncate");
    Passage.WholeAnswer said = passage.whole(utf8(GEMINI_ANSWER));
    assertThat(said.usage()).hasValue(NINE);
    assertThat(text(said.body().apply(NINE)))
        .isEqualTo(
            """
            {"object":"list","data":[{"object":"embedding","index":0,"embedding":%s},\
            {"object":"embedding","index":1,"embedding":%s}],"model":"m",\
            "usage":{"prompt_tokens":9,"total_tokens":9}}\
            """
                .formatted(first, second));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'model':'m'} | input",
        "{'model':'m','input':[]} | input",
        "{'model':'m','input':7} | input",
        "{'model':'m','input':[1,2]} | input[0]",
        "{'model':'m','input':['a',[1]]} | input[1]",
        "{'model':'m','input':'a','encoding_format':'int8'} | encoding_format",
        "{'model':'m','input':'a','dimensions':1.5} | dimensions",
      })
  void whatGeminiCannotBeAskedIsRefused(String body, String member) {
    Refusal refusal = refused(decoded(CHAT, ONE, body.replace('\'', '"')), Protocol.GEMINI);
    assertThat(refusal.status()).isEqualTo(400);
    assertThat(refusal.param()).hasValue(member);
  }

  @Test
  void aBodyOfGeminisPassesToItsKind() {
    String one = "{\"model\":\"models/m\", \"content\":{\"parts\":[{\"text\":\"a\"}]},\"x\":1.50}";
    Passage passage = toward(decoded(GEMINI, ONE, one), Protocol.GEMINI);
    assertThat(passage.path()).isEqualTo("/models/up%2F1:embedContent");
    assertThat(text(passage.body())).isEqualTo(one.replace("\"model\":\"models/m\",", ""));
    mustPass(
        passage, "{\"embedding\":{\"values\":[1]},\"usageMetadata\":{\"promptTokenCount\":9}}");
    String several =
        "{\"requests\":[{\"model\":\"models/m\",\"content\":{}},{\"content\":{} ,\"model\":\"m\"}]}";
    Passage batch = toward(decoded(GEMINI, BATCH, several), Protocol.GEMINI);
    assertThat(batch.path()).isEqualTo("/models/up%2F1:batchEmbedContents");
    assertThat(text(batch.body()))
        .isEqualTo(
            several.replace("\"models/m\"", "\"models/up/1\"").replace("\"m\"", "\"models/up/1\""));
    mustPass(batch, GEMINI_ANSWER);
    assertThat(batch.whole(utf8("{\"embeddings\":[]}")).usage()).isEmpty();
  }

  @Test
  void aContentOfGeminisGoesToOpenAisKind() {
    Passage passage =
        toward(
            decoded(
                GEMINI,
                ONE,
                """
                {"model":"models/m","content":{"role":"user","parts":[{"text":"a"},{"text":"b"}]},
                "task_type":"RETRIEVAL_QUERY","output_dimensionality":256}\
                """),
            Protocol.CHAT);
    assertThat(passage.path()).isEqualTo("/embeddings");
    assertThat(text(passage.body()))
        .isEqualTo("{\"model\":\"up/1\",\"input\":[\"a\\nb\"],\"dimensions\":256}");
    assertThat(passage.warnings()).containsExactly("ignored:taskType");
    String answer = "{\"data\":[{\"embedding\":[1,0.5]}],\"usage\":{\"prompt_tokens\":9}}";
    assertThat(written(passage, answer))
        .isEqualTo(
            "{\"embedding\":{\"values\":[1.0,0.5]},\"usageMetadata\":{\"promptTokenCount\":9}}");
  }

  @Test
  void severalContentsKeepTheirOrder() {
    Passage passage =
        toward(
            decoded(
                GEMINI,
                BATCH,
                """
                {"requests":[{"model":"models/m","content":{"parts":[{"text":"a"}]},"title":"t"},
                {"content":{"parts":[{"text":"b"}]},"title":"u"}]}\
                """),
            Protocol.CHAT);
    assertThat(text(passage.body())).isEqualTo("{\"model\":\"up/1\",\"input\":[\"a\",\"b\"]}");
    assertThat(passage.warnings()).containsExactly("ignored:title");
    assertThat(written(passage, OPENAI_ANSWER))
        .isEqualTo(
            """
            {"embeddings":[{"values":[-0.006929283495992422,1.0E-7]},{"values":[0.25,-1.0]}],\
            "usageMetadata":{"promptTokenCount":9}}\
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "embedContent | {'content':{'parts':[{'inlineData':{'mimeType':'image/png'}}]}}"
            + " | content.parts[0]",
        "embedContent | {'content':'a'} | content",
        "batchEmbedContents | {'content':{'parts':[]}} | requests",
        "batchEmbedContents | {'requests':[{'content':{'parts':[{'text':'a'}]}},{}]}"
            + " | requests[1].content",
        "batchEmbedContents | {'requests':[{'content':{'parts':[]},'outputDimensionality':1},"
            + "{'content':{'parts':[]}}]} | requests[1].outputDimensionality",
      })
  void whatOpenAisKindCannotBeAskedIsRefused(String verb, String body, String member) {
    DecodedRequest request = decoded(GEMINI, "/v1/models/m:" + verb, body.replace('\'', '"'));
    Refusal refusal = refused(request, Protocol.CHAT);
    assertThat(refusal.status()).isEqualTo(400);
    assertThat(refusal.param()).hasValue(member);
  }

  @ParameterizedTest
  @EnumSource(names = {"MESSAGES", "RESPONSES"})
  void otherProtocolsHaveNone(Protocol upstream) {
    for (DecodedRequest request :
        new DecodedRequest[] {
          decoded(CHAT, ONE, "{\"model\":\"m\",\"input\":\"a\"}"),
          decoded(GEMINI, ONE, "{\"content\":{\"parts\":[{\"text\":\"a\"}]}}")
        }) {
      Refusal refusal = refused(request, upstream);
      assertThat(refusal.status()).isEqualTo(400);
      assertThat(refusal.param()).hasValue("model");
      assertThat(refusal.message()).contains("'p' has no embeddings");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<html>",
        "{\"error\":{\"message\":\"no\"}}",
        "{\"data\":[]}",
        "{\"data\":[{\"embedding\":[1]},{\"embedding\":[1]}]}",
        "{\"data\":[{\"index\":1,\"embedding\":[1]}]}",
        "{\"data\":[{\"embedding\":[\"1\"]}]}",
        "{\"data\":[{\"embedding\":[1e999]}]}",
        "{\"data\":[{\"embedding\":\"AACAPw==\"}]}",
        "{\"data\":[{\"index\":0}]}",
        "{\"data\":[null]}",
      })
  void whatHoldsNoVectorForEachTextIsNoAnswer(String answer) {
    Passage passage =
        toward(decoded(GEMINI, ONE, "{\"content\":{\"parts\":[{\"text\":\"a\"}]}}"), Protocol.CHAT);
    assertThat(passage.whole(utf8(answer)).answered()).isFalse();
  }

  @Test
  void whatIsInsideIsJudged() {
    AskedRequest asked =
        decoded(
                GEMINI,
                BATCH,
                """
                {"requests":[{"content":{"parts":[{"text":"a"}]}},
                {"content":{"parts":[{"file_data":{"mime_type":"video/mp4","file_uri":"files/d"}}]}}]}\
                """)
            .asked();
    assertThat(asked.modalities()).containsExactly("text", "video");
    assertThat(asked.mediaParts()).isEqualTo(1);
    assertThat(asked.handles()).extracting(Handle::value).containsExactly("files/d");
  }

  private static String written(Passage passage, String answer) {
    Passage.WholeAnswer said = passage.whole(utf8(answer));
    assertThat(said.answered()).isTrue();
    assertThat(said.usage()).hasValue(NINE);
    return text(said.body().apply(NINE));
  }

  private static void mustPass(Passage passage, String answer) {
    assertThat(passage.warnings()).isEmpty();
    assertThat(written(passage, answer)).isEqualTo(answer);
  }

  private static Passage toward(DecodedRequest request, Protocol upstream) {
    return Dialects.passage(request, Dialects.target(upstream, "up/1"), OptionalLong.empty());
  }

  private static Refusal refused(DecodedRequest request, Protocol upstream) {
    return switch (request.toward(
        Dialects.target(upstream, "up/1"), OptionalLong.empty(), Dialects.ON_BEHALF)) {
      case Outcome.Done<Passage>(Passage passage) -> throw new AssertionError(passage.toString());
      case Outcome.Refused<Passage>(Refusal refusal) -> refusal;
    };
  }

  private static DecodedRequest decoded(Dialect dialect, String path, String body) {
    return switch (dialect.decode(utf8(body), Dialects.call(path, Optional.empty()))) {
      case Outcome.Done<DecodedRequest>(DecodedRequest request) -> request;
      case Outcome.Refused<DecodedRequest>(Refusal refusal) ->
          throw new AssertionError(refusal.message());
    };
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

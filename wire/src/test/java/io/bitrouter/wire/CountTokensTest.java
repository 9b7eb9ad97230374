package io.bitrouter.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.Handle;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.Protocol;
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

/** Counts of tokens by Anthropic's and Gemini's protocols: the upstream's, or an estimate. */
class CountTokensTest {

  private static final Dialect MESSAGES = new DialectRegistry().countTokens();
  private static final Dialect GEMINI = new DialectRegistry().geminiCount();
  private static final String PATH = "/v1beta/models/m:countTokens";
  private static final String PROMPT =
      """
      {"model":"m","metadata":{"user_id":"ann"}, "messages":[{"role":"user","content":"h\u00e9"}]}\
      """;
  private static final String CONTENTS = "{\"contents\":[{\"parts\":[{\"text\":\"hi\"}]}]}";

  @Test
  void anUpstreamOfMessagesCounts() {
    Passage passage = toward(MESSAGES, PROMPT, Protocol.MESSAGES);
    assertThat(passage.path()).isEqualTo("/messages/count_tokens");
    assertThat(text(passage.body()))
        .isEqualTo(PROMPT.replace("\"m\"", "\"up/1\"").replace("ann", "<ann>"));
    mustPass(passage, "{\"input_tokens\":2095}");
  }

  @Test
  void anUpstreamOfGeminiCounts() {
    Passage passage = toward(GEMINI, CONTENTS, Protocol.GEMINI);
    assertThat(passage.path()).isEqualTo("/models/up%2F1:countTokens");
    assertThat(text(passage.body())).isEqualTo(CONTENTS);
    mustPass(passage, "{\"totalTokens\":31,\"promptTokensDetails\":[{\"tokenCount\":31}]}");
  }

  @ParameterizedTest
  @EnumSource(names = "MESSAGES", mode = EnumSource.Mode.EXCLUDE)
  void forMessagesTheGatewayEstimatesElsewhere(Protocol upstream) {
    Passage passage = toward(MESSAGES, PROMPT, upstream);
    // 88 bytes: é takes two.
    assertThat(passage.known().map(CountTokensTest::text)).hasValue("{\"input_tokens\":22}");
    assertThat(passage.warnings()).containsExactly("estimated:tokens");
  }

  @ParameterizedTest
  @EnumSource(names = "GEMINI", mode = EnumSource.Mode.EXCLUDE)
  void forGeminiTheGatewayEstimatesElsewhere(Protocol upstream) {
    Passage passage = toward(GEMINI, CONTENTS, upstream);
    assertThat(passage.known().map(CountTokensTest::text)).hasValue("{\"totalTokens\":10}");
    assertThat(passage.warnings()).containsExactly("estimated:tokens");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'model':'models/m','contents':[]}|{'contents':[]}",
        "{'generateContentRequest':{'model':'models/m','contents':[]}}"
            + "|{'generateContentRequest':{'model':'models/up/1','contents':[]}}",
        "{'model':7,'generate_content_request':{'contents':[],'model':null}}"
            + "|{'generate_content_request':{'contents':[],'model':'models/up/1'}}",
      })
  void theModelOfARequestInsideIsTheUpstreams(String body, String sent) {
    Passage passage = toward(GEMINI, body.replace('\'', '"'), Protocol.GEMINI);
    assertThat(text(passage.body())).isEqualTo(sent.replace('\'', '"'));
  }

  @Test
  void whatIsInsideIsJudged() {
    AskedRequest asked =
        decoded(
                GEMINI,
                """
                {"generateContentRequest":{"contents":[{"parts":[{"fileData":{"mimeType":"image/png",
                "fileUri":"files/d"}}]}],"tools":[{"functionDeclarations":[{"name":"rm"}]}],
                "generationConfig":{"maxOutputTokens":9}}}\
                """)
            .asked();
    assertThat(asked.model()).isEqualTo("m");
    assertThat(asked.tools()).containsExactly("rm");
    assertThat(asked.modalities()).containsExactly("image");
    assertThat(asked.handles()).extracting(Handle::value).containsExactly("files/d");
    assertThat(asked.declaredOutput()).hasValue(0);
    assertThat(asked.streamed()).isFalse();
    assertThat(decoded(MESSAGES, PROMPT.replace("\"model\"", "\"stream\":true,\"model\"")).asked())
        .extracting(AskedRequest::streamed, AskedRequest::declaredOutput)
        .containsExactly(false, OptionalLong.of(0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"content\":{\"parts\":[]}}",
        "{\"generateContentRequest\":{}}",
        "{\"generateContentRequest\":{\"contents\":[],\"contents\":[]}}",
        "{\"generateContentRequest\":{\"contents\":[]},\"generate_content_request\":{}}"
      })
  void whatCannotBeCountedIsRefused(String body) {
    assertThat(refused(PATH, body).status()).isEqualTo(400);
  }

  @Test
  void otherVerbsAreOtherCalls() {
    Refusal refusal = refused("/v1beta/models/m:generateContent", CONTENTS);
    assertThat(refusal.status()).isEqualTo(404);
    assertThat(refusal.hint().orElseThrow()).contains(":countTokens");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "<html>", "{\"error\":{\"message\":\"no\"}}", "{\"a\":1}{}"})
  void whatIsNoAnswerIsNone(String answer) {
    Passage.WholeAnswer said = toward(GEMINI, CONTENTS, Protocol.GEMINI).whole(utf8(answer));
    assertThat(said.answered()).isFalse();
    assertThat(said.usage()).isEmpty();
  }

  private static void mustPass(Passage passage, String answer) {
    assertThat(passage.known()).isEmpty();
    assertThat(passage.streamed()).isFalse();
    assertThat(passage.warnings()).isEmpty();
    Passage.WholeAnswer said = passage.whole(utf8(answer));
    assertThat(said.answered()).isTrue();
    assertThat(said.usage()).hasValue(MeasuredUsage.NONE);
    assertThat(text(said.body().apply(MeasuredUsage.NONE))).isEqualTo(answer);
  }

  private static Passage toward(Dialect dialect, String body, Protocol upstream) {
    return Dialects.passage(
        decoded(dialect, body), Dialects.target(upstream, "up/1"), OptionalLong.empty());
  }

  private static DecodedRequest decoded(Dialect dialect, String body) {
    return switch (dialect.decode(utf8(body), Dialects.call(PATH, Optional.empty()))) {
      case Outcome.Done<DecodedRequest>(DecodedRequest request) -> request;
      case Outcome.Refused<DecodedRequest>(Refusal refusal) ->
          throw new AssertionError(refusal.message());
    };
  }

  private static Refusal refused(String path, String body) {
    return switch (GEMINI.decode(utf8(body), Dialects.call(path, Optional.empty()))) {
      case Outcome.Done<DecodedRequest> done -> throw new AssertionError(body + " is accepted");
      case Outcome.Refused<DecodedRequest>(Refusal refusal) -> refusal;
    };
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

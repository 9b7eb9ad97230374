package io.bitrouter.wire.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.Elsewhere;
import io.bitrouter.core.exchange.Handle;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.core.exchange.UsageOrigin;
import io.bitrouter.core.gateway.DecodedRequest;
import io.bitrouter.core.gateway.Passage;
import io.bitrouter.core.gateway.StreamTap;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.wire.Dialects;
import io.bitrouter.wire.json.GeminiScanner;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.sse.SplitCheck;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What Gemini says in the path, which objects of an account a body names, and the array form. */
class GeminiDialectTest {

  private static final String BODY = "{\"contents\":[{\"parts\":[{\"text\":\"Hi\"}]}]}";
  private static final String STREAM = "/v1beta/models/m:streamGenerateContent";
  private static final MeasuredUsage USED =
      new MeasuredUsage(new TokenUsage(6, 0, 0, 0, 5, 0), UsageOrigin.ESTIMATED);

  private static final String EVENTS =
      "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"é\"}]},\"index\":0}]}\r\n\r\n"
          + ": ping\n\n"
          + "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"b\"}]},\n"
          + "data: \"finishReason\":\"STOP\",\"index\":0}]}\n\n"
          + "data: {\"usageMetadata\":{\"promptTokenCount\":9,\"candidatesTokenCount\":2}}\n\n";

  @ParameterizedTest
  @CsvSource({
    "/v1beta/models/gemini-2.5-pro:generateContent, gemini-2.5-pro, false",
    "/v1/models/gemini-2.5-pro:streamGenerateContent, gemini-2.5-pro, true",
    "/v1beta/models/openai%2Fgpt-5.1:generateContent, openai/gpt-5.1, false",
    "/v1beta/models/openai/gpt-5.1:generateContent, openai/gpt-5.1, false",
    "/v1beta/models/models/m:generateContent, m, false",
    "/v1beta/models/a%20b+c%3A7b:generateContent, a b+c:7b, false",
    "/v1beta/models/m%3AgenerateContent, m, false",
  })
  void thePathNamesTheModel(String path, String model, boolean stream) {
    AskedRequest asked = decoded(path, BODY).asked();
    assertThat(asked.model()).isEqualTo(model);
    assertThat(asked.streamed()).isEqualTo(stream);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1beta/models/m",
        "/v1beta/models/m:",
        "/v1beta/models/m:countTokens",
        "/v1beta/models/m:GenerateContent",
        "/v1beta/models/m:generateContent:x",
        "/v1beta/models/m%zz:generateContent",
        "/v1beta/tunedmodels/m:generateContent",
      })
  void otherVerbsAreNotServed(String path) {
    assertThat(refused(path, Optional.empty(), BODY).status()).isEqualTo(404);
  }

  @Test
  void whatIsNoCallIsRefused() {
    assertThat(refused("/v1beta/models/:generateContent", Optional.empty(), BODY).status())
        .isEqualTo(400);
    assertThat(refused(STREAM, Optional.of("proto"), BODY).param()).hasValue("alt");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"contents\":null}",
        "{\"contents\":[],\"contents\":[]}",
        "{\"contents\":[],\"tools\":[],\"too\\u006cs\":[]}",
        "{\"contents\":[],\"generationConfig\":{},\"generation_config\":{}}",
        "{\"contents\":[],\"generationConfig\":{\"maxOutputTokens\":1,\"max_output_tokens\":9}}",
        "{\"contents\":[],\"generationConfig\":{\"maxOutputTokens\":\"9\"}}",
        "{\"contents\":[],\"generationConfig\":{\"candidateCount\":0}}",
        "{\"contents\":[],\"generationConfig\":7}",
        "{\"contents\":[{\"parts\":[{\"inlineData\":{},\"inline_data\":{}}]}]}",
        "{\"contents\":[{\"parts\":[{\"fileData\":{\"fileUri\":\"a\",\"file_uri\":\"b\"}}]}]}",
        "{\"contents\":[],\"tools\":[{\"functionDeclarations\":[{\"name\":\"a\",\"name\":\"b\"}]}]}",
        "{\"contents\":[],\"cachedContent\":7}",
      })
  void bodiesThatCouldBeReadInTwoWaysAreRefused(String body) {
    assertThat(refused(STREAM, Optional.of("sse"), body).status()).isEqualTo(400);
  }

  @Test
  void objectsOfAnAccountAreHandles() {
    String body =
        """
        {"contents":[{"parts":[{"fileData":{"fileUri":"https://example.org/a"}},
        {"file_data":{"file_uri":"gs://bucket/b"}},
        {"fileData":{"fileUri":"https://generativelanguage.googleapis.com/v1beta/files/c"}},
        {"functionResponse":{"name":"f","parts":[{"fileData":{"fileUri":"files/d"}}]}}]}],
        "cached_content":"cachedContents/e",
        "tools":[{"fileSearch":{"fileSearchStoreNames":["fileSearchStores/f"]}},
        {"retrieval":{"vertex_rag_store":{"rag_resources":[{"rag_corpus":"corpora/g"}]}}}],
        "labels":{"engine":"mine"}}\
        """;
    AskedRequest asked = decoded(STREAM, body).asked();
    assertThat(asked.handles())
        .extracting(Handle::value)
        .containsExactly(
            "gs://bucket/b",
            "https://generativelanguage.googleapis.com/v1beta/files/c",
            "files/d",
            "cachedContents/e",
            "fileSearchStores/f",
            "corpora/g");
    assertThat(asked.elsewhere()).isEqualTo(Elsewhere.TOOLS);
    assertThat(decoded(STREAM, BODY).asked().elsewhere()).isEqualTo(Elsewhere.NOTHING);
    assertThat(decoded(STREAM, "{\"contents\":[],\"cachedContent\":\"c\"}").asked().elsewhere())
        .isEqualTo(Elsewhere.CONTENT);
    assertThat(
            decoded(STREAM, "{\"contents\":[],\"tools\":[{\"computerUse\":{}}]}")
                .asked()
                .elsewhere())
        .isEqualTo(Elsewhere.NOTHING);
  }

  @ParameterizedTest
  @CsvSource({
    "https://example.org/a b?x=googleapis.com, false",
    "http://EXAMPLE.org:8080, false",
    "https://storage.googleapis.com/b/o, false",
    "https://generativelanguage.googleapis.com./v1beta/files/c, true",
    "HTTPS://GENERATIVELANGUAGE.mtls.googleapis.com/v1beta/files/c, true",
    "https://generativelanguage%2egoogleapis.com/v1beta/files/c, true",
    "https:generativelanguage.googleapis.com/v1beta/files/c, true",
    "files/c, true",
  })
  void whatIsNotPlainlyOfTheWebIsTheProviders(String uri, boolean kept) {
    assertThat(GeminiScanner.kept(uri)).isEqualTo(kept);
  }

  @Test
  void theProviderIsNotToldToKeepTheAnswer() {
    DecodedRequest request = decoded(STREAM, "{\"store\":true,\"contents\":[]}");
    Passage passage = Dialects.passage(Dialects.GEMINI, request, "up/1", OptionalLong.empty());
    assertThat(new String(passage.body(), StandardCharsets.UTF_8))
        .isEqualTo("{\"store\":false,\"contents\":[]}");
    assertThat(passage.warnings()).containsExactly("clamped:store");
  }

  @Test
  void theUpstreamIsAskedForEventsEitherWay() {
    for (Optional<String> alt : List.of(Optional.of("sse"), Optional.<String>empty())) {
      Passage passage = passage(alt);
      assertThat(passage.path()).isEqualTo("/models/up%2F1:streamGenerateContent?alt=sse");
      assertThat(passage.streamType())
          .isEqualTo(alt.isPresent() ? "text/event-stream" : "application/json");
    }
  }

  @Test
  void eventsBecomeOneArrayWhereverTheyAreSplit() {
    byte[] upstream = EVENTS.getBytes(StandardCharsets.UTF_8);
    JsonNode array = Json.strictTree(utf8(streamed(List.of(upstream))));
    assertThat(array).hasSize(3);
    assertThat(array.at("/1/candidates/0/finishReason").stringValue()).isEqualTo("STOP");
    assertThat(SplitCheck.differing(upstream, GeminiDialectTest::streamed)).isEmpty();
  }

  @Test
  void anArrayThatIsCutAnywhereIsWhole() {
    byte[] upstream = EVENTS.getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at <= upstream.length; at++) {
      StreamTap tap = passage(Optional.empty()).tap(usage -> 0);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      tap.accept(ByteBuffer.wrap(upstream, 0, at), out::write);
      out.writeBytes(tap.cut(USED));
      long ends =
          Json.strictTree(out.toByteArray())
              .valueStream()
              .filter(object -> object.at("/candidates/0").has("finishReason"))
              .count();
      assertThat(ends).as(out.toString(StandardCharsets.UTF_8)).isEqualTo(1);
    }
  }

  @Test
  void anErrorEndsAnArray() {
    StreamTap tap = passage(Optional.empty()).tap(usage -> 0);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] upstream = utf8("data: {\"error\":{\"code\":503,\"message\":\"busy\"}}\n\n");
    tap.accept(ByteBuffer.wrap(upstream), out::write);
    tap.upstreamEnded(out::write);
    assertThat(tap.report().error()).hasValue("busy");
    out.writeBytes(tap.report().held());
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo("[{\"error\":{\"code\":502,\"message\":\"busy\",\"status\":\"UNAVAILABLE\"}}]");
  }

  private static String streamed(List<byte[]> parts) {
    StreamTap tap = passage(Optional.empty()).tap(usage -> 0);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    parts.forEach(part -> tap.accept(ByteBuffer.wrap(part), out::write));
    tap.upstreamEnded(out::write);
    assertThat(tap.report().complete()).isTrue();
    out.writeBytes(tap.ending(USED));
    return out.toString(StandardCharsets.UTF_8);
  }

  private static Passage passage(Optional<String> alt) {
    return switch (Dialects.GEMINI.decode(utf8(BODY), Dialects.call(STREAM, alt))) {
      case Outcome.Done<DecodedRequest>(DecodedRequest request) ->
          Dialects.passage(Dialects.GEMINI, request, "up/1", OptionalLong.empty());
      case Outcome.Refused<DecodedRequest>(Refusal refusal) ->
          throw new AssertionError(refusal.message());
    };
  }

  private static DecodedRequest decoded(String path, String body) {
    return switch (Dialects.GEMINI.decode(utf8(body), Dialects.call(path, Optional.of("sse")))) {
      case Outcome.Done<DecodedRequest>(DecodedRequest request) -> request;
      case Outcome.Refused<DecodedRequest>(Refusal refusal) ->
          throw new AssertionError(refusal.message());
    };
  }

  private static Refusal refused(String path, Optional<String> alt, String body) {
    return switch (Dialects.GEMINI.decode(utf8(body), Dialects.call(path, alt))) {
      case Outcome.Done<DecodedRequest>(DecodedRequest request) ->
          throw new AssertionError(body + " is accepted");
      case Outcome.Refused<DecodedRequest>(Refusal refusal) -> refusal;
    };
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

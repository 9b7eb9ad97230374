package io.bitrouter.wire.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.gateway.DecodedRequest;
import io.bitrouter.core.gateway.Passage;
import io.bitrouter.core.gateway.StreamTap;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.wire.Dialects;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The simulator as an upstream of Gemini, watched as the gateway watches it. */
class GeminiVoiceTest {

  private static final String USER =
      "\"contents\":[{\"role\":\"model\",\"parts\":[{\"text\":\"no\"}]},"
          + "{\"parts\":[{\"text\":\"one two\"},{\"text\":\"three\"}]}]";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "echo|{}|{}|3|13|STOP",
        "sim/lorem|{}|{\"maxOutputTokens\":5}|5|28|MAX_TOKENS",
        "echo|{\"chunks\":2}|{}|3|13|STOP",
        "echo|{}|{\"candidateCount\":3}|9|39|STOP",
        "echo|{\"tool\":{\"name\":\"f\",\"arguments\":{\"a\":\"bcdefgh\"}}}|{}|4|16|STOP",
        "echo|{\"usage\":{\"candidatesTokenCount\":99,\"totalTokenCount\":200}}|{}|99|13|STOP",
      })
  void streamsAndWholeAnswersSayTheSame(
      String model, String sim, String config, long tokens, long bytes, String reason) {
    String body = "{" + USER + ",\"x_sim\":" + sim + ",\"generationConfig\":" + config + "}";
    Passage.WholeAnswer whole = whole(model, body);
    StreamTap.StreamReport streamed = streamed(model, body);
    assertThat(whole.usage().orElseThrow().tokens().output()).isEqualTo(tokens);
    assertThat(whole.outputBytes()).isEqualTo(bytes);
    assertThat(whole.finishReason()).hasValue(reason);
    assertThat(streamed.complete()).isTrue();
    assertThat(streamed.usage()).isEqualTo(whole.usage());
    assertThat(streamed.outputBytes()).isEqualTo(bytes);
    assertThat(streamed.finishReason()).hasValue(reason);
  }

  @Test
  void failsWhereItWasTold() {
    StreamTap.StreamReport error =
        streamed("echo", "{" + USER + ",\"x_sim\":{\"error_at_chunk\":2}}");
    assertThat(error.complete()).isFalse();
    assertThat(error.outputBytes()).isEqualTo("one two ".length());
    assertThat(error.error()).hasValue("simulated error");
    assertThat(whole("echo", "{" + USER + ",\"x_sim\":{\"no_usage\":true}}").usage()).isEmpty();
    SimulatedReply unknown = reply("gpt", false, "{" + USER + "}");
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(bytes(unknown)).contains("\"status\":\"NOT_FOUND\"");
  }

  private static Passage.WholeAnswer whole(String model, String body) {
    SimulatedReply reply = reply(model, false, body);
    assertThat(reply.status()).isEqualTo(200);
    return passage(":generateContent", body).whole(utf8(bytes(reply)));
  }

  private static StreamTap.StreamReport streamed(String model, String body) {
    StreamTap tap = passage(":streamGenerateContent", body).tap(usage -> 0);
    ByteArrayOutputStream client = new ByteArrayOutputStream();
    tap.accept(ByteBuffer.wrap(utf8(bytes(reply(model, true, body)))), client::write);
    tap.upstreamEnded(client::write);
    return tap.report();
  }

  private static SimulatedReply reply(String model, boolean stream, String body) {
    return Simulator.reply(new Simulator.Call(model, stream), utf8(body), Optional.empty());
  }

  private static Passage passage(String verb, String body) {
    var client = Dialects.call("/v1beta/models/m" + verb, Optional.of("sse"));
    return switch (Dialects.GEMINI.decode(utf8(body), client)) {
      case Outcome.Done<DecodedRequest>(DecodedRequest request) ->
          Dialects.passage(Dialects.GEMINI, request, "echo", OptionalLong.empty());
      case Outcome.Refused<DecodedRequest>(Refusal refusal) ->
          throw new AssertionError(refusal.message());
    };
  }

  private static String bytes(SimulatedReply reply) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (Step step : reply.steps()) {
      if (step instanceof Step.Chunk(byte[] chunk)) {
        all.writeBytes(chunk);
      }
    }
    return all.toString(StandardCharsets.UTF_8);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

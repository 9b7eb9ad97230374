package io.bitrouter.wire.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.gateway.DecodedRequest;
import io.bitrouter.core.gateway.Dialect;
import io.bitrouter.core.gateway.HeaderField;
import io.bitrouter.core.gateway.Passage;
import io.bitrouter.core.gateway.StreamTap;
import io.bitrouter.wire.Dialects;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SimulatorTest {

  private static final String USER =
      "\"messages\":[{\"role\":\"user\",\"content\":\"one two three\"}]";

  /** Those that say in the body whether the answer is to be streamed. */
  private static final List<Protocol> PROTOCOLS =
      List.of(Protocol.CHAT, Protocol.MESSAGES, Protocol.RESPONSES);

  static List<Protocol> protocols() {
    return PROTOCOLS;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|3|stop",
        "{\"output_tokens\":7}|7|stop",
        "{\"chunks\":2}|3|stop",
        "{\"tool\":{\"name\":\"f\",\"arguments\":{\"a\":\"bcdefgh\"}}}|4|tool_calls",
        "{\"usage\":{\"completion_tokens\":99,\"output_tokens\":99}}|99|stop"
      })
  void streamsAndBufferedAnswersReportTheSame(String sim, int tokens, String reason) {
    for (Protocol protocol : PROTOCOLS) {
      String body = "{\"model\":\"sim/echo\"," + user(protocol) + ",\"x_sim\":" + sim;
      Passage.WholeAnswer buffered = buffered(protocol, body + "}");
      StreamTap.StreamReport streamed = streamed(protocol, body + ",\"stream\":true}");

      assertThat(streamed.complete()).isTrue();
      assertThat(streamed.usage()).isEqualTo(buffered.usage()).isPresent();
      assertThat(streamed.finishReason()).isEqualTo(buffered.finishReason());
      assertThat(streamed.outputBytes()).isEqualTo(buffered.outputBytes());
      assertThat(buffered.usage().orElseThrow().tokens().output()).isEqualTo(tokens);
      assertThat(buffered.finishReason()).hasValue(word(protocol, reason));
    }
  }

  @ParameterizedTest
  @MethodSource("protocols")
  void maxTokensCutsAndSaysSo(Protocol protocol) {
    String body =
        "{\"model\":\"lorem\",\"%s\":5,"
                .formatted(protocol == Protocol.RESPONSES ? "max_output_tokens" : "max_tokens")
            + user(protocol)
            + "}";
    Passage.WholeAnswer report = buffered(protocol, body);
    assertThat(report.usage().orElseThrow().tokens().output()).isEqualTo(5);
    assertThat(report.finishReason()).hasValue(word(protocol, "length"));
    assertThat(report.outputBytes()).isEqualTo("Lorem ipsum dolor sit amet, ".length());
  }

  @ParameterizedTest
  @MethodSource("protocols")
  void withoutUsageThereIsNone(Protocol protocol) {
    String body = "{\"model\":\"echo\"," + user(protocol) + ",\"x_sim\":{\"no_usage\":true}";
    assertThat(buffered(protocol, body + "}").usage()).isEmpty();
    assertThat(streamed(protocol, body + ",\"stream\":true}").usage()).isEmpty();
  }

  @Test
  void chatSendsUsageOnlyWhenAsked() {
    String body = "{\"model\":\"echo\",\"stream\":true," + USER;
    assertThat(bytes(Simulator.reply(Protocol.CHAT, utf8(body + "}"), Optional.empty())))
        .doesNotContain("usage");
    assertThat(
            bytes(
                Simulator.reply(
                    Protocol.CHAT,
                    utf8(body + ",\"stream_options\":{\"include_usage\":true}}"),
                    Optional.empty())))
        .contains("\"usage\":null")
        .contains("\"choices\":[],\"usage\":{\"prompt_tokens\":");
  }

  @Test
  void chatAnswersAsOftenAsAsked() {
    String body = "{\"model\":\"echo\",\"n\":3," + USER;
    Passage.WholeAnswer buffered = buffered(Protocol.CHAT, body + "}");
    StreamTap.StreamReport streamed = streamed(Protocol.CHAT, body + ",\"stream\":true}");
    assertThat(buffered.usage().orElseThrow().tokens().output()).isEqualTo(9);
    assertThat(streamed.usage()).isEqualTo(buffered.usage());
    assertThat(streamed.outputBytes()).isEqualTo(3L * "one two three".length());
  }

  @ParameterizedTest
  @MethodSource("protocols")
  void failsWhereItWasTold(Protocol protocol) {
    assertThat(last(protocol, "{\"reset_at_chunk\":0}")).containsExactly("Reset");
    assertThat(last(protocol, "{\"truncate_at_chunk\":0}")).containsExactly("Truncate");
    for (String failure : List.of("reset", "truncate", "error")) {
      String sim = "{\"" + failure + "_at_chunk\":2}";
      List<String> steps = last(protocol, sim);
      String ending =
          failure.equals("error")
              ? "Chunk"
              : Character.toUpperCase(failure.charAt(0)) + failure.substring(1);
      assertThat(steps.getLast()).isEqualTo(ending);
      StreamTap.StreamReport report =
          streamed(
              protocol,
              "{\"model\":\"echo\",\"stream\":true," + user(protocol) + ",\"x_sim\":" + sim + "}");
      assertThat(report.complete()).isFalse();
      assertThat(report.outputBytes()).isEqualTo("one two ".length());
      assertThat(report.error().isPresent()).isEqualTo(failure.equals("error"));
    }
    assertThat(last(protocol, "{\"reset_at_chunk\":50}").getLast()).isEqualTo("Reset");
  }

  @ParameterizedTest
  @MethodSource("protocols")
  void bufferedAnswersFailToo(Protocol protocol) {
    String body = "{\"model\":\"echo\"," + user(protocol) + ",\"x_sim\":";
    SimulatedReply reset =
        Simulator.reply(protocol, utf8(body + "{\"reset_at_chunk\":1}}"), Optional.empty());
    List<Step> steps = steps(reset);
    assertThat(steps).hasSize(2);
    assertThat(steps.getLast()).isInstanceOf(Step.Reset.class);
    assertThat(bytes(reset).length()).isEqualTo((int) (reset.contentLength().orElseThrow() / 2));
    SimulatedReply error =
        Simulator.reply(protocol, utf8(body + "{\"error_at_chunk\":1}}"), Optional.empty());
    assertThat(error.status()).isEqualTo(500);
  }

  @ParameterizedTest
  @MethodSource("protocols")
  void answersWithAStatus(Protocol protocol) {
    SimulatedReply reply =
        Simulator.reply(
            protocol,
            utf8("{\"model\":\"echo\",\"stream\":true," + user(protocol) + "}"),
            Optional.of("{\"status\":429,\"retry_after\":7,\"first_ms\":5}"));
    assertThat(reply.status()).isEqualTo(429);
    assertThat(reply.headers()).contains(new HeaderField("retry-after", "7"));
    assertThat(bytes(reply)).contains("simulated status 429").contains("rate_limit_error");
    assertThat(steps(reply).getFirst()).isEqualTo(new Step.Delay(5));
  }

  @Test
  void delaysTheFirstAndTheOtherChunks() {
    SimulatedReply reply =
        Simulator.reply(
            Protocol.CHAT,
            utf8("{\"model\":\"echo\",\"stream\":true," + USER + "}"),
            Optional.of("{\"first_ms\":300,\"chunk_ms\":20}"));
    List<Step> steps = steps(reply);
    assertThat(steps.getFirst()).isEqualTo(new Step.Delay(300));
    assertThat(steps.stream().filter(new Step.Delay(20)::equals)).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"chunk_mss\":1,\"x\":2}|unknown members: chunk_mss, x; known are chunk_ms",
        "{\"chunks\":0}|x_sim.chunks must be an integer from 1 to 100000",
        "{\"chunks\":\"5\"}|x_sim.chunks must be an integer",
        "{\"first_ms\":1.5}|x_sim.first_ms must be an integer",
        "{\"no_usage\":1}|x_sim.no_usage must be true or false",
        "{\"tool\":{\"nam\":\"f\"}}|x_sim.tool must be",
        "{\"tool\":{\"name\":\"f\",\"arguments\":\"{\"}}|x_sim.tool.arguments must be JSON",
        "{\"usage\":7}|x_sim.usage must be an object",
        "[]|x_sim must be an object",
      })
  void refusesSteeringThatItDoesNotKnow(String sim, String message) {
    for (Protocol protocol : PROTOCOLS) {
      SimulatedReply reply =
          Simulator.reply(
              protocol,
              utf8("{\"model\":\"echo\"," + user(protocol) + ",\"x_sim\":" + sim + "}"),
              Optional.empty());
      assertThat(reply.status()).isEqualTo(400);
      assertThat(bytes(reply)).contains(message);
    }
  }

  @Test
  void refusesWhatIsNoRequest() {
    assertThat(Simulator.reply(Protocol.CHAT, utf8("{"), Optional.empty()).status()).isEqualTo(400);
    assertThat(
            Simulator.reply(Protocol.CHAT, utf8("{\"model\":\"gpt\"}"), Optional.empty()).status())
        .isEqualTo(404);
    assertThat(
            Simulator.reply(Protocol.CHAT, utf8("{\"model\":\"echo\"}"), Optional.of("{")).status())
        .isEqualTo(400);
  }

  @Test
  void equalRequestsGetEqualBytesAndMoreThanOnce() {
    byte[] body = utf8("{\"model\":\"lorem\",\"stream\":true," + USER + "}");
    SimulatedReply reply = Simulator.reply(Protocol.MESSAGES, body, Optional.empty());
    assertThat(bytes(reply))
        .isEqualTo(bytes(reply))
        .isEqualTo(bytes(Simulator.reply(Protocol.MESSAGES, body, Optional.empty())));
  }

  @Test
  void makesTheLargestStreamAsItGoes() {
    SimulatedReply reply =
        Simulator.reply(
            Protocol.CHAT,
            utf8("{\"model\":\"lorem\",\"stream\":true," + USER + "}"),
            Optional.of("{\"chunks\":100000}"));
    long chunks =
        StreamSupport.stream(reply.steps().spliterator(), false)
            .filter(Step.Chunk.class::isInstance)
            .count();
    assertThat(chunks).isEqualTo(100_003);
  }

  @Test
  void readsTheLastTextOfTheUserInParts() {
    String body =
        "{\"model\":\"echo\",\"messages\":[{\"role\":\"user\",\"content\":\"no\"},"
            + "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"é a\"},"
            + "{\"type\":\"image_url\",\"image_url\":{}},{\"type\":\"text\",\"text\":\"b\"}]},"
            + "{\"role\":\"assistant\",\"content\":\"no\"}]}";
    assertThat(bytes(Simulator.reply(Protocol.CHAT, utf8(body), Optional.empty())))
        .contains("\"content\":\"é a b\"");
  }

  @Test
  void readsAnInputThatIsAText() {
    String body = "{\"model\":\"echo\",\"input\":\"é a\",\"instructions\":\"no\"}";
    assertThat(bytes(Simulator.reply(Protocol.RESPONSES, utf8(body), Optional.empty())))
        .contains("\"text\":\"é a\"");
  }

  private static Passage.WholeAnswer buffered(Protocol protocol, String body) {
    SimulatedReply reply = Simulator.reply(protocol, utf8(body), Optional.empty());
    assertThat(reply.status()).isEqualTo(200);
    String text = bytes(reply);
    assertThat((long) utf8(text).length).isEqualTo(reply.contentLength().orElseThrow());
    return passage(protocol, body).whole(utf8(text));
  }

  /** Sends the request as the gateway would and watches the answer as it would. */
  private static StreamTap.StreamReport streamed(Protocol protocol, String body) {
    Passage passage = passage(protocol, body);
    SimulatedReply reply = Simulator.reply(protocol, passage.body(), Optional.empty());
    StreamTap tap = passage.tap(usage -> 0);
    ByteArrayOutputStream client = new ByteArrayOutputStream();
    for (Step step : reply.steps()) {
      if (step instanceof Step.Chunk(byte[] chunk)) {
        tap.accept(ByteBuffer.wrap(chunk), client::write);
      }
    }
    tap.upstreamEnded(client::write);
    return tap.report();
  }

  private static List<String> last(Protocol protocol, String sim) {
    SimulatedReply reply =
        Simulator.reply(
            protocol,
            utf8("{\"model\":\"echo\",\"stream\":true," + USER + ",\"x_sim\":" + sim + "}"),
            Optional.empty());
    return steps(reply).stream().map(step -> step.getClass().getSimpleName()).toList();
  }

  private static List<Step> steps(SimulatedReply reply) {
    List<Step> steps = new ArrayList<>();
    reply.steps().forEach(steps::add);
    return steps;
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

  private static String user(Protocol protocol) {
    return protocol == Protocol.RESPONSES ? USER.replace("messages", "input") : USER;
  }

  private static String word(Protocol protocol, String reason) {
    return switch (protocol) {
      case CHAT, GEMINI -> reason;
      case MESSAGES ->
          switch (reason) {
            case "stop" -> "end_turn";
            case "length" -> "max_tokens";
            default -> "tool_use";
          };
      case RESPONSES -> reason.equals("length") ? "max_output_tokens" : "completed";
    };
  }

  private static Passage passage(Protocol protocol, String body) {
    Dialect dialect =
        switch (protocol) {
          case CHAT, GEMINI -> Dialects.CHAT;
          case MESSAGES -> Dialects.MESSAGES;
          case RESPONSES -> Dialects.RESPONSES;
        };
    DecodedRequest request = Dialects.decoded(dialect, body);
    return Dialects.passage(dialect, request, request.asked().model(), OptionalLong.empty());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

package io.bitrouter.wire.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.Elsewhere;
import io.bitrouter.core.exchange.FinishReason;
import io.bitrouter.core.exchange.InferenceRequest;
import io.bitrouter.core.exchange.InferenceRequest.AnswerFormat;
import io.bitrouter.core.exchange.InferenceRequest.Sampling;
import io.bitrouter.core.exchange.InferenceRequest.Tooling;
import io.bitrouter.core.exchange.InferenceRequest.Turn;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.Part;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.exchange.Reply;
import io.bitrouter.core.exchange.ReplyEvent;
import io.bitrouter.core.exchange.Signature;
import io.bitrouter.core.exchange.Thinking;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.core.exchange.UsageOrigin;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.kernel.RequestId;
import io.bitrouter.core.kernel.Ulid;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.translate.ReplyContext;
import io.bitrouter.wire.translate.ReplyWriter;
import io.bitrouter.wire.translate.Translator;
import io.bitrouter.wire.translate.Untranslatable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** What Gemini's clients say and what they are answered, as files. */
class GeminiClientGoldenTest {

  private static final MeasuredUsage USED =
      new MeasuredUsage(new TokenUsage(6, 3, 1, 0, 5, 2), UsageOrigin.REPORTED);

  private static final AskedRequest ASKED =
      new AskedRequest(
          "m-1",
          true,
          OptionalLong.empty(),
          2,
          0,
          Set.of(),
          List.of(),
          0,
          0,
          false,
          Elsewhere.NOTHING,
          List.of(),
          List.of());

  @TestFactory
  Stream<DynamicTest> requests() throws Exception {
    return cases(
        "request",
        base ->
            assertThat(told(read(base))).isEqualTo(Files.readString(sibling(base, ".expected"))));
  }

  @TestFactory
  Stream<DynamicTest> refusals() throws Exception {
    return cases(
        "refused",
        base -> {
          String expected = Files.readString(sibling(base, ".expected"));
          assertThatExceptionOfType(Untranslatable.class)
              .isThrownBy(() -> read(base))
              .satisfies(
                  e -> assertThat(e.member() + ": " + e.getMessage() + "\n").isEqualTo(expected));
        });
  }

  @TestFactory
  Stream<DynamicTest> replies() {
    return replyCases().entrySet().stream()
        .map(each ->
            DynamicTest.dynamicTest(each.getKey(), () -> reply(each.getKey(), each.getValue())));
  }

  @Test
  void aFailureIsAnErrorObject() {
    assertThat(text(new GeminiClientCodec(false).failure("it broke")))
        .isEqualTo(
            "data: {\"error\":{\"code\":502,\"message\":\"it broke\",\"status\":\"UNAVAILABLE\"}}\n\n");
  }

  @Test
  void aFailureEndsAnArrayWhereverItIs() {
    GeminiClientCodec codec = new GeminiClientCodec(true);
    assertThat(Json.strictTree(codec.failure("it broke")).path(0).has("error")).isTrue();

    ByteArrayOutputStream out = new ByteArrayOutputStream();
    codec.stream(context(false)).write(new ReplyEvent.Text(0, "Hi"), out);
    out.writeBytes(codec.failure("it broke"));
    JsonNode array = Json.strictTree(out.toByteArray());
    assertThat(array.path(0).has("candidates")).isTrue();
    assertThat(array.path(1).path("error").path("message").stringValue("")).isEqualTo("it broke");
  }

  @Test
  void theGatewaysOwnErrorEndsTheStreamInItsForm() {
    GeminiDialect dialect = new GeminiDialect(new Translator(Map.of()));
    byte[] event =
        dialect.renderInStream(
            Refusal.of(RefusalCode.STREAM_TRUNCATED, "it broke off"),
            new RequestId(new Ulid(0, 1)));
    assertThat(new GeminiClientCodec(false).broken(event)).isEqualTo(event);

    GeminiClientCodec codec = new GeminiClientCodec(true);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    codec.stream(context(false)).write(new ReplyEvent.Text(0, "Hi"), out);
    out.writeBytes(codec.broken(event));
    JsonNode array = Json.strictTree(out.toByteArray());
    assertThat(array).hasSize(2);
    assertThat(array.path(1).path("error").path("message").stringValue(""))
        .isEqualTo("it broke off");

    GeminiArrayTap passed = new GeminiArrayTap(new GeminiTap(ASKED));
    assertThat(Json.strictTree(passed.broken(event))).hasSize(1);
    assertThat(dialect.comment("x")).isEmpty();
  }

  @Test
  void idsStayWhenTheConversationGrows() {
    String call = "{\"role\":\"model\",\"parts\":[{\"functionCall\":{\"name\":\"f\"}}]}";
    String answer =
        "{\"role\":\"user\",\"parts\":[{\"functionResponse\":{\"name\":\"f\",\"response\":{}}}]}";
    List<String> contents = new ArrayList<>();
    List<Part> before = List.of();
    for (int round = 0; round < 4; round++) {
      contents.add(call);
      contents.add(answer);
      List<Part> parts =
          read("{\"contents\":[" + String.join(",", contents) + "]}").turns().stream()
              .flatMap(turn -> turn.parts().stream())
              .toList();
      assertThat(parts.subList(0, 2 * round)).isEqualTo(before);
      assertThat(parts).hasSize(2 * round + 2);
      before = parts;
    }
    assertThat(before.stream().filter(Part.ToolCall.class::isInstance)).doesNotHaveDuplicates();
  }

  @Test
  void aWholeAnswerHasEverythingInItsOrder() throws IOException {
    Reply reply =
        new Reply(
            "m-1",
            List.of(
                new Reply.Choice(
                    List.of(
                        new Part.Reasoning("Hm", Optional.empty(), false),
                        new Part.Text(
                            "Süß.",
                            List.of(new Part.Citation("https://example.org/a", "A", 0, 4)),
                            Optional.empty()),
                        new Part.ToolCall("call_1", "f", "{\"a\":1}", false, Optional.empty()),
                        new Part.ToolCall("call_2", "g", "", false, Optional.empty())),
                    FinishReason.TOOL_CALLS,
                    Optional.empty()),
                new Reply.Choice(
                    List.of(new Part.Refused("No.")),
                    FinishReason.CONTENT_FILTER,
                    Optional.empty())),
            USED);
    String json = text(new GeminiClientCodec(false).whole(reply, context(true)));
    assertThat(json + "\n").isEqualTo(Files.readString(folder("reply").resolve("whole.json")));
    assertThat(text(new GeminiClientCodec(false).whole(reply, context(false))))
        .isEqualTo(json.replace("{\"text\":\"Hm\",\"thought\":true},", ""));
  }

  private static Map<String, List<ReplyEvent>> replyCases() {
    Signature seal = new Signature(Protocol.MESSAGES, "c2VhbA==");
    Part.Citation source = new Part.Citation("https://example.org/a", "A", 0, 4);
    return Map.of(
        "text",
        List.of(
            new ReplyEvent.Started("up-1", "up-model"),
            new ReplyEvent.Text(0, "Grüß"),
            new ReplyEvent.Text(0, ""),
            new ReplyEvent.Text(0, " dich 🙂"),
            new ReplyEvent.Used(USED),
            finished(0, FinishReason.STOP)),
        "case-04-parallel-calls",
        List.of(
            new ReplyEvent.Text(0, "Looking."),
            new ReplyEvent.CallBegan(0, 0, "call_1", "weather", Optional.of(seal)),
            new ReplyEvent.CallBegan(0, 1, "call_2", "time", Optional.empty()),
            new ReplyEvent.CallArguments(0, 1, "{\"zone\":"),
            new ReplyEvent.CallArguments(0, 0, "{\"city\":\"Bonn\"}"),
            new ReplyEvent.CallArguments(0, 1, "\"CET\"}"),
            finished(0, FinishReason.TOOL_CALLS)),
        "case-06-arguments",
        List.of(
            new ReplyEvent.CallBegan(0, 0, "call_1", "none", Optional.empty()),
            new ReplyEvent.CallBegan(0, 1, "call_2", "broken", Optional.empty()),
            new ReplyEvent.CallArguments(0, 1, "{\"city\":"),
            new ReplyEvent.CallBegan(0, 2, "call_3", "list", Optional.empty()),
            new ReplyEvent.CallArguments(0, 2, "[1]"),
            new ReplyEvent.Text(0, "Then this."),
            finished(0, FinishReason.TOOL_CALLS)),
        "case-07-thinking",
        List.of(
            new ReplyEvent.Reasoned(0, "Hm"),
            new ReplyEvent.Reasoned(0, "…"),
            new ReplyEvent.Signed(0, seal, false),
            new ReplyEvent.Signed(0, seal, true),
            new ReplyEvent.Text(0, "Yes."),
            finished(0, FinishReason.LENGTH)),
        "case-23-choices",
        List.of(
            new ReplyEvent.Text(1, "B"),
            new ReplyEvent.Text(0, "A"),
            finished(0, FinishReason.STOP),
            finished(1, FinishReason.CONTENT_FILTER)),
        "refusal",
        List.of(new ReplyEvent.Refused(0, "I cannot."), finished(0, FinishReason.CONTENT_FILTER)),
        "sources",
        List.of(
            new ReplyEvent.Reasoned(0, "Hm"),
            new ReplyEvent.Text(0, "Süß."),
            new ReplyEvent.Cited(0, source),
            new ReplyEvent.CallBegan(0, 0, "call_1", "f", Optional.empty()),
            new ReplyEvent.Text(0, "Sour"),
            new ReplyEvent.Cited(0, source),
            new ReplyEvent.Cited(0, new Part.Citation("https://example.org/b", "B", 0, 0)),
            finished(0, FinishReason.TOOL_CALLS)),
        "nothing",
        List.of(finished(0, FinishReason.MALFORMED_CALL)));
  }

  private static ReplyEvent finished(int choice, FinishReason reason) {
    return new ReplyEvent.Finished(choice, reason, Optional.empty(), "");
  }

  private static void reply(String name, List<ReplyEvent> events) throws IOException {
    Path base = folder("reply").resolve(name);
    boolean shown = !name.equals("sources");
    String sse = text(stream(new GeminiClientCodec(false), events, shown));
    assertThat(sse).isEqualTo(Files.readString(sibling(base, ".sse")));
    JsonNode array = Json.strictTree(stream(new GeminiClientCodec(true), events, shown));
    StringBuilder same = new StringBuilder();
    array.forEach(object -> same.append("data: ").append(Json.text(object)).append("\n\n"));
    assertThat(same).hasToString(sse);
  }

  private static byte[] stream(GeminiClientCodec codec, List<ReplyEvent> events, boolean shown) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ReplyWriter writer = codec.stream(context(shown));
    List<ReplyEvent.Finished> ends = new ArrayList<>();
    for (ReplyEvent event : events) {
      if (event instanceof ReplyEvent.Finished end) {
        ends.add(end);
      } else {
        writer.write(event, out);
      }
    }
    writer.end(ends, USED, out);
    return out.toByteArray();
  }

  private static ReplyContext context(boolean shown) {
    InferenceRequest request =
        new InferenceRequest(
            "m-1",
            true,
            List.<Turn>of(),
            Tooling.NONE,
            Sampling.DEFAULT,
            OptionalLong.empty(),
            Optional.of(Thinking.of(Thinking.Effort.LOW, shown)),
            new AnswerFormat.Text(),
            1,
            Optional.empty(),
            Optional.empty(),
            List.of());
    return new ReplyContext("01J0000000000000000000000A", 1, request, unused -> 0);
  }

  private static InferenceRequest read(Path base) throws IOException {
    return read(Files.readString(sibling(base, ".in")));
  }

  private static InferenceRequest read(String body) {
    JsonNode json = Json.strictTree(body.getBytes(StandardCharsets.UTF_8));
    return new GeminiClientCodec(false).read(json, ASKED);
  }

  /** One line a turn's part, one line for each other thing. */
  private static String told(InferenceRequest request) {
    StringBuilder text = new StringBuilder();
    text.append("model ").append(request.model());
    text.append(request.streamed() ? " streamed" : "").append('\n');
    for (Turn turn : request.turns()) {
      text.append(turn.role()).append('\n');
      turn.parts().forEach(part -> text.append("  ").append(part).append('\n'));
    }
    request.tools().offered().forEach(tool -> text.append(tool).append('\n'));
    text.append(request.tools().choice()).append('\n');
    if (!request.sampling().equals(Sampling.DEFAULT)) {
      text.append(request.sampling()).append('\n');
    }
    request.maxOutput().ifPresent(tokens -> text.append("maxOutput ").append(tokens).append('\n'));
    request.thinking().ifPresent(thinking -> text.append(thinking).append('\n'));
    text.append(request.format()).append('\n');
    text.append("choices ").append(request.choices()).append('\n');
    text.append("unknown ").append(request.unknown()).append('\n');
    return text.toString();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** One golden case. */
  private interface GoldenCase {
    void check(Path base) throws IOException;
  }

  private static Stream<DynamicTest> cases(String folder, GoldenCase golden) throws IOException {
    List<Path> bases;
    try (Stream<Path> files = Files.list(folder(folder)).sorted()) {
      bases =
          files
              .map(Path::toString)
              .filter(file -> file.endsWith(".in"))
              .map(file -> Path.of(file.substring(0, file.length() - 3)))
              .toList();
    }
    assertThat(bases).isNotEmpty();
    return bases.stream()
        .map(base ->
            DynamicTest.dynamicTest(folder + " " + base.getFileName(), () -> golden.check(base)));
  }

  private static Path folder(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(
                  GeminiClientGoldenTest.class.getResource("/golden/translate/gemini/" + name))
              .toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static Path sibling(Path base, String suffix) {
    return Path.of(base + suffix);
  }
}

package io.bitrouter.wire.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bitrouter.core.exchange.InferenceRequest;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.exchange.ReplyEvent;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.core.exchange.UsageOrigin;
import io.bitrouter.wire.Dialects;
import io.bitrouter.wire.chat.ChatCases.Answer;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.sse.SplitCheck;
import io.bitrouter.wire.sse.SseEvent;
import io.bitrouter.wire.sse.SseSplitter;
import io.bitrouter.wire.translate.Notes;
import io.bitrouter.wire.translate.ReplyContext;
import io.bitrouter.wire.translate.ReplyReader;
import io.bitrouter.wire.translate.ReplyWriter;
import io.bitrouter.wire.translate.Untranslatable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The files under {@code golden/translate/chat}: clients' requests to canonical ones, canonical
 * ones to upstreams' bodies, upstreams' streams to canonical events at every byte split, canonical
 * events to clients' streams and whole answers.
 */
class ChatTranslationTest {

  private static final MeasuredUsage USED =
      new MeasuredUsage(new TokenUsage(6, 3, 1, 2, 5, 2), UsageOrigin.REPORTED);

  @TestFactory
  Stream<DynamicTest> requestsRead() throws Exception {
    return files("read", ".in", base -> equalsFile(canonical(read(base)), base, ".out"));
  }

  @TestFactory
  Stream<DynamicTest> requestsRefused() throws Exception {
    return files(
        "refused",
        ".in",
        base -> {
          Untranslatable refused = catchThrowableOfType(Untranslatable.class, () -> read(base));
          assertThat(refused).isNotNull();
          equalsFile(refused.member() + ": " + refused.getMessage() + "\n", base, ".out");
        });
  }

  @TestFactory
  Stream<DynamicTest> requestsWritten() {
    return cases(
        "write", ChatCases.REQUESTS, (base, it) -> equalsFile(written(base, it), base, ".out"));
  }

  @TestFactory
  Stream<DynamicTest> answersRead() throws Exception {
    return files(
        "answer",
        ".sse",
        base -> {
          byte[] stream = Files.readAllBytes(sibling(base, ".sse"));
          equalsFile(events(List.of(stream)), base, ".events");
          assertThat(SplitCheck.differing(stream, ChatTranslationTest::events)).isEmpty();
        });
  }

  @TestFactory
  Stream<DynamicTest> answersWritten() {
    return cases(
        "written",
        ChatCases.ANSWERS,
        (base, answer) -> {
          equalsFile(streamed(answer), base, ".sse");
          byte[] whole = new ChatClientCodec(false).whole(answer.whole(USED), context(answer));
          equalsFile(text(whole) + "\n", base, ".json");
        });
  }

  @Test
  void aFailureIsAnErrorChunk() {
    assertThat(text(new ChatClientCodec(false).failure("it broke")))
        .isEqualTo(
            "data: {\"error\":{\"message\":\"it broke\",\"type\":\"upstream_error\","
                + "\"param\":null,\"code\":\"upstream_error\"}}\n\n");
  }

  private static InferenceRequest read(Path base) throws IOException {
    String body = Files.readString(sibling(base, ".in"));
    return new ChatClientCodec(false)
        .read(
            Json.strictTree(body.getBytes(StandardCharsets.UTF_8)),
            Dialects.decoded(Dialects.CHAT, body).asked());
  }

  /** A request, one part a line. */
  private static String canonical(InferenceRequest request) {
    StringBuilder text = new StringBuilder();
    for (InferenceRequest.Turn turn : request.turns()) {
      text.append(turn.role()).append('\n');
      turn.parts().forEach(part -> line(text.append("  "), part));
    }
    request.tools().offered().forEach(tool -> line(text, tool));
    line(text, request.tools().choice() + " parallel=" + request.tools().parallel());
    line(text, request.sampling());
    line(text, "streamed=" + request.streamed() + " choices=" + request.choices());
    line(text, "maxOutput=" + request.maxOutput() + " thinking=" + request.thinking());
    line(text, "format=" + request.format() + " user=" + request.user());
    line(text, "unknown=" + request.unknown());
    return text.toString();
  }

  private static void line(StringBuilder text, Object said) {
    text.append(said.toString().replace("\n", "\\n")).append('\n');
  }

  /** The file's name says the model when it depends on it. */
  private static String written(Path base, InferenceRequest request) {
    Notes notes = new Notes();
    String model = base.toString().endsWith("gpt-5") ? "gpt-5-mini" : "up-1";
    try {
      byte[] body =
          new ChatUpstreamCodec()
              .write(request, Dialects.target(Protocol.CHAT, model).model(), notes);
      Json.strictTree(body);
      return text(body) + "\n" + notes.words() + "\n";
    } catch (Untranslatable e) {
      return e.member() + ": " + e.getMessage() + "\n";
    }
  }

  private static String events(List<byte[]> parts) {
    ReplyReader reader = new ChatUpstreamCodec().reader("call_x_");
    StringBuilder said = new StringBuilder();
    SseSplitter splitter =
        new SseSplitter(
            new SseSplitter.Receiver() {
              @Override
              public void event(SseEvent event) {
                if (event.dataLines() > 0) {
                  reader.read(event, it -> line(said, it));
                }
              }

              @Override
              public void oversized(byte[] bytes, int from, int to) {
                throw new AssertionError("no event is that large");
              }

              @Override
              public void unfinished(SseEvent event) {
                event(event);
              }
            });
    parts.forEach(part -> splitter.accept(part, 0, part.length));
    splitter.end();
    reader.end(it -> line(said, it));
    return said.toString();
  }

  private static String streamed(Answer answer) {
    ReplyWriter writer = new ChatClientCodec(answer.usageAsked()).stream(context(answer));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (ReplyEvent event : answer.events()) {
      writer.write(event, out);
    }
    writer.end(answer.ends(), USED, out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static ReplyContext context(Answer answer) {
    return new ReplyContext(
        "01",
        1_700_000_000,
        answer.asked(),
        usage -> 1_000 * (usage.tokens().promptTokens() + usage.tokens().completionTokens()));
  }

  /** One case in files. */
  private interface FileCheck {
    void check(Path base) throws Exception;
  }

  /** One case whose expectation is a file. */
  private interface Check<T> {
    void check(Path base, T it) throws Exception;
  }

  private static <T> Stream<DynamicTest> cases(
      String folder, Map<String, T> cases, Check<T> check) {
    BiFunction<String, T, DynamicTest> test =
        (name, it) ->
            DynamicTest.dynamicTest(name, () -> check.check(root(folder).resolve(name), it));
    return cases.entrySet().stream().map(each -> test.apply(each.getKey(), each.getValue()));
  }

  private static Stream<DynamicTest> files(String folder, String suffix, FileCheck check)
      throws IOException, URISyntaxException {
    try (Stream<Path> files = Files.list(root(folder))) {
      List<Path> bases =
          files
              .filter(file -> file.toString().endsWith(suffix))
              .sorted()
              .map(file -> Path.of(file.toString().replace(suffix, "")))
              .toList();
      assertThat(bases).isNotEmpty();
      return bases.stream()
          .map(base ->
              DynamicTest.dynamicTest(folder + " " + base.getFileName(), () -> check.check(base)));
    }
  }

  private static Path root(String folder) throws URISyntaxException {
    return Path.of(
        Objects.requireNonNull(
                ChatTranslationTest.class.getResource("/golden/translate/chat/" + folder))
            .toURI());
  }

  private static void equalsFile(String actual, Path base, String suffix) throws IOException {
    assertThat(actual).isEqualTo(Files.readString(sibling(base, suffix)));
  }

  private static Path sibling(Path base, String suffix) {
    return Path.of(base + suffix);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}

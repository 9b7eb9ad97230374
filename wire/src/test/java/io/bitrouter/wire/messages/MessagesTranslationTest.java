package io.bitrouter.wire.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.InferenceRequest;
import io.bitrouter.core.exchange.Reply;
import io.bitrouter.core.exchange.ReplyEvent;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.json.RequestScan;
import io.bitrouter.wire.json.RequestScanner;
import io.bitrouter.wire.messages.MessagesCases.Answer;
import io.bitrouter.wire.messages.MessagesCases.Request;
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
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The files under {@code golden/translate/messages}: clients' requests to canonical ones, canonical
 * ones to upstreams' bodies, upstreams' streams to canonical events at every byte split, canonical
 * events to clients' streams and whole answers.
 */
class MessagesTranslationTest {

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
        MessagesCases.REQUESTS,
        (name, request) -> {
          Path base = root("write").resolve(name);
          equalsFile(written(request), base, ".out");
        });
  }

  @TestFactory
  Stream<DynamicTest> answersRead() throws Exception {
    return files(
        "answer",
        ".sse",
        base -> {
          byte[] stream = Files.readAllBytes(sibling(base, ".sse"));
          equalsFile(events(List.of(stream)), base, ".events");
          assertThat(SplitCheck.differing(stream, MessagesTranslationTest::events)).isEmpty();
        });
  }

  @TestFactory
  Stream<DynamicTest> answersWritten() {
    return cases(
        MessagesCases.ANSWERS,
        (name, answer) -> {
          Path base = root("written").resolve(name);
          equalsFile(streamed(answer), base, ".sse");
          Reply reply = new Reply("asked", List.of(answer.whole()), answer.usage());
          equalsFile(text(new MessagesClientCodec().whole(reply, context(answer))), base, ".json");
        });
  }

  @Test
  void aFailureIsAnErrorEvent() {
    assertThat(text(new MessagesClientCodec().failure("it broke")))
        .isEqualTo(
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\","
                + "\"message\":\"it broke\",\"code\":\"upstream_error\"}}\n\n");
  }

  private static InferenceRequest read(Path base) throws IOException {
    byte[] body = Files.readAllBytes(sibling(base, ".in"));
    RequestScan scan =
        switch (RequestScanner.scan(body, Set.of("model", "stream", "max_tokens"))) {
          case Outcome.Done<RequestScan>(RequestScan done) -> done;
          case Outcome.Refused<RequestScan>(var refusal) ->
              throw new AssertionError(refusal.message());
        };
    AskedRequest asked =
        scan.asked(
            body.length,
            scan.maxTokens().map(RequestScan.OutputLimit::tokens).orElse(OptionalLong.empty()));
    return new MessagesClientCodec().read(Json.strictTree(body), asked);
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
    line(text, "model=" + request.model() + " streamed=" + request.streamed());
    line(text, "maxOutput=" + request.maxOutput() + " thinking=" + request.thinking());
    line(text, "format=" + request.format() + " user=" + request.user());
    line(text, "unknown=" + request.unknown());
    return text.toString();
  }

  private static void line(StringBuilder text, Object said) {
    text.append(said.toString().replace("\n", "\\n")).append('\n');
  }

  private static String written(Request request) {
    Notes notes = new Notes();
    try {
      byte[] body = new MessagesUpstreamCodec().write(request.request(), request.model(), notes);
      Json.strictTree(body);
      return text(body) + "\n" + notes.words() + "\n";
    } catch (Untranslatable e) {
      return e.member() + ": " + e.getMessage() + "\n";
    }
  }

  private static String events(List<byte[]> parts) {
    ReplyReader reader = new MessagesUpstreamCodec().reader("call_x_");
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
    ReplyWriter writer = new MessagesClientCodec().stream(context(answer));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (ReplyEvent event : answer.events()) {
      writer.write(event, out);
    }
    Reply.Choice whole = answer.whole();
    writer.end(
        List.of(new ReplyEvent.Finished(0, whole.reason(), whole.stopSequence(), "word")),
        answer.usage(),
        out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static ReplyContext context(Answer answer) {
    return new ReplyContext("01", 1_700_000_000, answer.asked(), usage -> 0);
  }

  /** One case. */
  private interface Check<T> {
    void check(String name, T it) throws Exception;
  }

  /** One case in files. */
  private interface FileCheck {
    void check(Path base) throws Exception;
  }

  private static <T> Stream<DynamicTest> cases(Map<String, T> cases, Check<T> check) {
    return cases.entrySet().stream()
        .map(each ->
            DynamicTest.dynamicTest(
                each.getKey(), () -> check.check(each.getKey(), each.getValue())));
  }

  private static Stream<DynamicTest> files(String folder, String suffix, FileCheck check)
      throws IOException, URISyntaxException {
    try (Stream<Path> files = Files.list(root(folder))) {
      List<Path> bases =
          files
              .filter(file -> file.toString().endsWith(suffix))
              .sorted()
              .map(file -> Path.of(file.toString().replace(suffix, "")))
              .collect(Collectors.toList());
      assertThat(bases).isNotEmpty();
      return bases.stream()
          .map(base ->
              DynamicTest.dynamicTest(folder + " " + base.getFileName(), () -> check.check(base)));
    }
  }

  private static Path root(String folder) throws URISyntaxException {
    return Path.of(
        Objects.requireNonNull(
                MessagesTranslationTest.class.getResource("/golden/translate/messages/" + folder))
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

package io.bitrouter.wire.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.gateway.DecodedRequest;
import io.bitrouter.core.gateway.Dialect;
import io.bitrouter.core.gateway.OnBehalf;
import io.bitrouter.core.gateway.Passage;
import io.bitrouter.core.gateway.SignatureVault;
import io.bitrouter.core.gateway.StreamTap;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.wire.Dialects;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.sse.SplitCheck;
import io.bitrouter.wire.sse.SseEvent;
import io.bitrouter.wire.sse.SseSplitter;
import io.bitrouter.wire.translate.ReplyReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Requests of other protocols as an upstream of Gemini gets them, and its streams as canonical
 * events: the files under {@code golden/translate/gemini}.
 */
class GeminiUpstreamTest {

  private static final String CALLED =
      "data: {\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"%s\","
          + "\"args\":{\"a\":1}},\"thoughtSignature\":\"c2VhbA==\"}]},\"finishReason\":\"STOP\"}],"
          + "\"usageMetadata\":{\"promptTokenCount\":1,\"candidatesTokenCount\":2,"
          + "\"totalTokenCount\":3}}\n\n";

  @TestFactory
  Stream<DynamicTest> requests() throws Exception {
    return Stream.concat(
        files("upstream", ".chat", file -> request(Dialects.CHAT, file)),
        files("upstream", ".messages", file -> request(Dialects.MESSAGES, file)));
  }

  @TestFactory
  Stream<DynamicTest> answers() throws Exception {
    return files(
        "answer",
        ".sse",
        file -> {
          byte[] stream = Files.readAllBytes(file);
          assertThat(events(List.of(stream))).isEqualTo(Files.readString(sibling(file, ".events")));
          assertThat(SplitCheck.differing(stream, GeminiUpstreamTest::events)).isEmpty();
        });
  }

  /** Case 8: the client of another protocol cannot carry the seal, and it is sent all the same. */
  @Test
  void aSealOnACallComesBackWithItsResult() {
    Map<String, byte[]> kept = new HashMap<>();
    String answer = answer("f", kept);
    assertThat(answer).doesNotContain("c2VhbA==");
    String id = kept.keySet().iterator().next();
    assertThat(answer).contains("\"id\":\"" + id + "\"");
    Passage next = passage(chat("f", id), kept);
    assertThat(new String(next.body(), StandardCharsets.UTF_8))
        .contains(
            "{\"functionCall\":{\"id\":\""
                + id
                + "\",\"name\":\"f\",\"args\":{\"a\":1}},"
                + "\"thoughtSignature\":\"c2VhbA==\"}");
  }

  /** Case 21: what the upstream calls by another name is called by its own name again. */
  @Test
  void aCallHasTheClientsNameOfTheTool() {
    String sent =
        Json.strictTree(passage(chat("ö 1", "c1"), new HashMap<>()).body())
            .at("/tools/0/functionDeclarations/0/name")
            .stringValue();
    assertThat(sent).matches("__1_[0-9a-f]{8}");
    assertThat(answer(sent, new HashMap<>())).contains("\"name\":\"ö 1\"");
    assertThat(answer("other", new HashMap<>())).contains("\"name\":\"other\"");
  }

  private static String chat(String tool, String callId) {
    return """
    {"model":"gemini-3-flash","stream":true,"messages":[{"role":"user","content":"Go"},
    {"role":"assistant","tool_calls":[{"id":"ID","type":"function",
    "function":{"name":"TOOL","arguments":"{\\"a\\":1}"}}]},
    {"role":"tool","tool_call_id":"ID","content":"1"}],
    "tools":[{"type":"function","function":{"name":"TOOL"}}]}\
    """
        .replace("ID", callId)
        .replace("TOOL", tool);
  }

  /** The stream that a chat client gets, whose tool is {@code ö 1}. */
  private static String answer(String called, Map<String, byte[]> kept) {
    StreamTap tap = passage(chat("ö 1", "c0"), kept).tap(usage -> 0);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String stream = CALLED.formatted(called);
    tap.accept(ByteBuffer.wrap(stream.getBytes(StandardCharsets.UTF_8)), out::write);
    tap.upstreamEnded(out::write);
    assertThat(tap.report().complete()).isTrue();
    return out.toString(StandardCharsets.UTF_8);
  }

  private static Passage passage(String body, Map<String, byte[]> kept) {
    SignatureVault vault =
        new SignatureVault() {
          @Override
          public void keep(String callId, byte[] value) {
            kept.put(callId, value);
          }

          @Override
          public Optional<byte[]> find(String callId) {
            return Optional.ofNullable(kept.get(callId));
          }
        };
    OnBehalf onBehalf =
        new OnBehalf(Dialects.ON_BEHALF.request(), vault, Dialects.ON_BEHALF.pseudonym());
    DecodedRequest request = Dialects.decoded(Dialects.CHAT, body);
    return switch (request.toward(
        Dialects.target(Protocol.GEMINI, "gemini-3-flash"), OptionalLong.empty(), onBehalf)) {
      case Outcome.Done<Passage>(Passage passage) -> passage;
      case Outcome.Refused<Passage>(Refusal refusal) -> throw new AssertionError(refusal.message());
    };
  }

  private static void request(Dialect dialect, Path file) throws IOException {
    DecodedRequest request = Dialects.decoded(dialect, Files.readString(file));
    String said =
        switch (request.toward(
            Dialects.target(Protocol.GEMINI, request.asked().model()),
            OptionalLong.empty(),
            Dialects.ON_BEHALF)) {
          case Outcome.Done<Passage>(Passage passage) -> {
            assertThat(Json.strictTree(passage.body()).isObject()).isTrue();
            yield passage.path()
                + "\n"
                + new String(passage.body(), StandardCharsets.UTF_8)
                + "\n"
                + passage.warnings()
                + "\n";
          }
          case Outcome.Refused<Passage>(Refusal refusal) -> refusal.message() + "\n";
        };
    assertThat(said).isEqualTo(Files.readString(sibling(file, ".out")));
  }

  private static String events(List<byte[]> parts) {
    ReplyReader reader = new GeminiUpstreamCodec().reader("call_x_");
    StringBuilder said = new StringBuilder();
    SseSplitter splitter =
        new SseSplitter(
            new SseSplitter.Receiver() {
              @Override
              public void event(SseEvent event) {
                if (event.dataLines() > 0) {
                  reader.read(event, it -> said.append(it).append('\n'));
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
    reader.end(it -> said.append(it).append('\n'));
    return said.toString();
  }

  /** One case in files. */
  private interface FileCheck {
    void check(Path file) throws IOException;
  }

  private static Stream<DynamicTest> files(String folder, String suffix, FileCheck check)
      throws IOException, URISyntaxException {
    Path root =
        Path.of(
            Objects.requireNonNull(
                    GeminiUpstreamTest.class.getResource("/golden/translate/gemini/" + folder))
                .toURI());
    try (Stream<Path> all = Files.list(root)) {
      List<Path> files = all.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
      assertThat(files).isNotEmpty();
      return files.stream()
          .map(file ->
              DynamicTest.dynamicTest(folder + " " + file.getFileName(), () -> check.check(file)));
    }
  }

  private static Path sibling(Path file, String suffix) {
    String name = file.toString();
    return Path.of(name.substring(0, name.lastIndexOf('.')) + suffix);
  }
}

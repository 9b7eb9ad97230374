package io.bitrouter.wire.responses;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.catalog.Abilities;
import io.bitrouter.core.catalog.Model;
import io.bitrouter.core.catalog.Target;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.gateway.DecodedRequest;
import io.bitrouter.core.gateway.Dialect;
import io.bitrouter.core.gateway.OnBehalf;
import io.bitrouter.core.gateway.Passage;
import io.bitrouter.core.gateway.SignatureVault;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.wire.Dialects;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.sse.SplitCheck;
import io.bitrouter.wire.sse.SseEvent;
import io.bitrouter.wire.sse.SseSplitter;
import io.bitrouter.wire.translate.ReplyReader;
import java.io.IOException;
import java.net.URISyntaxException;
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
 * The files under {@code golden/translate/responses}: requests of other protocols to bodies for
 * upstreams of this one, and their streams to canonical events at every byte split.
 */
class ResponsesUpstreamTest {

  @TestFactory
  Stream<DynamicTest> requestsSent() throws Exception {
    return files(
        "upstream-written",
        ".in",
        base -> assertThat(sent(base)).isEqualTo(Files.readString(sibling(base, ".out"))));
  }

  @TestFactory
  Stream<DynamicTest> answersRead() throws Exception {
    return files(
        "upstream-read",
        ".sse",
        base -> {
          byte[] stream = Files.readAllBytes(sibling(base, ".sse"));
          assertThat(events(List.of(stream))).isEqualTo(Files.readString(sibling(base, ".events")));
          assertThat(SplitCheck.differing(stream, ResponsesUpstreamTest::events)).isEmpty();
        });
  }

  /** The client of a chat cannot carry it: the gateway remembers it by the call. */
  @Test
  void whatTheModelThoughtBeforeACallIsSentAgainWithItsResult() throws Exception {
    Map<String, byte[]> kept = new HashMap<>();
    SignatureVault memory =
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
    byte[] stream =
        Files.readAllBytes(
            sibling(root("upstream-read").resolve("case-04-thought-and-calls"), ".sse"));
    String first = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    assertThat(passage(Dialects.CHAT, first, false, memory).whole(stream).answered()).isTrue();

    String next =
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"},"
            + "{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"call_1\",\"type\":\"function\","
            + "\"function\":{\"name\":\"weather\",\"arguments\":\"{}\"}}]},"
            + "{\"role\":\"tool\",\"tool_call_id\":\"call_1\",\"content\":\"sunny\"}]}";
    assertThat(text(passage(Dialects.CHAT, next, false, memory).body()))
        .contains(
            "{\"type\":\"reasoning\",\"summary\":[{\"type\":\"summary_text\","
                + "\"text\":\"Hm.\\n\\nSo.\"}],\"encrypted_content\":\"gAAA\"},"
                + "{\"type\":\"function_call\",\"call_id\":\"call_1\"");
  }

  private static String sent(Path base) throws IOException {
    String name = base.getFileName().toString();
    Dialect dialect = name.endsWith(".messages") ? Dialects.MESSAGES : Dialects.CHAT;
    Passage passage =
        passage(
            dialect,
            Files.readString(sibling(base, ".in")),
            name.startsWith("thinks-"),
            SignatureVault.NONE);
    Json.strictTree(passage.body());
    return text(passage.body()) + "\n" + passage.warnings() + "\n";
  }

  private static Passage passage(
      Dialect dialect, String body, boolean thinks, SignatureVault memory) {
    Target target = Dialects.target(Protocol.RESPONSES, "up-1");
    Model model = target.model();
    Model asked =
        new Model(
            model.id(),
            model.upstreamModel(),
            model.price(),
            model.priceVersion(),
            model.contextTokens(),
            model.maxOutputTokens(),
            thinks,
            Abilities.UNKNOWN);
    DecodedRequest request = Dialects.decoded(dialect, body);
    OnBehalf onBehalf =
        new OnBehalf(Dialects.ON_BEHALF.request(), memory, Dialects.ON_BEHALF.pseudonym());
    Target to = new Target(target.provider(), asked, Protocol.RESPONSES);
    return switch (request.toward(to, OptionalLong.empty(), onBehalf)) {
      case Outcome.Done<Passage>(Passage passage) -> passage;
      case Outcome.Refused<Passage>(var refusal) -> throw new AssertionError(refusal.message());
    };
  }

  private static String events(List<byte[]> parts) {
    ReplyReader reader = new ResponsesUpstreamCodec().reader("call_x_");
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

  private static void line(StringBuilder text, Object said) {
    text.append(said.toString().replace("\n", "\\n")).append('\n');
  }

  /** One case in files. */
  private interface FileCheck {
    void check(Path base) throws Exception;
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
                ResponsesUpstreamTest.class.getResource("/golden/translate/responses/" + folder))
            .toURI());
  }

  private static Path sibling(Path base, String suffix) {
    return Path.of(base + suffix);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}

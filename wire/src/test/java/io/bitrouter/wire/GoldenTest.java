package io.bitrouter.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.core.exchange.UsageOrigin;
import io.bitrouter.core.gateway.DecodedRequest;
import io.bitrouter.core.gateway.Dialect;
import io.bitrouter.core.gateway.Passage;
import io.bitrouter.core.gateway.StreamTap;
import io.bitrouter.wire.sse.SplitCheck;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The files under {@code golden/}: requests to upstream bodies, answers to usage, streams to what
 * the client gets and what the books get. Streams are replayed at every byte split.
 */
class GoldenTest {

  private static final Map<String, Dialect> DIALECTS =
      Map.of(
          "chat", Dialects.CHAT,
          "messages", Dialects.MESSAGES,
          "responses", Dialects.RESPONSES,
          "gemini", Dialects.GEMINI);

  /** A token is 1,000 nano-USD, so that the cost shows the tokens. */
  private static final long NANOS_PER_TOKEN = 1_000;

  @TestFactory
  Stream<DynamicTest> requests() throws Exception {
    return cases("request", ".in", GoldenTest::request);
  }

  @TestFactory
  Stream<DynamicTest> replies() throws Exception {
    return cases("reply", ".json", GoldenTest::reply);
  }

  @TestFactory
  Stream<DynamicTest> streams() throws Exception {
    return cases("stream", ".in", GoldenTest::stream);
  }

  @TestFactory
  Stream<DynamicTest> asked() throws Exception {
    return cases("asked", ".in", GoldenTest::asked);
  }

  @TestFactory
  Stream<DynamicTest> caps() throws Exception {
    return cases("cap", ".in", GoldenTest::cap);
  }

  @TestFactory
  Stream<DynamicTest> cuts() throws Exception {
    return cases("cut", ".in", GoldenTest::cut);
  }

  private static void asked(Dialect dialect, Path base) throws IOException {
    byte[] body = Files.readAllBytes(sibling(base, ".in"));
    AskedRequest asked =
        Dialects.decoded(dialect, new String(body, StandardCharsets.UTF_8)).asked();
    assertThat(asked.inputBytes()).isEqualTo(body.length);
    assertThat(
            "modalities=%s tools=%s media=%d cache=%s"
                .formatted(
                    asked.modalities(), asked.tools(), asked.mediaParts(), asked.cacheWrites()))
        .isEqualTo(Files.readString(sibling(base, ".expected")));
  }

  /** The model stays, because the member to be used depends on it; the cap is 100. */
  private static void cap(Dialect dialect, Path base) throws IOException {
    DecodedRequest request = Dialects.decoded(dialect, Files.readString(sibling(base, ".in")));
    assertThat(sent(dialect, request, request.asked().model(), OptionalLong.of(100)))
        .isEqualTo(Files.readString(sibling(base, ".out")));
  }

  private static void cut(Dialect dialect, Path base) throws IOException {
    DecodedRequest request = Dialects.decoded(dialect, Files.readString(sibling(base, ".request")));
    byte[] upstream = Files.readAllBytes(sibling(base, ".in"));
    MeasuredUsage used = new MeasuredUsage(new TokenUsage(6, 3, 1, 0, 5, 2), UsageOrigin.ESTIMATED);
    Function<List<byte[]>, String> client =
        parts -> {
          ByteArrayOutputStream out = new ByteArrayOutputStream();
          StreamTap tap = tap(dialect, request);
          parts.forEach(part -> tap.accept(ByteBuffer.wrap(part), out::write));
          out.writeBytes(tap.cut(used));
          return out.toString(StandardCharsets.UTF_8);
        };
    assertThat(client.apply(List.of(upstream))).isEqualTo(Files.readString(sibling(base, ".out")));
    assertThat(SplitCheck.differing(upstream, client)).isEmpty();
  }

  private static StreamTap tap(Dialect dialect, DecodedRequest request) {
    return Dialects.tap(
        dialect,
        request,
        usage ->
            NANOS_PER_TOKEN * (usage.tokens().promptTokens() + usage.tokens().completionTokens()));
  }

  private static void request(Dialect dialect, Path base) throws IOException {
    DecodedRequest request = Dialects.decoded(dialect, Files.readString(sibling(base, ".in")));
    assertThat(sent(dialect, request, "up-1", OptionalLong.empty()))
        .isEqualTo(Files.readString(sibling(base, ".out")));
  }

  private static String sent(
      Dialect dialect, DecodedRequest request, String model, OptionalLong cap) {
    byte[] body = Dialects.passage(dialect, request, model, cap).body();
    return new String(body, StandardCharsets.UTF_8);
  }

  private static void reply(Dialect dialect, Path base) throws IOException {
    DecodedRequest request = Dialects.decoded(dialect, "{\"model\":\"m\",\"contents\":[]}");
    byte[] upstream = Files.readAllBytes(sibling(base, ".json"));
    Passage.WholeAnswer report =
        Dialects.passage(dialect, request, "m", OptionalLong.empty()).whole(upstream);
    String said =
        "%susage=%s finish=%s bytes=%d"
            .formatted(
                report.answered() ? "" : "no answer: ",
                usage(report.usage()),
                report.finishReason().orElse("-"),
                report.outputBytes());
    assertThat(said).isEqualTo(Files.readString(sibling(base, ".expected")));
    assertThat(report.body().apply(MeasuredUsage.NONE)).isEqualTo(upstream);
  }

  private static void stream(Dialect dialect, Path base) throws IOException {
    DecodedRequest request = Dialects.decoded(dialect, Files.readString(sibling(base, ".request")));
    byte[] upstream = Files.readAllBytes(sibling(base, ".in"));
    Replayed whole = replay(dialect, request, List.of(upstream));
    assertThat(whole.client()).isEqualTo(Files.readString(sibling(base, ".out")));
    assertThat(whole.report())
        .isEqualTo(Files.readString(sibling(base, ".report")).translateEscapes());
    assertThat(SplitCheck.differing(upstream, parts -> replay(dialect, request, parts))).isEmpty();
    outputBytesAtEveryByte(dialect, request, upstream);
  }

  /** The bytes that came so far decide about the output so far, not how they came. */
  private static void outputBytesAtEveryByte(
      Dialect dialect, DecodedRequest request, byte[] upstream) {
    StreamTap single = tap(dialect, request);
    long before = 0;
    for (int at = 1; at <= upstream.length; at++) {
      single.accept(ByteBuffer.wrap(upstream, at - 1, 1), (bytes, from, length) -> {});
      StreamTap whole = tap(dialect, request);
      whole.accept(ByteBuffer.wrap(upstream, 0, at), (bytes, from, length) -> {});
      assertThat(single.outputBytes()).as("after byte " + at).isEqualTo(whole.outputBytes());
      assertThat(single.outputBytes()).isGreaterThanOrEqualTo(before);
      before = single.outputBytes();
    }
    assertThat(before)
        .isLessThanOrEqualTo(replay(dialect, request, List.of(upstream)).outputBytes());
  }

  /** What a stream came to: the bytes for the client, and the report in one line. */
  private record Replayed(String client, String report, long outputBytes) {}

  private static Replayed replay(Dialect dialect, DecodedRequest request, List<byte[]> parts) {
    StreamTap tap = tap(dialect, request);
    ByteArrayOutputStream client = new ByteArrayOutputStream();
    boolean direct = false;
    for (byte[] part : parts) {
      ByteBuffer chunk = direct ? ByteBuffer.allocateDirect(part.length) : ByteBuffer.wrap(part);
      if (direct) {
        chunk.put(part).flip();
      }
      tap.accept(chunk, client::write);
      assertThat(chunk.hasRemaining()).isFalse();
      direct = !direct;
    }
    tap.upstreamEnded(client::write);
    StreamTap.StreamReport report = tap.report();
    assertThat(tap.contentSeen()).isEqualTo(report.outputBytes() > 0);
    assertThat(tap.outputBytes()).isEqualTo(report.outputBytes());
    String said =
        "complete=%s usage=%s finish=%s error=%s bytes=%d largest=%d held=%s"
            .formatted(
                report.complete(),
                usage(report.usage()),
                report.finishReason().orElse("-"),
                report.error().orElse("-"),
                report.outputBytes(),
                report.largestChunkBytes(),
                new String(report.held(), StandardCharsets.UTF_8));
    return new Replayed(client.toString(StandardCharsets.UTF_8), said, tap.outputBytes());
  }

  private static String usage(Optional<MeasuredUsage> measured) {
    if (measured.isEmpty()) {
      return "-";
    }
    TokenUsage tokens = measured.get().tokens();
    return "%d,%d,%d,%d,%d,%d"
        .formatted(
            tokens.uncachedInput(),
            tokens.cacheRead(),
            tokens.cacheWrite5m(),
            tokens.cacheWrite1h(),
            tokens.output(),
            tokens.reasoning());
  }

  /** One golden case. */
  private interface GoldenCase {
    void check(Dialect dialect, Path base) throws IOException;
  }

  private static Stream<DynamicTest> cases(String folder, String suffix, GoldenCase golden)
      throws IOException, URISyntaxException {
    Stream.Builder<DynamicTest> tests = Stream.builder();
    for (String protocol : List.of("chat", "messages", "responses", "gemini")) {
      Dialect dialect = Objects.requireNonNull(DIALECTS.get(protocol));
      Path root =
          Path.of(
              Objects.requireNonNull(
                      GoldenTest.class.getResource("/golden/" + protocol + "/" + folder))
                  .toURI());
      try (Stream<Path> files = Files.list(root).sorted()) {
        files
            .filter(file -> file.toString().endsWith(suffix))
            .map(file -> Path.of(file.toString().replace(suffix, "")))
            .forEach(base ->
                tests.add(
                    DynamicTest.dynamicTest(
                        protocol + " " + folder + " " + base.getFileName(),
                        () -> golden.check(dialect, base))));
      }
    }
    return tests.build();
  }

  private static Path sibling(Path base, String suffix) {
    return Path.of(base + suffix);
  }
}

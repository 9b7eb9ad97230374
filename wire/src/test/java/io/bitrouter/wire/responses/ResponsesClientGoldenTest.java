package io.bitrouter.wire.responses;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.gateway.Passage;
import io.bitrouter.core.gateway.StreamTap;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.wire.sse.SplitCheck;
import io.bitrouter.wire.translate.ScriptedUpstream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The files under {@code golden/translate/responses}: what a client asks in the terms of all
 * protocols, and what it gets for an upstream's script, streamed and whole.
 */
class ResponsesClientGoldenTest {

  @TestFactory
  Stream<DynamicTest> requests() throws Exception {
    return cases("request", ".in", ResponsesClientGoldenTest::request);
  }

  @TestFactory
  Stream<DynamicTest> answers() throws Exception {
    return cases("answer", ".events", ResponsesClientGoldenTest::answer);
  }

  private static void request(Path base) throws IOException {
    byte[] body = Files.readAllBytes(sibling(base, ".in"));
    String said =
        switch (ScriptedUpstream.passage(new ResponsesClientCodec(), body)) {
          case Outcome.Done<Passage>(Passage passage) ->
              new String(passage.body(), StandardCharsets.UTF_8);
          case Outcome.Refused<Passage>(var refusal) ->
              refusal.status() + " " + refusal.message() + "\n";
        };
    assertThat(said).isEqualTo(Files.readString(sibling(base, ".expected")));
  }

  private static void answer(Path base) throws IOException {
    byte[] upstream = ScriptedUpstream.stream(Files.readString(sibling(base, ".events")));
    assertThat(streamed(base, List.of(upstream)))
        .isEqualTo(Files.readString(sibling(base, ".sse")));
    assertThat(SplitCheck.differing(upstream, parts -> streamed(base, parts))).isEmpty();
    Passage.WholeAnswer whole = passage(base).whole(upstream);
    String said =
        whole.answered()
            ? new String(
                whole.body().apply(whole.usage().orElse(MeasuredUsage.NONE)),
                StandardCharsets.UTF_8)
            : "no answer";
    assertThat(said + "\n").isEqualTo(Files.readString(sibling(base, ".json")));
  }

  private static String streamed(Path base, List<byte[]> upstream) {
    StreamTap tap = passage(base).tap(usage -> 0);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    upstream.forEach(part -> tap.accept(ByteBuffer.wrap(part), out::write));
    tap.upstreamEnded(out::write);
    StreamTap.StreamReport report = tap.report();
    MeasuredUsage usage = report.usage().orElse(MeasuredUsage.NONE);
    if (report.error().isEmpty()) {
      out.writeBytes(report.complete() ? tap.ending(usage) : tap.cut(usage));
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static Passage passage(Path base) {
    try {
      byte[] body = Files.readAllBytes(sibling(base, ".in"));
      return switch (ScriptedUpstream.passage(new ResponsesClientCodec(), body)) {
        case Outcome.Done<Passage>(Passage passage) -> passage;
        case Outcome.Refused<Passage>(var refusal) -> throw new AssertionError(refusal.message());
      };
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** One golden case. */
  private interface GoldenCase {
    void check(Path base) throws IOException;
  }

  private static Stream<DynamicTest> cases(String folder, String suffix, GoldenCase golden)
      throws IOException, URISyntaxException {
    Path root =
        Path.of(
            Objects.requireNonNull(
                    ResponsesClientGoldenTest.class.getResource(
                        "/golden/translate/responses/" + folder))
                .toURI());
    try (Stream<Path> files = Files.list(root)) {
      return files
          .filter(file -> file.toString().endsWith(suffix))
          .sorted()
          .map(file -> Path.of(file.toString().replace(suffix, "")))
          .map(base ->
              DynamicTest.dynamicTest(folder + " " + base.getFileName(), () -> golden.check(base)))
          .toList()
          .stream();
    }
  }

  private static Path sibling(Path base, String suffix) {
    return Path.of(base + suffix);
  }
}

package io.bitrouter.wire.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.catalog.Abilities;
import io.bitrouter.core.catalog.Model;
import io.bitrouter.core.catalog.Target;
import io.bitrouter.core.exchange.MeasuredUsage;
import io.bitrouter.core.exchange.Protocol;
import io.bitrouter.core.gateway.Passage;
import io.bitrouter.core.gateway.StreamTap;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.wire.Dialects;
import io.bitrouter.wire.json.Json;
import io.bitrouter.wire.sse.SplitCheck;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What goes between two protocols, from end to end: the files under {@code golden/translate/pairs}.
 * A name says client, upstream and case: {@code .in} is what the client sends, {@code .out} what
 * the upstream gets or why not, {@code .sse} what it says, {@code .stream} and {@code .whole} what
 * the client gets of that. What is said in {@code answers} is said to clients of all.
 */
class PairGoldenTest {

  private static final Map<Protocol, String> ASKING =
      Map.of(
          Protocol.CHAT,
          """
          {"model":"m","stream":true,"stream_options":{"include_usage":true},
          "messages":[{"role":"user","content":"Go"}],"reasoning_effort":"low",
          "tools":[{"type":"function","function":{"name":"f"}}]}
          """,
          Protocol.MESSAGES,
          """
          {"model":"m","stream":true,"max_tokens":9000,
          "messages":[{"role":"user","content":"Go"}],
          "thinking":{"type":"enabled","budget_tokens":2000},
          "tools":[{"name":"f","input_schema":{"type":"object"}}]}
          """,
          Protocol.RESPONSES,
          """
          {"model":"m","stream":true,"input":"Go","reasoning":{"effort":"low","summary":"auto"},
          "tools":[{"type":"function","name":"f","parameters":{"type":"object"}}]}
          """,
          Protocol.GEMINI,
          """
          {"contents":[{"parts":[{"text":"Go"}]}],"tools":[{"functionDeclarations":[{"name":"f"}]}],
          "generationConfig":{"thinkingConfig":{"includeThoughts":true,"thinkingBudget":2000}}}
          """);

  /** What a stream that failed must not have. */
  private static final List<String> ENDS =
      List.of(
          "[DONE]",
          "message_stop",
          "stop_reason\":\"",
          "response.completed",
          "response.incomplete",
          "finish_reason\":\"",
          "finishReason");

  /** A request on its way. */
  private record Asked(Protocol client, String body, Target target) {

    Outcome<Passage> way() {
      return Dialects.decoded(Dialects.of(client), body)
          .toward(target, OptionalLong.empty(), Dialects.ON_BEHALF);
    }

    Passage passage() {
      return switch (way()) {
        case Outcome.Done<Passage>(Passage passage) -> passage;
        case Outcome.Refused<Passage>(var refusal) -> throw new AssertionError(refusal.message());
      };
    }
  }

  @TestFactory
  Stream<DynamicTest> requests() throws Exception {
    return files(
        "pairs",
        ".in",
        base -> {
          String said =
              switch (asked(base).way()) {
                case Outcome.Done<Passage>(Passage passage) -> {
                  assertThat(Json.strictTree(passage.body()).isObject()).isTrue();
                  yield text(passage.body()) + "\n" + passage.warnings() + "\n";
                }
                case Outcome.Refused<Passage>(var refusal) -> refusal.message() + "\n";
              };
          equalsFile(said, base + ".out");
        });
  }

  @TestFactory
  Stream<DynamicTest> answers() throws Exception {
    return files("pairs", ".sse", base -> answer(base, asked(base), base.toString()));
  }

  @TestFactory
  Stream<DynamicTest> answersToAll() throws Exception {
    return files(
        "pairs/answers",
        ".sse",
        base -> {
          Protocol upstream = protocol(base.getFileName().toString().split("-", 2)[0]);
          for (Map.Entry<Protocol, String> asking : ASKING.entrySet()) {
            Protocol client = asking.getKey();
            // Where bytes go through, how a stream fails is all that is ours.
            if (client != upstream || !base.toString().endsWith("calls")) {
              Target target = Dialects.target(upstream, "up-1");
              answer(
                  base, new Asked(client, asking.getValue(), target), base + "." + client.text());
            }
          }
        });
  }

  private static void answer(Path said, Asked asked, String expected) throws IOException {
    byte[] upstream = Files.readAllBytes(Path.of(said + ".sse"));
    String streamed = streamed(asked, List.of(upstream));
    equalsFile(streamed, expected + ".stream");
    assertThat(SplitCheck.differing(upstream, parts -> streamed(asked, parts))).isEmpty();
    Passage.WholeAnswer whole = asked.passage().whole(upstream);
    if (whole.answered()) {
      equalsFile(text(whole.body().apply(whole.usage().orElseThrow())) + "\n", expected + ".whole");
    } else {
      assertThat(ENDS).noneMatch(streamed::contains);
      assertThat(Path.of(expected + ".whole")).doesNotExist();
    }
  }

  /** All that the client gets, with the end that the gateway gives it. */
  private static String streamed(Asked asked, List<byte[]> parts) {
    StreamTap tap = asked.passage().tap(usage -> 0);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    parts.forEach(part -> tap.accept(ByteBuffer.wrap(part), out::write));
    tap.upstreamEnded(out::write);
    StreamTap.StreamReport report = tap.report();
    if (report.error().isPresent()) {
      out.writeBytes(report.held());
    } else if (report.complete()) {
      out.writeBytes(tap.ending(tap.usage().orElse(MeasuredUsage.NONE)));
    } else {
      Refusal refusal = Refusal.of(RefusalCode.STREAM_TRUNCATED, "the upstream broke off");
      out.writeBytes(
          tap.broken(
              Dialects.of(asked.client()).renderInStream(refusal, Dialects.ON_BEHALF.request())));
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static Asked asked(Path base) throws IOException {
    String[] name = base.getFileName().toString().split("-", 3);
    return new Asked(
        protocol(name[0]),
        Files.readString(Path.of(base + ".in")),
        name[2].startsWith("schema")
            ? unable(protocol(name[1]))
            : Dialects.target(protocol(name[1]), "up-1"));
  }

  private static Protocol protocol(String name) {
    return Protocol.valueOf(name.toUpperCase(Locale.ROOT));
  }

  /** One that takes no schemas: of Messages an old model, of the others one that is said so. */
  private static Target unable(Protocol protocol) {
    if (protocol == Protocol.MESSAGES) {
      return Dialects.target(protocol, "claude-3-7-sonnet");
    }
    Target able = Dialects.target(protocol, "up-1");
    Model model = able.model();
    return new Target(
        able.provider(),
        new Model(
            model.id(),
            model.upstreamModel(),
            model.price(),
            model.priceVersion(),
            model.contextTokens(),
            model.maxOutputTokens(),
            model.hiddenReasoning(),
            new Abilities(List.of("text"), Optional.of(false))),
        protocol);
  }

  /** One case. */
  private interface Check {
    void check(Path base) throws IOException;
  }

  private static Stream<DynamicTest> files(String folder, String suffix, Check check)
      throws IOException, URISyntaxException {
    Path root =
        Path.of(
            Objects.requireNonNull(PairGoldenTest.class.getResource("/golden/translate/" + folder))
                .toURI());
    try (Stream<Path> all = Files.list(root)) {
      List<Path> bases =
          all.filter(file -> file.toString().endsWith(suffix))
              .sorted()
              .map(file -> Path.of(file.toString().replace(suffix, "")))
              .toList();
      assertThat(bases).isNotEmpty();
      return bases.stream()
          .map(base ->
              DynamicTest.dynamicTest(suffix + " " + base.getFileName(), () -> check.check(base)));
    }
  }

  private static void equalsFile(String said, String file) throws IOException {
    assertThat(said).isEqualTo(Files.readString(Path.of(file)));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}

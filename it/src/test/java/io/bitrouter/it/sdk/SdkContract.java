package io.bitrouter.it.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.node.BookedRow;
import io.bitrouter.it.node.NodeWorld;
import io.bitrouter.it.sdk.Ask.Feature;
import io.bitrouter.testkit.RecordedRequest;
import io.bitrouter.testkit.UpstreamScript;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * What every vendor's library must be able to do at the node, whatever the upstream speaks. A
 * subclass says how the library is asked, and what its objects say.
 */
abstract class SdkContract {

  private static final String TEXT = "Fine, thank you: 21\u00b0 in Z\u00fcrich \ud83d\ude00";
  private static final String THOUGHT = "They ask how it is, so I look.";

  @RegisterExtension static final NodeWorld WORLD = Vendor.world();

  /** Asks for a whole answer. */
  abstract Said whole(Ask ask);

  /** Asks for a stream and puts it together as the library does. */
  abstract Said streamed(Ask ask);

  /** Asks for a {@link Ask.Forecast} and has the library read it. */
  abstract Ask.Forecast forecast(Ask ask);

  /** Asks for a stream and leaves when something has been said, which it returns. */
  abstract String leave(Ask ask);

  /** Asks with this token for a whole answer, and does not try twice. */
  abstract void once(Ask ask, String token);

  /** What the library says of the failure that it threw. */
  abstract Said.Failure failure(RuntimeException thrown);

  /** The library's word for an answer that is done, or that calls tools. */
  abstract String finish(boolean calls);

  /** What the library says of a stream that ends with a failure of this message. */
  String brokenOff(Vendor upstream, String message) {
    return message;
  }

  /** Whether the library tells what the model thought. */
  boolean tellsThoughts() {
    return true;
  }

  /** Whether what the library says of the usage of a stream is what the stream said. */
  boolean tellsUsageOfStreams() {
    return true;
  }

  /** By what a call of {@link Answer#PARALLEL} and its result are tied in a request upstream. */
  String callName(Vendor upstream, int call) {
    return upstream.callName(Answer.PARALLEL.get(call));
  }

  static Stream<Arguments> upstreams() {
    return Stream.of(Vendor.values())
        .flatMap(vendor -> Stream.of(Arguments.of(vendor, false), Arguments.of(vendor, true)));
  }

  @ParameterizedTest
  @MethodSource("upstreams")
  void textAndUsage(Vendor upstream, boolean streamed) {
    answer(Answer.saying(TEXT).using(Tokens.CACHED));
    Said said = ask(Ask.of(upstream), streamed);
    assertThat(said.text()).isEqualTo(TEXT);
    assertThat(said.calls()).isEmpty();
    assertThat(said.finish()).isEqualTo(finish(false));
    RecordedRequest sent = WORLD.upstream().onlyRequest();
    assertThat(upstream.system(sent).toString()).contains("Be terse.");
    assertThat(sent.text()).contains("How is it?");
    mustBeBooked(said, upstream, streamed, Tokens.CACHED);
  }

  @ParameterizedTest
  @MethodSource("upstreams")
  void thoughts(Vendor upstream, boolean streamed) {
    answer(Answer.saying(TEXT).thinking(THOUGHT));
    Said said = ask(Ask.of(upstream).with(Feature.THOUGHT), streamed);
    assertThat(said.text()).isEqualTo(TEXT);
    assertThat(said.thought()).isEqualTo(tellsThoughts() ? THOUGHT : "");
    mustBeBooked(said, upstream, streamed, Tokens.PLAIN);
  }

  @ParameterizedTest
  @MethodSource("upstreams")
  void oneTool(Vendor upstream, boolean streamed) {
    List<Answer.Call> one = Answer.PARALLEL.subList(0, 1);
    answer(Answer.calling(one));
    Said said = ask(Ask.of(upstream).with(Feature.TOOLS), streamed);
    mustCall(said, one);
    assertThat(said.finish()).isEqualTo(finish(true));
    RecordedRequest sent = WORLD.upstream().onlyRequest();
    assertThat(List.of(upstream.tool(sent, 0).asString(), upstream.tool(sent, 1).asString()))
        .containsExactlyInAnyOrderElementsOf(Ask.TOOLS.keySet());
    mustBeBooked(said, upstream, streamed, Tokens.PLAIN);
  }

  @ParameterizedTest
  @MethodSource("upstreams")
  void toolsInParallelAndTheirResults(Vendor upstream, boolean streamed) {
    Ask asked = Ask.of(upstream).with(Feature.TOOLS);
    answer(Answer.calling(Answer.PARALLEL));
    Said called = ask(asked, streamed);
    mustCall(called, Answer.PARALLEL);
    answer(Answer.saying(TEXT));
    Said said = ask(asked.after(called), streamed);
    assertThat(said.text()).isEqualTo(TEXT);
    String sent = WORLD.upstream().requests().getLast().text();
    assertThat(sent).containsSubsequence(Ask.RESULTS);
    for (int i = 0; i < Answer.PARALLEL.size(); i++) {
      String name = callName(upstream, i);
      assertThat(sent.split(Pattern.quote("\"" + name + "\""), -1).length)
          .as("%s in its call and its result, in %s", name, sent)
          .isGreaterThanOrEqualTo(3);
    }
    if (upstream == Vendor.GEMINI) {
      assertThat(sent).as("the seal of the call").contains("c2VhbGVk");
    }
    WORLD.ledger().rows(2).forEach(row -> row.ended("succeeded", 200));
  }

  @ParameterizedTest
  @EnumSource(Vendor.class)
  void structuredOutput(Vendor upstream) {
    answer(Answer.saying("{\"city\":\"Z\u00fcrich\",\"days\":3}"));
    Ask.Forecast forecast = forecast(Ask.of(upstream).with(Feature.SCHEMA));
    assertThat(forecast.city + " " + forecast.days).isEqualTo("Z\u00fcrich 3");
    RecordedRequest sent = WORLD.upstream().onlyRequest();
    assertThat(upstream.schema(sent).at("/properties/city/type").asString())
        .as("type of a field in %s", sent)
        .isEqualToIgnoringCase("string");
    WORLD.ledger().only().ended("succeeded", 200);
  }

  @ParameterizedTest
  @EnumSource(Vendor.class)
  void aPicture(Vendor upstream) {
    answer(Answer.saying(TEXT));
    assertThat(whole(Ask.of(upstream).with(Feature.IMAGE)).text()).isEqualTo(TEXT);
    RecordedRequest sent = WORLD.upstream().onlyRequest();
    assertThat(upstream.image(sent).asString()).as("image in %s", sent).endsWith(Ask.PIXEL);
    WORLD.ledger().only().ended("succeeded", 200);
  }

  @ParameterizedTest
  @EnumSource(Vendor.class)
  void whatTheUpstreamRefuses(Vendor upstream) {
    WORLD.upstream().answerBy(Scripts.refusing(400, "the moon is not a city"));
    Said.Failure failure = failing(() -> whole(Ask.of(upstream)));
    assertThat(failure.status()).isEqualTo(400);
    assertThat(failure.message()).contains("the moon is not a city");
    assertThat(WORLD.upstream().requests()).hasSize(1);
    WORLD.ledger().only().ended("failed", 400, "upstream_rejected").free();
  }

  @ParameterizedTest
  @EnumSource(Vendor.class)
  void aStreamThatBreaks(Vendor upstream) {
    WORLD.upstream().answerBy(Scripts.breaking("the engine room is flooded"));
    Said.Failure failure = failing(() -> streamed(Ask.of(upstream)));
    assertThat(failure.message()).contains(brokenOff(upstream, "the engine room is flooded"));
    assertThat(WORLD.ledger().only().text("status")).isEqualTo("failed");
  }

  @ParameterizedTest
  @EnumSource(Vendor.class)
  void tryingAgain(Vendor upstream) {
    Function<RecordedRequest, UpstreamScript> good =
        Scripts.answering(Answer.saying(TEXT).using(Tokens.PLAIN));
    WORLD
        .upstream()
        .answerBy(request ->
            WORLD.upstream().requests().size() == 1
                ? Scripts.refusing(500, "try again").apply(request)
                : good.apply(request));
    assertThat(whole(Ask.of(upstream)).text()).isEqualTo(TEXT);
    assertThat(WORLD.upstream().requests()).hasSize(2);
    List<BookedRow> rows = WORLD.ledger().rows(2);
    rows.getFirst().ended("failed", 502, "upstream_error").free();
    rows.getLast().ended("succeeded", 200).charged("computed", Tokens.PLAIN.nanoUsd());
  }

  @ParameterizedTest
  @EnumSource(Vendor.class)
  void leavingStopsTheUpstream(Vendor upstream) {
    WORLD.upstream().answerBy(Scripts.hanging());
    assertThat(leave(Ask.of(upstream))).isEqualTo("some ");
    Awaitility.await()
        .atMost(Duration.ofSeconds(5))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> WORLD.upstream().broken() == 1);
    WORLD.ledger().only().ended("cancelled", 200).number("charge_nano_usd");
  }

  @Test
  void aModelThatIsNotThere() {
    Ask ask = Ask.of(Vendor.CHAT);
    Ask other = new Ask("model-none", ask.system(), ask.text(), ask.features(), ask.previous());
    Said.Failure failure = failing(() -> whole(other));
    assertThat(failure.status()).isEqualTo(404);
    assertThat(failure.message()).contains("model-none");
    WORLD.ledger().only().ended("denied", 404, "model_not_found").free();
  }

  @Test
  void aKeyThatIsNone() {
    Said.Failure failure = failing(() -> once(Ask.of(Vendor.CHAT), "brk_nothing"));
    assertThat(failure.status()).isEqualTo(401);
    assertThat(WORLD.upstream().requests()).isEmpty();
  }

  private Said ask(Ask ask, boolean streamed) {
    return streamed ? streamed(ask) : whole(ask);
  }

  private static void answer(Answer answer) {
    WORLD.upstream().answerBy(Scripts.answering(answer));
  }

  private void mustBeBooked(Said said, Vendor upstream, boolean streamed, Tokens tokens) {
    Tokens booked = upstream.booked(tokens);
    Seen seen =
        streamed && !tellsUsageOfStreams()
            ? new Seen(booked.prompt(), booked.cacheRead(), booked.completion())
            : said.usage();
    seen.mustBeBooked(WORLD, upstream, tokens);
  }

  private static void mustCall(Said said, List<Answer.Call> calls) {
    assertThat(said.calls().stream().map(call -> call.name() + call.arguments()))
        .containsExactlyElementsOf(
            calls.stream()
                .map(call -> call.name() + JsonMapper.shared().readTree(call.arguments()))
                .toList());
  }

  private Said.Failure failing(Runnable request) {
    try {
      request.run();
    } catch (RuntimeException thrown) {
      return failure(thrown);
    }
    throw new AssertionError("the library reported no failure");
  }
}

package io.bitrouter.core.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.admission.Need;
import io.bitrouter.core.catalog.Model;
import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.Elsewhere;
import io.bitrouter.core.exchange.TokenUsage;
import io.bitrouter.core.namespace.NamespaceId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NeedEstimateTest {

  private static final NamespaceId NS = new NamespaceId("ns_a");
  private static final NamespaceId OTHER = new NamespaceId("ns_b");
  private static final Model MODEL =
      Asking.model("m", Optional.of(Asking.PRICE), OptionalLong.of(32_000), false);

  private final TokenCeilings ceilings = new TokenCeilings();
  private final NeedEstimate estimate = new NeedEstimate(ceilings);

  @Test
  void theWorstCaseTakesEveryByteForATokenOfTheDearestClassAndAllDeclaredOutput() {
    AskedRequest asked = Asking.text(1_000, OptionalLong.of(500), false);
    assertThat(need(asked, MODEL).worst()).isEqualTo(1_000 * 4_000L + 500 * 10_000L);
  }

  @Test
  void theWorstCaseOfContentElsewhereFillsTheContext() {
    AskedRequest asked =
        new AskedRequest(
            "m",
            false,
            OptionalLong.of(1),
            2,
            1_000,
            Set.of("text", "image"),
            List.of(),
            1,
            200,
            false,
            Elsewhere.NOTHING,
            List.of(),
            List.of());
    assertThat(need(asked, MODEL).worst()).isEqualTo(200_000 * 4_000L + 2 * 10_000L);
  }

  /** The context bounds one text, and a request for embeddings holds many. */
  @Test
  void theContextDoesNotBoundARequestThatWantsNoText() {
    AskedRequest embeddings = Asking.text(1_000_000, OptionalLong.of(0), false);
    assertThat(need(embeddings, MODEL).worst()).isEqualTo(1_000_000 * 4_000L);
    assertThat(need(embeddings, MODEL).wanted()).isEqualTo((500_000 + 64) * 2_000L);
    AskedRequest one = Asking.text(1_000_000, OptionalLong.of(1), false);
    assertThat(need(one, MODEL).worst()).isEqualTo(200_000 * 4_000L + 10_000L);
  }

  @Test
  void theDearestCandidateDecidesTheWorstCase() {
    Model cheap =
        Asking.model(
            "cheap",
            Optional.of(new io.bitrouter.core.catalog.Price(1, 1, 1, 1, 1)),
            OptionalLong.of(10),
            false);
    AskedRequest asked = Asking.text(100, OptionalLong.of(10), false);
    long input = estimate.input(NS, asked, cheap);
    Need need = NeedEstimate.of(asked, input, List.of(Asking.target(cheap), Asking.target(MODEL)));
    assertThat(need.worst()).isEqualTo(need(asked, MODEL).worst());
  }

  @Test
  void aStreamNeedsAFirstTrancheOnly() {
    AskedRequest asked = Asking.text(1_000, OptionalLong.of(32_000), true);
    long input = (500 + 64) * 2_000L;
    assertThat(need(asked, MODEL).wanted()).isEqualTo(input + 4_096 * 10_000L);
    assertThat(need(asked, MODEL).least()).isEqualTo(input + 256 * 10_000L);
  }

  @Test
  void whatCannotBeWatchedFlowingIsReckonedInFull() {
    AskedRequest whole = Asking.text(1_000, OptionalLong.of(8_000), false);
    AskedRequest stream = Asking.text(1_000, OptionalLong.of(8_000), true);
    Model hidden = Asking.model("m", Optional.of(Asking.PRICE), OptionalLong.of(32_000), true);
    long full = (500 + 64) * 2_000L + 8_000 * 10_000L;
    assertThat(need(whole, MODEL)).isEqualTo(new Need(need(whole, MODEL).worst(), full, full));
    assertThat(need(stream, hidden).least()).isEqualTo(full);
  }

  @Test
  void theCacheWriteClassCountsOnlyWhenTheBodyAsksForIt() {
    AskedRequest plain = Asking.text(1_000, OptionalLong.of(0), true);
    AskedRequest caching =
        new AskedRequest(
            "m",
            true,
            OptionalLong.of(0),
            1,
            1_000,
            Set.of("text"),
            List.of(),
            0,
            0,
            true,
            Elsewhere.NOTHING,
            List.of(),
            List.of());
    assertThat(need(plain, MODEL).wanted()).isEqualTo(564 * 2_000L);
    assertThat(need(caching, MODEL).wanted()).isEqualTo(564 * 4_000L);
  }

  @Test
  void imagesAreReckonedByPartsAndNotByTheirBytes() {
    AskedRequest asked =
        new AskedRequest(
            "m",
            true,
            OptionalLong.of(0),
            1,
            1_001_000,
            Set.of("text", "image"),
            List.of(),
            2,
            1_000_000,
            false,
            Elsewhere.NOTHING,
            List.of(),
            List.of());
    assertThat(estimate.input(NS, asked, MODEL)).isEqualTo(500 + 64 + 2 * 3_000);
  }

  @Test
  void aHundredRequestsTeachWhatAByteIsAtMost() {
    AskedRequest asked = Asking.text(100_000, OptionalLong.of(0), true);
    learn(NS, 99, 100_000, 25_000);
    assertThat(estimate.input(NS, asked, MODEL)).isEqualTo(50_000 + 64);
    learn(NS, 1, 100_000, 26_000);
    assertThat(estimate.input(NS, asked, MODEL)).isEqualTo(28_600 + 64);
    learn(NS, 1, 100_000, 90_000);
    assertThat(estimate.input(NS, asked, MODEL)).isEqualTo(99_000 + 64);
  }

  /** One odd answer taught for good. */
  @Test
  void anOddAnswerIsForgottenAfterTwoHundredOthers() {
    AskedRequest asked = Asking.text(100_000, OptionalLong.of(0), true);
    learn(NS, 100, 100_000, 25_000);
    learn(NS, 1, 100_000, 90_000);
    for (int i = 0; i < 199; i++) {
      assertThat(estimate.input(NS, asked, MODEL)).isEqualTo(99_000 + 64);
      learn(NS, 1, 100_000, 20_000);
    }
    assertThat(estimate.input(NS, asked, MODEL)).isEqualTo(22_000 + 64);
  }

  @Test
  void aTextIsRememberedForAHundredOthersWheneverItCame() {
    AskedRequest asked = Asking.text(100_000, OptionalLong.of(0), true);
    learn(NS, 199, 100_000, 20_000);
    learn(NS, 1, 100_000, 90_000);
    learn(NS, 99, 100_000, 20_000);
    assertThat(estimate.input(NS, asked, MODEL)).isEqualTo(99_000 + 64);
  }

  /** A question of 600 bytes that the provider searched the web for. */
  @Test
  void whatWasNotInABodyTeachesNothingAboutBodies() {
    learn(NS, 1, 600, 20_000);
    AskedRequest asked = Asking.text(100_000, OptionalLong.of(0), true);
    assertThat(estimate.input(NS, asked, MODEL)).isEqualTo(110_000 + 64);
  }

  @Test
  void oneNamespaceTeachesAnotherNothing() {
    learn(NS, 200, 100_000, 10_000);
    AskedRequest asked = Asking.text(100_000, OptionalLong.of(0), true);
    assertThat(estimate.input(OTHER, asked, MODEL)).isEqualTo(50_000 + 64);
  }

  @Test
  void aFileThatTheBodyOnlyPointsToCanFillTheContext() {
    AskedRequest asked =
        new AskedRequest(
            "m",
            true,
            OptionalLong.of(0),
            1,
            300,
            Set.of("file"),
            List.of(),
            1,
            0,
            false,
            Elsewhere.CONTENT,
            List.of(),
            List.of());
    assertThat(estimate.input(NS, asked, MODEL)).isEqualTo(200_000);
  }

  /** An upstream may bill, or claim, far more output than it shows; later answers are not that. */
  @Test
  void thinkingThatIsNotShownTeachesNothingAboutTexts() {
    ceilings.learn(NS, plan(600), 512, new TokenUsage(1, 0, 0, 0, 1, 999_999_999));
    long perMillion = ceilings.outputPerMillionBytes(NS, MODEL.id());
    assertThat(perMillion).isEqualTo(1_100_000);
    assertThat(TokenCeilings.tokens(Long.MAX_VALUE, perMillion)).isEqualTo(1_100_000_000);
  }

  private Need need(AskedRequest asked, Model model) {
    return NeedEstimate.of(asked, estimate.input(NS, asked, model), List.of(Asking.target(model)));
  }

  private void learn(NamespaceId namespace, int times, long bytes, long tokens) {
    for (int i = 0; i < times; i++) {
      ceilings.learn(namespace, plan(bytes), 0, new TokenUsage(tokens, 0, 0, 0, 0, 0));
    }
  }

  private static RequestPlanner.Plan plan(long bytes) {
    return new RequestPlanner.Plan(
        Asking.target(MODEL),
        List.of(),
        Asking.text(bytes, OptionalLong.empty(), true),
        OptionalLong.empty(),
        0,
        Need.NONE);
  }
}

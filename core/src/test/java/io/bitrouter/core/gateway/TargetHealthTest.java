package io.bitrouter.core.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.TestClock;
import io.bitrouter.core.TestModels;
import io.bitrouter.core.catalog.Target;
import io.bitrouter.core.namespace.NamespaceId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which targets are asked first, which are left alone, and who finds that out. */
class TargetHealthTest {

  private static final NamespaceId A = new NamespaceId("ns_0000000000000000000000000a");
  private static final NamespaceId B = new NamespaceId("ns_0000000000000000000000000b");
  private static final Target ONE = TestModels.target("one", "m", "m");
  private static final Target TWO = TestModels.target("two", "m", "m");
  private static final Target THREE = TestModels.target("three", "m", "m");
  private static final List<Target> ALL = List.of(ONE, TWO, THREE);

  private final TestClock clock = TestClock.at("2026-03-28T22:00:00Z");
  private final TargetHealth health = new TargetHealth(clock);

  @Test
  void theOrderIsThatOfTheConfigurationWhileAllAreWell() {
    assertThat(health.preferred(A, ALL)).isEqualTo(ALL);
    fail(A, TWO, 9);
    assertThat(health.preferred(A, ALL)).isEqualTo(ALL);
  }

  @Test
  void whatIsToCoolComesLastForItsTimeAndIsAskedIfThereIsNothingElse() {
    health.cools(A, ONE, Duration.ofSeconds(7).toNanos());
    assertThat(health.preferred(A, ALL)).containsExactly(TWO, THREE, ONE);
    health.cools(A, TWO, Duration.ofSeconds(9).toNanos());
    assertThat(health.preferred(A, ALL)).containsExactly(THREE, ONE, TWO);
    assertThat(health.admits(A, ONE)).isTrue();
    clock.advance(Duration.ofSeconds(7));
    assertThat(health.preferred(A, ALL)).containsExactly(ONE, THREE, TWO);
    clock.advance(Duration.ofSeconds(2));
    assertThat(health.preferred(A, ALL)).isEqualTo(ALL);
  }

  @Test
  void nothingCoolsForMoreThanAMinute() {
    health.cools(A, ONE, Duration.ofDays(11).toNanos());
    clock.advance(Duration.ofSeconds(59));
    assertThat(health.preferred(A, ALL)).containsExactly(TWO, THREE, ONE);
    clock.advance(Duration.ofSeconds(1));
    assertThat(health.preferred(A, ALL)).isEqualTo(ALL);
  }

  @Test
  void tenFailuresInARowCloseATargetForFiveSeconds() {
    fail(A, ONE, 9);
    assertThat(health.admits(A, ONE)).isTrue();
    fail(A, ONE, 1);
    assertThat(health.admits(A, ONE)).isFalse();
    assertThat(health.preferred(A, ALL)).containsExactly(TWO, THREE, ONE);
    clock.advance(Duration.ofSeconds(5).minusNanos(1));
    assertThat(health.admits(A, ONE)).isFalse();
    clock.advance(Duration.ofNanos(1));
    assertThat(health.admits(A, ONE)).isTrue();
  }

  @Test
  void anAnswerBetweenFailuresHasThemForgotten() {
    for (int round = 0; round < 5; round++) {
      fail(A, ONE, 9);
      health.answered(A, ONE);
    }
    assertThat(health.admits(A, ONE)).isTrue();
    assertThat(health.preferred(A, ALL)).isEqualTo(ALL);
  }

  /** The caller's mistakes are answers, and an account's trouble is no failure of its target. */
  @Test
  void neitherAnswersNorCoolingCloseATarget() {
    for (int i = 0; i < 100; i++) {
      health.answered(A, ONE);
      health.cools(A, ONE, Duration.ofSeconds(1).toNanos());
    }
    assertThat(health.admits(A, ONE)).isTrue();
  }

  @Test
  void afterItsTimeOneRequestIsLetThroughAndDecides() throws Exception {
    fail(A, ONE, 10);
    clock.advance(Duration.ofSeconds(5));
    assertThat(admittedAtOnce()).isOne();
    fail(A, ONE, 1);
    clock.advance(Duration.ofSeconds(4));
    assertThat(admittedAtOnce()).isZero();
    clock.advance(Duration.ofSeconds(1));
    assertThat(admittedAtOnce()).isOne();
    health.answered(A, ONE);
    assertThat(admittedAtOnce()).isEqualTo(64);
    assertThat(health.preferred(A, ALL)).isEqualTo(ALL);
  }

  @Test
  void aProbeThatNobodyHearsOfIsFollowedByAnother() throws Exception {
    fail(A, ONE, 10);
    clock.advance(Duration.ofSeconds(5));
    assertThat(admittedAtOnce()).isOne();
    clock.advance(Duration.ofSeconds(5));
    assertThat(admittedAtOnce()).isOne();
  }

  @Test
  void whatOneNamespaceFindsOutIsNothingToAnother() {
    fail(A, ONE, 50);
    health.cools(A, TWO, Duration.ofSeconds(60).toNanos());
    assertThat(health.admits(A, ONE)).isFalse();
    assertThat(health.admits(B, ONE)).isTrue();
    assertThat(health.preferred(B, ALL)).isEqualTo(ALL);
    health.answered(B, ONE);
    assertThat(health.admits(A, ONE)).isFalse();
  }

  @Test
  void oneModelOfAProviderIsNothingToAnother() {
    fail(A, ONE, 10);
    assertThat(health.admits(A, TestModels.target("one", "other", "m"))).isTrue();
  }

  private void fail(NamespaceId namespace, Target target, int times) {
    for (int i = 0; i < times; i++) {
      health.failed(namespace, target);
    }
  }

  /** How many of 64 requests at once are let through to the first target. */
  private long admittedAtOnce() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> asked =
          IntStream.range(0, 64)
              .mapToObj(i -> threads.submit(() -> health.admits(A, ONE)))
              .toList();
      long admitted = 0;
      for (Future<Boolean> each : asked) {
        admitted += each.get() ? 1 : 0;
      }
      return admitted;
    }
  }
}

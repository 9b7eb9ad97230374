package io.bitrouter.core.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.TestClock;
import io.bitrouter.core.TestRules;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.policy.BudgetWindow.Rolling;
import io.bitrouter.core.policy.BudgetWindow.Total;
import io.bitrouter.core.policy.BudgetWindow.Unit;
import io.bitrouter.core.policy.PolicySpec.Budget;
import io.bitrouter.core.policy.Principal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who waits for whom. Waits are bounded by an hour here: what ends, ends because it was woken. */
class WaitingLineTest {

  private static final KeyRecord A = TestRules.key("a");
  private static final KeyRecord B = TestRules.key("b");

  /** A micro-USD, in which these tests count. */
  private static final long UNIT = 1_000;

  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);
  private static final long HOUR = TimeUnit.HOURS.toNanos(1);

  private final TestClock clock = TestClock.at("2026-03-28T22:00:00Z");
  private final TestRules rules = new TestRules();
  private Admission admission = new Admission(clock, new Admission.Bounds(HOUR, 100));

  /** A request on a thread of its own. */
  private static final class Asking {
    private final CompletableFuture<Outcome<Reservation>> outcome = new CompletableFuture<>();
    private final Thread thread;

    Asking(Admission admission, AdmissionRequest request) {
      thread = Thread.ofPlatform().daemon().start(() -> outcome.complete(admission.admit(request)));
    }

    Asking inLine() {
      awaitStanding(thread);
      assertThat(outcome).isNotDone();
      return this;
    }

    Reservation letIn() {
      Outcome<Reservation> ended = soon(outcome);
      assertThat(ended).isInstanceOf(Outcome.Done.class);
      return ((Outcome.Done<Reservation>) ended).value();
    }

    RefusalCode refused() {
      Outcome<Reservation> ended = soon(outcome);
      assertThat(ended).isInstanceOf(Outcome.Refused.class);
      return ((Outcome.Refused<Reservation>) ended).refusal().code();
    }
  }

  /** An answer in flight that asks for more on a thread of its own, and stands in line. */
  private static CompletableFuture<Boolean> extending(Reservation held, long used, long tranche) {
    CompletableFuture<Boolean> extended = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .start(() -> extended.complete(held.awaitExtension(used * UNIT, tranche * UNIT)));
    awaitStanding(thread);
    assertThat(extended).isNotDone();
    return extended;
  }

  private static void awaitStanding(Thread thread) {
    long end = System.nanoTime() + PATIENCE;
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      assertThat(thread.getState()).as("it did not wait").isNotEqualTo(Thread.State.TERMINATED);
      assertThat(System.nanoTime()).as("it never waited").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  private static <T> T soon(CompletableFuture<T> future) {
    return future.orTimeout(PATIENCE, TimeUnit.NANOSECONDS).join();
  }

  @Test
  void oneWhoWaitsIsLetInWhenOthersUseLessThanTheyHeld() {
    limit(10);
    Reservation held = ask(A, 8).letIn();
    Asking waiting = ask(A, 5).inLine();
    held.settle(1 * UNIT, 0);
    waiting.letIn();
  }

  @Test
  void oneWhoWaitsIsRefusedOnceWhatIsSpentLeavesNothing() {
    limit(10);
    Reservation held = ask(A, 8).letIn();
    Asking waiting = ask(A, 5).inLine();
    held.settle(8 * UNIT, 0);
    assertThat(waiting.refused()).isEqualTo(RefusalCode.BUDGET_EXCEEDED);
  }

  @Test
  void nobodyPassesOneWhoWaitsForTheSameAccount() {
    limit(10);
    Reservation held = ask(A, 7).letIn();
    Asking first = ask(A, 5).inLine();
    Asking second = ask(A, 2).inLine();
    Asking third = ask(A, 6).inLine();
    held.settle(0, 0);
    Reservation one = first.letIn();
    second.letIn().settle(0, 0);
    third.inLine();
    one.settle(0, 0);
    third.letIn();
  }

  @Test
  void oneWhoWaitsForItsOwnKeysBudgetIsInNobodysWay() {
    limit(1_000);
    rules.bind(budget(10), Principal.of(A.id()));
    Reservation held = ask(A, 8).letIn();
    Asking waiting = ask(A, 5).inLine();
    ask(B, 900).letIn().settle(0, 0);
    held.settle(0, 0);
    waiting.letIn();
  }

  @Test
  void oneWhoWaitsBehindOthersIsLetInWhenTheyGiveUp() throws InterruptedException {
    limit(10);
    ask(A, 7).letIn();
    Asking first = ask(A, 5).inLine();
    Asking second = ask(A, 2).inLine();
    first.thread.interrupt();
    assertThat(first.refused()).isEqualTo(RefusalCode.BUDGET_CONTENDED);
    second.letIn();
  }

  @Test
  void nobodyIsBehindOneWhoHasBeenLetIn() {
    limit(10);
    for (int i = 0; i < 300; i++) {
      Reservation held = ask(A, 8).letIn();
      Asking waiting = ask(A, 5).inLine();
      held.settle(0, 0);
      // Its thread may not run yet; there is room for one more all the same.
      Reservation more = ask(A, 5).letIn();
      waiting.letIn().settle(0, 0);
      more.settle(0, 0);
    }
  }

  @Test
  void anAnswerInFlightIsGivenMoreBeforeOthersComeIn() {
    limit(10);
    Reservation one = ask(A, 5).letIn();
    Reservation two = ask(A, 5).letIn();
    assertThat(one.extend(5 * UNIT, 2 * UNIT)).isEqualTo(Reservation.Extension.GRANTED);
    Asking arriving = ask(A, 3).inLine();
    CompletableFuture<Boolean> extended = extending(two, 1, 9);
    one.settle(0, 0);
    assertThat(soon(extended)).isTrue();
    assertThat(two.usableNanoUsd()).isEqualTo(10 * UNIT);
    arriving.inLine();
    two.settle(7 * UNIT, 0);
    arriving.letIn();
  }

  @Test
  void anAnswerThatWaitsIsCutOnceWhatOthersUsedLeavesNothing() {
    limit(10);
    Reservation one = ask(A, 5).letIn();
    Reservation two = ask(A, 5).letIn();
    assertThat(one.extend(4 * UNIT, 2 * UNIT)).isEqualTo(Reservation.Extension.GRANTED);
    CompletableFuture<Boolean> extended = extending(two, 4, 2);
    assertThat(one.extend(6 * UNIT, 2 * UNIT)).isEqualTo(Reservation.Extension.SPENT);
    assertThat(soon(extended)).isFalse();
  }

  @Test
  void anAnswerThatWaitsStopsWaitingWhenItEnds() {
    limit(10);
    Reservation one = ask(A, 5).letIn();
    Reservation two = ask(A, 5).letIn();
    assertThat(one.extend(4 * UNIT, 2 * UNIT)).isEqualTo(Reservation.Extension.GRANTED);
    CompletableFuture<Boolean> extended = extending(two, 4, 2);
    two.settle(4 * UNIT, 0);
    assertThat(soon(extended)).isFalse();
    one.settle(5 * UNIT, 0);
    ask(A, 1).letIn();
  }

  @Test
  void roomThatTimeMakesIsFoundBySweeping() {
    rules.bind(
        TestRules.budget(new Rolling(Unit.HOUR), 1_000, Budget.Mode.METERED), TestRules.whole());
    ask(A, 600).letIn().settle(600 * UNIT, 0);
    clock.advance(Duration.ofMinutes(50));
    Reservation held = ask(A, 300).letIn();
    Asking waiting = ask(A, 300).inLine();
    clock.advance(Duration.ofMinutes(30));
    admission.sweep();
    waiting.letIn();
    held.settle(0, 0);
  }

  @Test
  void theLineIsBounded() {
    admission = new Admission(clock, new Admission.Bounds(HOUR, 2));
    limit(10);
    Reservation held = ask(A, 10).letIn();
    Asking first = ask(A, 1).inLine();
    Asking second = ask(A, 1).inLine();
    assertThat(ask(A, 1).refused()).isEqualTo(RefusalCode.BUDGET_CONTENDED);
    held.settle(0, 0);
    first.letIn();
    second.letIn();
  }

  @Test
  void aWaitIsBoundedAndLeavesNothingBehind() {
    long wait = TimeUnit.MILLISECONDS.toNanos(30);
    admission = new Admission(clock, new Admission.Bounds(wait, 100));
    limit(10);
    Reservation held = ask(A, 7).letIn();
    long before = System.nanoTime();
    assertThat(ask(A, 5).refused()).isEqualTo(RefusalCode.BUDGET_CONTENDED);
    assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(wait);
    // Nobody is ahead any more: what fits comes in at once, and so does what a settlement frees.
    ask(A, 3).letIn().settle(0, 0);
    held.settle(0, 0);
    ask(A, 10).letIn();
  }

  @Test
  void roomThatTimeMakesIsFoundWhenAWaitEnds() {
    admission = new Admission(clock, new Admission.Bounds(TimeUnit.MILLISECONDS.toNanos(200), 100));
    rules.bind(
        TestRules.budget(new Rolling(Unit.HOUR), 1_000, Budget.Mode.METERED), TestRules.whole());
    ask(A, 600).letIn().settle(600 * UNIT, 0);
    clock.advance(Duration.ofMinutes(50));
    ask(A, 300).letIn();
    Asking waiting = ask(A, 300).inLine();
    clock.advance(Duration.ofMinutes(30));
    waiting.letIn();
  }

  private void limit(long nanos) {
    rules.bind(budget(nanos), TestRules.whole());
  }

  private static Budget budget(long units) {
    return TestRules.budget(new Total(), units, Budget.Mode.METERED);
  }

  private Asking ask(KeyRecord key, long units) {
    return new Asking(
        admission,
        new AdmissionRequest(
            key,
            rules.effective(key),
            clock.epochMicros(),
            0,
            new Need(units * UNIT, units * UNIT, units * UNIT),
            true));
  }
}

package io.bitrouter.core.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.Seeds;
import io.bitrouter.core.TestClock;
import io.bitrouter.core.TestRules;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.policy.BudgetWindow.Total;
import io.bitrouter.core.policy.EffectivePolicy;
import io.bitrouter.core.policy.Metered;
import io.bitrouter.core.policy.PolicySpec.Budget;
import io.bitrouter.core.policy.PolicySpec.RateLimit;
import io.bitrouter.core.policy.PolicySpec.RateLimit.Count;
import io.bitrouter.core.policy.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Requests, tokens and concurrency. */
class RatesTest {

  private static final KeyRecord PARENT = TestRules.key("parent");
  private static final KeyRecord CHILD = TestRules.below(PARENT, "child");
  private static final KeyRecord SIBLING = TestRules.below(PARENT, "sibling");
  private static final List<KeyRecord> KEYS = List.of(PARENT, CHILD, SIBLING);

  private final TestClock clock = TestClock.at("2026-03-28T22:00:00Z");
  private final Admission admission = new Admission(clock, new Admission.Bounds(0, 0));
  private final TestRules rules = new TestRules();

  private record Admitted(KeyRecord key, long atNanos, long declared) {}

  /**
   * Random limits in random lineages: what is let in never passes a limit, what is refused would
   * pass one by at most one part of the window, and after exactly Retry-After it is let in.
   */
  @Test
  void windowsAreKeptAndRetryAfterIsTrue() {
    Seeds.check(200, random -> new RatesTest().walk(random));
  }

  private void walk(RandomGenerator random) {
    int limits = 1 + random.nextInt(4);
    for (int i = 0; i < limits; i++) {
      long secs = List.of(1L, 5L, 60L).get(random.nextInt(3));
      RateLimit limit =
          random.nextBoolean()
              ? TestRules.requests(secs, 1 + random.nextInt(12))
              : TestRules.tokens(secs, 1 + random.nextInt(500), Count.DECLARED);
      rules.bind(
          limit,
          random.nextInt(3) == 0
              ? TestRules.whole()
              : Principal.of(KEYS.get(random.nextInt(KEYS.size())).id()));
    }
    List<Admitted> admitted = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      clock.advance(Duration.ofNanos(random.nextLong(500_000_000L)));
      KeyRecord key = KEYS.get(random.nextInt(KEYS.size()));
      long declared = random.nextInt(100);
      switch (admit(key, rules.effective(key), declared)) {
        case Outcome.Done<Reservation>(Reservation held) -> {
          held.settle(0, 1);
          admitted.add(new Admitted(key, clock.nanos(), declared));
          assertThat(passes(key, admitted, 0)).isFalse();
        }
        case Outcome.Refused<Reservation>(Refusal refusal) ->
            refused(key, declared, refusal, admitted);
      }
    }
  }

  private void refused(KeyRecord key, long declared, Refusal refusal, List<Admitted> admitted) {
    List<Admitted> asIfAdmitted = new ArrayList<>(admitted);
    asIfAdmitted.add(new Admitted(key, clock.nanos(), declared));
    assertThat(passes(key, asIfAdmitted, 1)).isTrue();
    if (refusal.code() == RefusalCode.EXCEEDS_LIMIT) {
      assertThat(rules.effective(key).rateLimits())
          .anyMatch(limit -> limit.clause().maxTokens().orElse(Long.MAX_VALUE) < declared);
      return;
    }
    assertThat(refusal.code()).isEqualTo(RefusalCode.RATE_LIMITED);
    long millis = refusal.retryAfterMillis().orElseThrow();
    clock.advance(Duration.ofMillis(millis - 1));
    assertThat(admit(key, rules.effective(key), declared)).isInstanceOf(Outcome.Refused.class);
    clock.advance(Duration.ofMillis(1));
    Outcome<Reservation> then = admit(key, rules.effective(key), declared);
    assertThat(then).isInstanceOf(Outcome.Done.class);
    ((Outcome.Done<Reservation>) then).value().settle(0, 1);
    admitted.add(new Admitted(key, clock.nanos(), declared));
  }

  /** Whether any limit of {@code key} is passed in its window made longer by so many parts. */
  private boolean passes(KeyRecord key, List<Admitted> admitted, int parts) {
    for (Metered<RateLimit> limit : rules.effective(key).rateLimits()) {
      long window = limit.clause().windowSecs() * 1_000_000_000L;
      long since = clock.nanos() - window - parts * window / RateWindow.PARTS;
      long requests = 0;
      long tokens = 0;
      for (Admitted each : admitted) {
        if (each.atNanos() > since && counts(each.key(), limit.source().principal())) {
          requests++;
          tokens += each.declared();
        }
      }
      if (requests > limit.clause().maxRequests().orElse(Long.MAX_VALUE)
          || tokens > limit.clause().maxTokens().orElse(Long.MAX_VALUE)) {
        return true;
      }
    }
    return false;
  }

  private static boolean counts(KeyRecord key, Principal principal) {
    return principal.equals(TestRules.whole())
        || principal.equals(Principal.of(key.id()))
        || key.ancestors().stream().map(Principal::of).anyMatch(principal::equals);
  }

  @Test
  void requestsThatAnythingRefusesUseNothing() {
    rules.bind(TestRules.requests(60, 2), TestRules.whole());
    rules.bind(TestRules.tokens(60, 100, Count.DECLARED), TestRules.whole());
    rules.bind(TestRules.budget(new Total(), 1, Budget.Mode.METERED), Principal.of(SIBLING.id()));
    for (int i = 0; i < 50; i++) {
      assertThat(code(admit(CHILD, 101))).isEqualTo(RefusalCode.EXCEEDS_LIMIT);
      assertThat(
              code(
                  admission.admit(
                      new AdmissionRequest(
                          SIBLING,
                          rules.effective(SIBLING),
                          clock.epochMicros(),
                          5,
                          new Need(2_000, 2_000, 2_000),
                          true))))
          .isEqualTo(RefusalCode.EXCEEDS_LIMIT);
    }
    done(CHILD, 60);
    for (int i = 0; i < 50; i++) {
      assertThat(code(admit(CHILD, 41))).isEqualTo(RefusalCode.RATE_LIMITED);
    }
    done(CHILD, 40);
    assertThat(code(admit(CHILD, 0))).isEqualTo(RefusalCode.RATE_LIMITED);
  }

  @Test
  void actualTokensCountWhenTheAnswerHasEnded() {
    rules.bind(TestRules.tokens(60, 100, Count.ACTUAL), Principal.of(PARENT.id()));
    Reservation one = done(CHILD, 1_000_000);
    Reservation two = done(SIBLING, 0);
    one.settle(0, 99);
    assertThat(one.tokenRate()).map(RateState::remaining).contains(1L);
    done(CHILD, 0).settle(0, 0);
    two.settle(0, 500);
    Refusal refusal = ((Outcome.Refused<Reservation>) admit(CHILD, 0)).refusal();
    assertThat(refusal.code()).isEqualTo(RefusalCode.RATE_LIMITED);
    clock.advance(Duration.ofMillis(refusal.retryAfterMillis().orElseThrow()));
    done(CHILD, 0);
  }

  @Test
  void concurrencyCountsWhatIsInFlightBelowThePrincipal() {
    rules.bind(TestRules.concurrent(2), Principal.of(PARENT.id()));
    Reservation one = done(CHILD, 0);
    Reservation two = done(SIBLING, 0);
    Refusal refusal = ((Outcome.Refused<Reservation>) admit(PARENT, 0)).refusal();
    assertThat(refusal.code()).isEqualTo(RefusalCode.CONCURRENCY_LIMITED);
    assertThat(refusal.retryAfterMillis()).isPresent();
    one.settle(0, 0);
    Reservation three = done(PARENT, 0);
    assertThat(code(admit(CHILD, 0))).isEqualTo(RefusalCode.CONCURRENCY_LIMITED);
    two.settle(0, 0);
    three.settle(0, 0);
    done(CHILD, 0);
    done(CHILD, 0);
  }

  @Test
  void twoPoliciesOverOneWindowReadOneCount() {
    rules.bind(TestRules.requests(60, 4), TestRules.whole());
    rules.bind(TestRules.tokens(60, 1_000, Count.DECLARED), TestRules.whole());
    rules.bind(TestRules.requests(60, 3), TestRules.whole());
    done(CHILD, 100);
    Reservation second = done(CHILD, 100);
    assertThat(second.requestRate()).map(RateState::limit).contains(3L);
    assertThat(second.requestRate()).map(RateState::remaining).contains(1L);
    assertThat(second.tokenRate()).map(RateState::remaining).contains(800L);
    done(CHILD, 100);
    assertThat(code(admit(CHILD, 100))).isEqualTo(RefusalCode.RATE_LIMITED);
  }

  @Test
  void actualTokensOfTwoPoliciesOverOneWindowCountOnce() {
    rules.bind(TestRules.tokens(60, 1_000, Count.ACTUAL), TestRules.whole());
    rules.bind(TestRules.tokens(60, 2_000, Count.ACTUAL), TestRules.whole());
    Reservation held = done(CHILD, 0);
    held.settle(0, 400);
    assertThat(held.tokenRate()).map(RateState::remaining).contains(600L);
  }

  @Test
  void anEditedLimitKeepsTheCount() {
    rules.bind(TestRules.requests(60, 10), TestRules.whole());
    done(CHILD, 0);
    done(CHILD, 0);
    TestRules edited = new TestRules();
    edited.bind(TestRules.requests(60, 2), TestRules.whole());
    assertThat(code(admit(CHILD, edited.effective(CHILD), 0))).isEqualTo(RefusalCode.RATE_LIMITED);
  }

  @Test
  void ofSeveralLimitsTheOneThatLastsLongestIsTold() {
    rules.bind(TestRules.requests(1, 1), TestRules.whole());
    rules.bind(TestRules.requests(60, 1), TestRules.whole());
    done(CHILD, 0);
    Refusal refusal = ((Outcome.Refused<Reservation>) admit(CHILD, 0)).refusal();
    assertThat(refusal.policy()).contains("pol_2");
    assertThat(refusal.retryAfterMillis().orElseThrow()).isGreaterThan(59_000);
  }

  @Test
  void correctingTheHostsClockOpensAndClosesNoWindow() {
    rules.bind(TestRules.requests(60, 1), TestRules.whole());
    done(CHILD, 0);
    clock.step(Duration.ofDays(365));
    assertThat(code(admit(CHILD, 0))).isEqualTo(RefusalCode.RATE_LIMITED);
    clock.step(Duration.ofDays(-730));
    clock.advance(Duration.ofSeconds(61));
    done(CHILD, 0);
  }

  @Test
  void whatTheHeadersSayComesTrue() {
    rules.bind(TestRules.requests(60, 10), TestRules.whole());
    Reservation held = done(CHILD, 0);
    RateState state = held.requestRate().orElseThrow();
    assertThat(state.remaining()).isEqualTo(9);
    assertThat(held.tokenRate()).isEmpty();
    clock.advance(Duration.ofNanos((state.resetMicros() - 1) * 1_000));
    assertThat(held.requestRate()).map(RateState::remaining).contains(9L);
    clock.advance(Duration.ofNanos(1_000));
    assertThat(held.requestRate()).map(RateState::remaining).contains(10L);
    assertThat(held.requestRate()).map(RateState::resetMicros).contains(0L);
  }

  @Test
  void sweepingForgetsNothingThatCounts() {
    rules.bind(TestRules.requests(60, 1), TestRules.whole());
    done(CHILD, 0);
    admission.sweep();
    assertThat(code(admit(CHILD, 0))).isEqualTo(RefusalCode.RATE_LIMITED);
    clock.advance(Duration.ofSeconds(61));
    admission.sweep();
    done(CHILD, 0);
    assertThat(code(admit(CHILD, 0))).isEqualTo(RefusalCode.RATE_LIMITED);
  }

  @Test
  void figuresOfOthersPoliciesAreNotTold() {
    rules.bind(TestRules.requests(61, 17), Principal.of(PARENT.id()));
    rules.bind(TestRules.tokens(61, 1_717, Count.DECLARED), Principal.of(PARENT.id()));
    rules.bind(TestRules.concurrent(17), Principal.of(PARENT.id()));
    assertThat(text(CHILD, 1_718, false)).doesNotContain("1717");
    assertThat(text(CHILD, 1_718, true)).contains("1717");
    assertThat(text(PARENT, 1_718, false)).contains("1717");
    for (int i = 0; i < 17; i++) {
      done(CHILD, 0);
    }
    assertThat(text(CHILD, 0, false)).doesNotContain("17");
    assertThat(text(CHILD, 0, true)).contains("17");
    clock.advance(Duration.ofSeconds(100));
    assertThat(text(CHILD, 0, false)).doesNotContain("17");
    assertThat(text(CHILD, 0, true)).contains("17 requests in flight");
  }

  @Test
  void headersTellOfThePoliciesWhoseFiguresTheCallerMayKnow() {
    rules.bind(TestRules.requests(60, 5), Principal.of(PARENT.id()));
    rules.bind(TestRules.requests(60, 9), Principal.of(CHILD.id()));
    assertThat(held(true).requestRate()).map(RateState::limit).contains(5L);
    assertThat(held(false).requestRate()).map(RateState::limit).contains(9L);
    rules.bind(TestRules.tokens(60, 9, Count.DECLARED), TestRules.whole());
    assertThat(held(false).tokenRate()).isEmpty();
  }

  private Reservation held(boolean show) {
    Outcome<Reservation> outcome =
        admission.admit(
            new AdmissionRequest(
                CHILD, rules.effective(CHILD), clock.epochMicros(), 0, Need.NONE, show));
    return ((Outcome.Done<Reservation>) outcome).value();
  }

  private String text(KeyRecord key, long declared, boolean show) {
    Outcome<Reservation> outcome =
        admission.admit(
            new AdmissionRequest(
                key, rules.effective(key), clock.epochMicros(), declared, Need.NONE, show));
    Refusal refusal = ((Outcome.Refused<Reservation>) outcome).refusal();
    return refusal.message() + " " + refusal.hint().orElse("");
  }

  private Outcome<Reservation> admit(KeyRecord key, long declared) {
    return admit(key, rules.effective(key), declared);
  }

  private Outcome<Reservation> admit(KeyRecord key, EffectivePolicy policy, long declared) {
    return admission.admit(
        new AdmissionRequest(key, policy, clock.epochMicros(), declared, Need.NONE, true));
  }

  private Reservation done(KeyRecord key, long declared) {
    Outcome<Reservation> outcome = admit(key, declared);
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return ((Outcome.Done<Reservation>) outcome).value();
  }

  private static RefusalCode code(Outcome<Reservation> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    return ((Outcome.Refused<Reservation>) outcome).refusal().code();
  }
}

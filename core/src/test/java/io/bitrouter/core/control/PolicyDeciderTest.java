package io.bitrouter.core.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.TestModels;
import io.bitrouter.core.TestRules;
import io.bitrouter.core.control.PolicyDecider.Decision;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.kernel.Refusal;
import io.bitrouter.core.kernel.RefusalCode;
import io.bitrouter.core.policy.Policy;
import io.bitrouter.core.policy.PolicySpec;
import io.bitrouter.core.policy.Principal;
import io.bitrouter.core.snapshot.NamespaceSnapshot;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a namespace's rules may come to, so that no request is judged for long. */
class PolicyDeciderTest {

  private static final PolicyCommand.Terms OPERATORS =
      new PolicyCommand.Terms(true, Optional.empty(), unused -> true);
  private static final PolicySpec RATE = TestRules.requests(60, 5);

  private final PolicyDecider decider = new PolicyDecider(1, new Random(7));
  private final TestRules rules = new TestRules();

  @Test
  void aNamespaceFullOfItsOwnPoliciesDoesNotKeepAnOperatorFromLockingOne() {
    for (int i = 0; i < PolicyDecider.MOST_POLICIES; i++) {
      rules.add(RATE, OptionalLong.empty());
    }
    NamespaceSnapshot now = rules.snapshot();
    assertThat(refused(create(now, RATE, Optional.empty(), PolicyCommand.Terms.ANY)).code())
        .isEqualTo(RefusalCode.CONFLICT);
    assertThat(done(create(now, RATE, Optional.of(TestRules.whole()), OPERATORS)).policy().locked())
        .isTrue();
  }

  @Test
  void onePrincipalHasABoundedNumberOfPolicies() {
    for (int i = 0; i < PolicyDecider.MOST_BOUND; i++) {
      rules.bind(RATE, TestRules.whole());
    }
    Policy free = rules.add(RATE, OptionalLong.empty());
    NamespaceSnapshot now = rules.snapshot();
    Optional<Principal> whole = Optional.of(TestRules.whole());
    assertThat(refused(create(now, RATE, whole, PolicyCommand.Terms.ANY)).message())
        .contains("at most 100 policies can be bound to one principal");
    assertThat(refused(bind(now, free, TestRules.whole())).code()).isEqualTo(RefusalCode.CONFLICT);
    done(bind(now, free, Principal.of(TestRules.key("a").id())));
    done(create(now, RATE, whole, OPERATORS));
  }

  @Test
  void theNamesInAllGuardrailsOfANamespaceAreBounded() {
    for (int i = 0; i < 9; i++) {
      rules.add(names(1_000), OptionalLong.empty());
    }
    Policy small = rules.add(names(1), OptionalLong.empty());
    NamespaceSnapshot now = rules.snapshot();
    assertThat(
            refused(create(now, names(1_000), Optional.empty(), PolicyCommand.Terms.ANY)).message())
        .contains("at most 10000 names in all");
    done(create(now, names(999), Optional.empty(), PolicyCommand.Terms.ANY));
    done(update(now, small, names(1_000)));
    rules.add(names(999), OptionalLong.empty());
    assertThat(refused(update(rules.snapshot(), small, names(2))).code())
        .isEqualTo(RefusalCode.CONFLICT);
    done(update(rules.snapshot(), small, names(0)));
  }

  private Outcome<Decision> create(
      NamespaceSnapshot now, PolicySpec spec, Optional<Principal> bind, PolicyCommand.Terms terms) {
    return decider.decide(now, new PolicyCommand.Create("p", spec, bind), terms);
  }

  private Outcome<Decision> bind(NamespaceSnapshot now, Policy policy, Principal to) {
    return decider.decide(now, new PolicyCommand.Bind(policy.id(), to), PolicyCommand.Terms.ANY);
  }

  private Outcome<Decision> update(NamespaceSnapshot now, Policy policy, PolicySpec spec) {
    return decider.decide(
        now,
        new PolicyCommand.Update(policy.id(), Optional.empty(), unused -> Outcome.done(spec)),
        PolicyCommand.Terms.ANY);
  }

  private static PolicySpec names(int count) {
    return new TestModels.Rule()
        .models(Optional.of(List.copyOf(Collections.nCopies(count, "m"))), Optional.empty());
  }

  private static Decision done(Outcome<Decision> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return ((Outcome.Done<Decision>) outcome).value();
  }

  private static Refusal refused(Outcome<Decision> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    return ((Outcome.Refused<Decision>) outcome).refusal();
  }
}

package io.bitrouter.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.core.TestModels;
import io.bitrouter.core.TestRules;
import io.bitrouter.core.catalog.Target;
import io.bitrouter.core.credential.KeyRecord;
import io.bitrouter.core.exchange.AskedRequest;
import io.bitrouter.core.exchange.Elsewhere;
import io.bitrouter.core.kernel.Outcome;
import io.bitrouter.core.policy.GuardrailRules.Passed;
import io.bitrouter.core.policy.PolicySpec.Guardrail;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is told how much a guardrail allows. */
class GuardrailAmountsTest {

  private static final KeyRecord KEY = TestRules.key("key");
  private static final List<Target> TARGETS = List.of(TestModels.target("sim", "fast", "fast"));
  private static final AskedRequest LARGE =
      new AskedRequest(
          "fast",
          false,
          OptionalLong.of(9_000),
          1,
          40_000,
          Set.of("text"),
          List.of(),
          0,
          0,
          false,
          Elsewhere.NOTHING,
          List.of(),
          List.of());

  /** A limit of the namespace was told to keys that may not read policies. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void amountsAreToldOnlyToWhomTheyConcern(boolean input) {
    Guardrail rail =
        input ? new TestModels.Rule().maxInput(7_777) : new TestModels.Rule().maxOutput(7_777);
    Principal own = Principal.of(KEY.id());
    assertThat(told(rail, own, false)).contains("7777");
    assertThat(told(rail, TestRules.whole(), true)).contains("7777");
    assertThat(told(rail, TestRules.whole(), false))
        .contains("'p1' allows fewer " + (input ? "input" : "output") + " tokens")
        .doesNotContain("7777");
  }

  private static String told(Guardrail rail, Principal bound, boolean readsPolicies) {
    TestRules rules = new TestRules();
    rules.bind(rail, bound);
    Outcome<Passed> outcome =
        rules
            .effective(KEY)
            .guardrails()
            .judge(LARGE, TARGETS, source -> source.tellsAmounts(KEY, readsPolicies));
    return ((Outcome.Refused<Passed>) outcome).refusal().message();
  }
}

package io.bitrouter.it.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.rules.BudgetJudgement.End;
import io.bitrouter.it.rules.BudgetJudgement.Fault;
import io.bitrouter.it.rules.BudgetJudgement.Refused;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What bursts and agent sessions are judged by reports each fault that is planted, and no other.
 */
final class BudgetBurstCanFailTest {

  private static final BudgetJudgement STRICT = new BudgetJudgement(20_000, 0, 90);
  private static final BudgetJudgement METERED = new BudgetJudgement(20_000, 4_096, 90);
  private static final Refused SPENT = new Refused(402, "budget_exceeded", 19_890);
  private static final End FULL = new End(19_890, 19_890, 0);

  @Test
  void aGoodBurstHasNoFault() {
    assertThat(STRICT.faults(List.of(SPENT, SPENT), FULL)).isEmpty();
    assertThat(METERED.faults(List.of(SPENT), new End(24_096, 24_096, 0))).isEmpty();
  }

  @Test
  void seesAnOverspendOfOneMicroUsd() {
    assertOnly(Fault.OVERSPENT, STRICT.faults(List.of(SPENT), new End(20_001, 20_001, 0)));
    assertOnly(Fault.OVERSPENT, METERED.faults(List.of(SPENT), new End(24_097, 24_097, 0)));
  }

  @Test
  void seesOneEarlyRefusalAmongGoodOnes() {
    Refused early = new Refused(402, "budget_exceeded", 17_999);

    assertOnly(Fault.REFUSED_EARLY, STRICT.faults(List.of(SPENT, early, SPENT), FULL));
  }

  @Test
  void seesOneRefusalForMoneyThatOthersOnlyHold() {
    Refused contended = new Refused(429, "budget_contended", 19_890);

    assertOnly(Fault.FALSELY_REFUSED, STRICT.faults(List.of(SPENT, contended), FULL));
  }

  @Test
  void seesAnAnswerThatWasCut() {
    Refused cut = new Refused(200, "cut", 19_890);

    assertOnly(Fault.FALSELY_REFUSED, STRICT.faults(List.of(cut), FULL));
  }

  @Test
  void seesABurstThatProvedNothing() {
    assertOnly(Fault.NOBODY_REFUSED, STRICT.faults(List.of(), FULL));
  }

  @Test
  void seesSpendThatTheBudgetDoesNotKnow() {
    assertOnly(Fault.OTHER_THAN_BILLED, STRICT.faults(List.of(SPENT), new End(19_891, 19_890, 0)));
  }

  @Test
  void seesMoneyThatNobodyGaveBack() {
    assertOnly(Fault.STILL_RESERVED, STRICT.faults(List.of(SPENT), new End(19_890, 19_890, 1)));
  }

  private static void assertOnly(Fault fault, List<Fault> found) {
    assertThat(found).containsExactly(fault);
  }
}

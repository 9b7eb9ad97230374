package io.bitrouter.it.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitrouter.it.kill.Books.Row;
import io.bitrouter.it.kill.Budgets.Kind;
import io.bitrouter.it.kill.Budgets.Standing;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What budgets say after a crash is compared: each kind of fault planted once, and reported. */
class BudgetsCanFailTest {

  private static final Row DONE = row("req_1", "computed", 15_500);

  /** 100 bytes reckoned as 114 tokens and 7,000 of output. */
  private static final Row OPEN = row("req_2", "indeterminate", 114 * 500 + 7_000 * 1_000);

  private static final long SUM = (DONE.chargeNanoUsd() + OPEN.chargeNanoUsd()) / 1_000;

  @Test
  void goodBooksHaveNoFault() {
    assertThat(faults(SUM, 0, OPEN, Set.of("req_2"))).isEmpty();
  }

  @Test
  void seesABudgetThatLostOneMicroUsd() {
    assertThat(faults(SUM - 1, 0, OPEN, Set.of("req_2")))
        .containsExactly(Kind.SETTLED_OTHER_THAN_ROWS + " a budget");
  }

  @Test
  void seesMoneyThatNobodyGaveBack() {
    assertThat(faults(SUM, 1, OPEN, Set.of("req_2")))
        .containsExactly(Kind.STILL_RESERVED + " a budget");
  }

  @Test
  void seesAnOpenRequestThatIsChargedAnythingButWhatItHeld() {
    Row less = row("req_2", "indeterminate", OPEN.chargeNanoUsd() - 1_000);

    assertThat(faults(SUM - 1, 0, less, Set.of("req_2")))
        .containsExactly(Kind.OTHER_THAN_HELD + " req_2");
  }

  @Test
  void seesAnOpenRequestThatIsNotListed() {
    assertThat(faults(SUM, 0, OPEN, Set.of())).containsExactly(Kind.LISTED_OTHERS + " req_2");
  }

  @Test
  void seesOneListedThatIsNotOpen() {
    Set<String> listed = new HashSet<>(Set.of("req_1", "req_2"));

    assertThat(faults(SUM, 0, OPEN, listed)).containsExactly(Kind.LISTED_OTHERS + " req_1");
  }

  private static Stream<String> faults(long settled, long reserved, Row open, Set<String> listed) {
    return Budgets.faults(
            List.of(new Standing("a budget", settled, reserved)),
            List.of(DONE, open),
            listed,
            unused -> false)
        .stream()
        .map(fault -> fault.kind() + " " + fault.subject());
  }

  private static Row row(String id, String chargeState, long nanoUsd) {
    return new Row(id, "", 7_000, 100, false, "succeeded", chargeState, nanoUsd, nanoUsd / 1_000);
  }
}

package io.bitrouter.core.admission;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitrouter.core.Seeds;
import io.bitrouter.core.admission.HoleyLedger.Hole;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrictLedgerCanFailTest {

  @Test
  void aPlainLedgerWithoutAHoleIsLawful() {
    Seeds.check(3, random -> check(random, Hole.NONE));
  }

  @ParameterizedTest
  @CsvSource({
    "LOCK_OFF,over the limit",
    "REFUND_DROPPED,is still held",
    "ANCESTOR_SKIPPED,is not the fold",
    "REFUSED_COUNTED,counted were",
    "FRACTIONS_SHARED,rows add up to",
  })
  void aHoleIsFound(Hole hole, String report) {
    assertThatThrownBy(() -> Seeds.check(20, random -> check(random, hole)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(report);
  }

  private static void check(java.util.random.RandomGenerator random, Hole hole)
      throws InterruptedException {
    StrictLaw.check(random, 16, 500, clock -> new HoleyLedger(clock, hole));
  }
}

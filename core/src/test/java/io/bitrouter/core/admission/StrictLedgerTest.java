package io.bitrouter.core.admission;

import io.bitrouter.core.Seeds;
import org.junit.jupiter.api.Test;

class StrictLedgerTest {

  @Test
  void strictBudgetsAreNeverPassedAndEveryFigureIsTheFold() {
    Seeds.check(20, 1_000, random -> StrictLaw.check(random, 64, 10_000, RealLedger::new));
  }
}

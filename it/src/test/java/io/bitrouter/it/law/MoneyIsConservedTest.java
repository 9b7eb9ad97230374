package io.bitrouter.it.law;

import io.bitrouter.core.admission.KeyTotals;
import io.bitrouter.testkit.SeededLoop;
import org.junit.jupiter.api.Test;

class MoneyIsConservedTest {

  @Test
  void pricesAreExactAndRowsAddUp() {
    SeededLoop.of("money is conserved")
        .seeds(200)
        .run(walk -> MoneyLaw.check(walk, KeyTotals::book));
  }
}

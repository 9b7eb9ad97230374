package io.bitrouter.it.law;

import io.bitrouter.testkit.SeededLoop;
import org.junit.jupiter.api.Test;

class MoneyIsConservedTest {

  @Test
  void pricesAreExactAndRowsAddUp() {
    SeededLoop.of("money is conserved")
        .seeds(200)
        .run(
            walk -> MoneyLaw.check(walk, (admission, key, nanos) -> admission.book(key, 0, nanos)));
  }
}

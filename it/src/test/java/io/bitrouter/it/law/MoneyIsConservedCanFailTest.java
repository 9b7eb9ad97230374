package io.bitrouter.it.law;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitrouter.testkit.SeededLoop;
import org.junit.jupiter.api.Test;

class MoneyIsConservedCanFailTest {

  @Test
  void rowsThatDropTheirFractionsAreFound() {
    assertThatThrownBy(() ->
            SeededLoop.of("money is conserved, with fractions dropped")
                .seeds(5)
                .run(walk -> MoneyLaw.check(walk, (admission, key, nanos) -> nanos / 1_000)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("add up to");
  }
}

package io.bitrouter.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KindTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0.0, 0",
    "1, 1000000",
    "2.50, 2500000",
    "0.000001, 1",
    "0.1, 100000",
    "0.07, 70000",
    "0.123456, 123456",
    "0.12345600, 123456",
    "1000, 1000000000",
    "999.999999, 999999999",
    "007, 7000000"
  })
  void aPriceIsExact(String text, long pico) {
    assertThat(Kind.USD_PER_MILLION.read(text)).contains(pico);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ".",
        "1.",
        ".5",
        "-1",
        "+1",
        "1e2",
        "1,5",
        "1_000",
        "0x1",
        "NaN",
        "1000.000001",
        "1001",
        "99999999999999999999",
        "0.0000001",
        "1.2.3",
        "١",
        "$1",
        " 1"
      })
  void whatIsNoPriceIsRefused(String text) {
    assertThat(Kind.USD_PER_MILLION.read(text)).isEmpty();
  }

  @Test
  void agreesWithDecimalArithmetic() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(4356);
    for (int i = 0; i < 20_000; i++) {
      BigDecimal dollars = BigDecimal.valueOf(random.nextLong(1_000_000_001L), random.nextInt(7));
      if (dollars.compareTo(BigDecimal.valueOf(1_000)) <= 0) {
        assertThat(Kind.USD_PER_MILLION.read(dollars.toPlainString()))
            .contains(dollars.movePointRight(6).longValueExact());
      }
    }
  }
}

package io.bitrouter.core.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MoneyTest {

  @Test
  void aFractionOfANanoDollarCountsAsAWholeOne() {
    assertThat(Money.picoToNanoRoundedUp(0)).isZero();
    assertThat(Money.picoToNanoRoundedUp(1)).isEqualTo(1);
    assertThat(Money.picoToNanoRoundedUp(1_000)).isEqualTo(1);
    assertThat(Money.picoToNanoRoundedUp(1_001)).isEqualTo(2);
  }

  @Test
  void anOverflowIsAnErrorAndNotASmallNumber() {
    assertThatThrownBy(() -> Money.pico(Long.MAX_VALUE, 2)).isInstanceOf(ArithmeticException.class);
  }

  @Test
  void dollarsAreWrittenExactly() {
    assertThat(Money.usdText(0)).isEqualTo("0.0");
    assertThat(Money.usdText(42_500)).isEqualTo("0.0000425");
    assertThat(Money.usdText(1_000_000_000)).isEqualTo("1.0");
    assertThat(Money.usdText(12_345_678_901L)).isEqualTo("12.345678901");
  }
}

package io.bitrouter.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextsTest {
  @ParameterizedTest
  @CsvSource({
    "0,$0.00",
    "1,$0.000001",
    "420000,$0.42",
    "400000,$0.40",
    "1000000,$1.00",
    "123456789,$123.456789",
    "-1500000,-$1.50",
    "9000000000000000,$9000000000.00",
    "9223372036854775807,$9223372036854.775807",
    "-9223372036854775808,-$9223372036854.775808",
  })
  void moneyIsExact(long microUsd, String shown) {
    assertThat(Texts.money(microUsd)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource({
    "$5,5000000",
    "$0.02,20000",
    "$0.000001,1",
    "$0,0",
    "$9000000000.00,9000000000000000",
    "$9999999999.999999,9999999999999999",
  })
  void amountsAreExact(String typed, long microUsd) {
    assertThat(Money.of(typed)).isEqualTo(new Money(microUsd));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"5", "0", "10", "", "$", ".50", "$.5", "$5.", "$-5", "$1e3", "$0.0000001", "$5 "})
  void whatAShellMayHaveEatenIsNoAmount(String typed) {
    assertThatThrownBy(() -> Money.of(typed)).hasMessageContaining("is not an amount such as '$5'");
  }

  @ParameterizedTest
  @CsvSource({"30d,P30D", "12h,PT12H", "90m,PT90M", "45s,PT45S", "4w,P28D"})
  void spans(String text, String duration) {
    assertThat(Texts.span(text)).isEqualTo(Duration.parse(duration));
  }

  @Test
  void theReferenceIsUpToDate() throws IOException {
    assertThat(Files.readString(Path.of("../docs/cli.md")))
        .as("run io.bitrouter.cli.DocsMain docs/cli.md")
        .isEqualTo(DocsMain.reference());
  }
}

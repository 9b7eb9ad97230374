package io.bitrouter.wire.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Rfc3339Test {
  @ParameterizedTest
  @CsvSource({
    "2026-05-01T00:00:00Z,2026-05-01T00:00:00Z",
    "2026-05-01T00:00:00.5Z,2026-05-01T00:00:00.500Z",
    "2026-05-01T00:00:00.000999Z,2026-05-01T00:00:00Z",
    "2026-05-01T01:30:00.123456789+05:30,2026-04-30T20:00:00.123Z",
    "2026-05-01t00:00:00z,2026-05-01T00:00:00Z",
    "2026-04-30T20:30:00-03:30,2026-05-01T00:00:00Z",
    "1969-12-31T23:59:59.999Z,1969-12-31T23:59:59.999Z",
  })
  void isReadAndWritten(String text, String written) {
    assertThat(Rfc3339.format(Rfc3339.parse(text))).isEqualTo(written);
  }

  @Test
  void agreesWithTheJdk() {
    for (long second = -62_135_596_800L; second < 253_402_300_800L; second += 7_654_321_987L) {
      Instant time = Instant.ofEpochSecond(second, 123_000_000);
      assertThat(Rfc3339.format(time)).isEqualTo(time.toString());
      assertThat(Rfc3339.parse(time.toString())).isEqualTo(time);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2026-05-01",
        "2026-05-01T00:00:00",
        "2026-05-01T00:00:00.Z",
        "2026-05-01T00:00:00.1234567890Z",
        "2026-13-01T00:00:00Z",
        "2026-02-30T00:00:00Z",
        "2026-05-01T24:00:00Z",
        "2026-05-01T00:00:00Zx",
        "2026-05-01T00:00:00+0100",
        "2026-05-01T00:00:00+19:00",
        "20260501T000000Z",
        "２026-05-01T00:00:00Z",
      })
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> Rfc3339.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not an RFC 3339 time such as 2026-05-01T00:00:00Z");
  }
}

package io.bitrouter.core.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class UlidTest {

  @Test
  void theTextFormReadsBackAndSortsByTime() {
    Random random = new Random(7);
    for (int i = 0; i < 1_000; i++) {
      Ulid earlier = Ulid.next(1_700_000_000_000_000L + i * 1_000L, random);
      Ulid later = Ulid.next(1_700_000_000_001_000L + i * 1_000L, random);
      assertThat(Ulid.parse(earlier.toString())).contains(earlier);
      assertThat(earlier.toString()).hasSize(26).isLessThan(later.toString());
      assertThat(earlier).isLessThan(later);
    }
  }

  @Test
  void theTimePartIsTheMomentInMilliseconds() {
    assertThat(Ulid.next(1_763_800_000_123_456L, new Random(1)).epochMicros())
        .isEqualTo(1_763_800_000_123_000L);
  }

  @Test
  void otherTextIsNotAnId() {
    assertThat(Ulid.parse("01jxyz")).isEmpty();
    assertThat(Ulid.parse("8zzzzzzzzzzzzzzzzzzzzzzzzz")).as("over 128 bits").isEmpty();
    assertThat(Ulid.parse("01JXYZ0000000000000000000A")).as("upper case").isEmpty();
    assertThat(Ulid.parse("01jxyz000000000000000000il")).as("letters left out").isEmpty();
  }
}

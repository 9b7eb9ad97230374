package io.bitrouter.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SeededLoopTest {

  @Test
  void triesAsManySeedsAsAsked() {
    Set<Long> seeds = new HashSet<>();

    SeededLoop.of("different seeds").seeds(50).run(walk -> seeds.add(walk.seed()));

    assertThat(seeds).hasSizeGreaterThanOrEqualTo(50);
  }

  @Test
  void aFailureNamesSeedAndStepAndIsRepeatedByThem() {
    AtomicLong failed = new AtomicLong();
    SeededLoop.Property small =
        walk -> {
          for (int i = 0; i < 10; i++) {
            int number = walk.below(1_000);
            walk.step("drew " + number);
            failed.set(walk.seed());
            assertThat(number).isLessThan(900);
          }
        };

    assertThatThrownBy(() -> SeededLoop.of("small numbers").seeds(500).run(small))
        .hasMessageContaining("'small numbers' fails with seed " + failed.get() + " at step ")
        .hasMessageContaining("drew 9")
        .hasMessageContaining("-Dbitrouter.seed=" + failed.get());
    assertThatThrownBy(() -> SeededLoop.of("small numbers").replay(failed.get(), small))
        .hasMessageContaining("with seed " + failed.get());
  }
}
